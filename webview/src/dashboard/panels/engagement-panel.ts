// How engaged people are: one bar in four segments, and the same as a table.
import { formatClockMinute, formatCount, formatDecimal, formatName, formatShare } from '../../model/format.ts';
import { spokenSegments } from '../../model/spoken-charts.ts';
import { emptyReason } from '../../model/standing.ts';
import { element, setAttribute } from '../../page/element.ts';
import type { EngagementSection, SegmentName } from '../../protocol/index.ts';
import { SEGMENT_NAMES } from '../../protocol/index.ts';
import { DataTable } from '../data-table.ts';
import { type Panel, panelFrame } from '../panel.ts';

interface Row {
  name: SegmentName;
  index: number;
  section: EngagementSection;
}

export function createEngagementPanel(): Panel {
  const frame = panelFrame('engagement', 'Engagement');
  const pieces = SEGMENT_NAMES.map((_, index) => element('span', { class: `segment segment-${index + 1}` }));
  const bar = element('div', { class: 'segments', role: 'img', 'aria-label': spokenSegments(null) }, ...pieces);
  const table = new DataTable<Row>('Users by engagement segment', [
    {
      header: 'Segment',
      isRowHeader: true,
      cell: ({ name, index }) => ({ text: formatName(name), tone: `key segment-key-${index + 1}` }),
    },
    { header: 'Users', numeric: true, cell: ({ name, section }) => ({ text: formatCount(section.segments[name]) }) },
    {
      header: 'Share',
      numeric: true,
      cell: ({ name, section }) => ({ text: formatShare(section.segments[name], section.users) }),
    },
  ]);
  frame.body.append(bar, table.root);
  return {
    root: frame.root,
    parts: ['engagement', 'range'],
    render: (model) => {
      const section = model.sections?.engagement ?? null;
      frame.setEmpty(section ? null : emptyReason(model, 60_000));
      frame.setNote(
        section
          ? `${formatCount(section.users)} users, mean score ${formatDecimal(section.averageScore)}, to ${formatClockMinute(section.newestMs)}`
          : '',
      );
      if (!section) return;
      SEGMENT_NAMES.forEach((name, index) => {
        pieces[index]?.style.setProperty('--share', String(section.segments[name] / Math.max(1, section.users)));
      });
      setAttribute(bar, 'aria-label', spokenSegments(section));
      table.update(SEGMENT_NAMES.map((name, index) => ({ name, index, section })));
    },
  };
}
