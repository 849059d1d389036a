// How long people stay with each title: median and mean of the viewings that ended within five minutes.
import { formatClock, formatCount, formatLength } from '../../model/format.ts';
import { emptyReason } from '../../model/standing.ts';
import { element } from '../../page/element.ts';
import type { TitleWatchTime } from '../../protocol/index.ts';
import { DataTable } from '../data-table.ts';
import { type Panel, panelFrame } from '../panel.ts';

interface Row {
  title: TitleWatchTime;
  longestMedian: number;
}

export function createWatchTimePanel(): Panel {
  const frame = panelFrame('watch-time', 'Watch time by title');
  const table = new DataTable<Row>('Watch time by title, longest median first', [
    { header: 'Title', isRowHeader: true, cell: ({ title }) => ({ text: title.title }) },
    {
      header: 'Median',
      numeric: true,
      cell: ({ title, longestMedian }) => ({
        text: formatLength(title.medianSeconds),
        bar: (title.medianSeconds ?? 0) / longestMedian,
      }),
    },
    { header: 'Average', numeric: true, cell: ({ title }) => ({ text: formatLength(title.averageSeconds) }) },
    { header: 'Longest', numeric: true, isMinor: true, cell: ({ title }) => ({ text: formatLength(title.maxSeconds) }) },
    { header: 'Viewings', numeric: true, cell: ({ title }) => ({ text: formatCount(title.viewings) }) },
  ]);
  frame.body.append(
    element(
      'div',
      { class: 'table-scroll', tabindex: '0', role: 'region', 'aria-label': 'Watch time by title, scrollable' },
      table.root,
    ),
  );
  return {
    root: frame.root,
    parts: ['watchTime', 'range'],
    render: (model) => {
      const section = model.sections?.watchTime ?? null;
      frame.setEmpty(section ? null : emptyReason(model, 5_000));
      frame.setNote(section ? `viewings that ended in 5 minutes, to ${formatClock(section.newestMs)}` : '');
      if (!section) return;
      const longestMedian = section.titles.reduce((longest, title) => Math.max(longest, title.medianSeconds ?? 0), 1);
      table.update(section.titles.map((title) => ({ title, longestMedian })));
    },
  };
}
