// The ten titles with the highest trending score, and how they moved since the minute before.
import { formatClockMinute, formatCount, formatDecimal, formatShare } from '../../model/format.ts';
import { movementOf } from '../../model/spoken-charts.ts';
import { emptyReason } from '../../model/standing.ts';
import type { TrendingTitle } from '../../protocol/index.ts';
import { DataTable } from '../data-table.ts';
import { type Panel, panelFrame } from '../panel.ts';

const titlesShown = 10;
const arrows = { up: '▲', down: '▼', new: '', same: '' };

interface Row {
  title: TrendingTitle;
  hasPrevious: boolean;
  bestScore: number;
}

export function createTrendingPanel(): Panel {
  const frame = panelFrame('trending', 'Trending');
  const table = new DataTable<Row>('Trending titles, best first', [
    { header: '#', numeric: true, cell: (row) => ({ text: String(row.title.rank), tone: 'rank' }) },
    {
      header: 'Move',
      cell: ({ title, hasPrevious }) => {
        const movement = movementOf(title, hasPrevious);
        return {
          text: `${arrows[movement.direction]} ${movement.text}`.trim(),
          spoken: movement.spoken,
          tone: `move move-${movement.direction}`,
        };
      },
    },
    {
      header: 'Title',
      isRowHeader: true,
      cell: ({ title, bestScore }) => ({ text: title.title, bar: title.score / Math.max(1, bestScore), tone: 'title' }),
    },
    { header: 'Score', numeric: true, cell: ({ title }) => ({ text: formatDecimal(title.score) }) },
    { header: 'Viewers', numeric: true, isMinor: true, cell: ({ title }) => ({ text: formatCount(title.viewers) }) },
    { header: 'Done', numeric: true, isMinor: true, cell: ({ title }) => ({ text: formatShare(title.completionRate, 1) }) },
  ]);
  frame.body.append(table.root);
  return {
    root: frame.root,
    parts: ['trending', 'range'],
    render: (model) => {
      const section = model.sections?.trending ?? null;
      frame.setEmpty(section ? null : emptyReason(model, 60_000));
      frame.setNote(section ? `5 minutes to ${formatClockMinute(section.windowEndMs)}` : '');
      if (!section) return;
      const bestScore = section.titles[0]?.score ?? 1;
      table.update(section.titles.slice(0, titlesShown).map((title) => ({ title, hasPrevious: section.hasPrevious, bestScore })));
    },
  };
}
