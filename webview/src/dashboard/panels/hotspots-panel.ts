// Where playback stalls: the worst combinations of title, country, device and resolution of the newest minute.
import '@vscode-elements/elements/dist/vscode-badge/index.js';
import { formatClockMinute, formatCount, formatName, formatSeconds } from '../../model/format.ts';
import { emptyReason } from '../../model/standing.ts';
import { element, setText } from '../../page/element.ts';
import type { BufferHotspot } from '../../protocol/index.ts';
import { DataTable } from '../data-table.ts';
import { type Panel, panelFrame } from '../panel.ts';

interface Row {
  hotspot: BufferHotspot;
  mostEvents: number;
}

export function createHotspotsPanel(): Panel {
  const frame = panelFrame('hotspots', 'Buffering hotspots');
  const badge = element('vscode-badge', { variant: 'counter', 'aria-hidden': 'true' });
  frame.heading.append(' ', badge);
  const table = new DataTable<Row>('Buffering hotspots, worst first', [
    { header: 'Title', isRowHeader: true, cell: ({ hotspot }) => ({ text: hotspot.title }) },
    { header: 'Country', cell: ({ hotspot }) => ({ text: hotspot.country }) },
    { header: 'Device', cell: ({ hotspot }) => ({ text: formatName(hotspot.deviceType) }) },
    { header: 'Quality', isMinor: true, cell: ({ hotspot }) => ({ text: formatName(hotspot.resolution) }) },
    {
      header: 'Stalls',
      numeric: true,
      cell: ({ hotspot, mostEvents }) => ({
        text: formatCount(hotspot.bufferEvents),
        bar: hotspot.bufferEvents / mostEvents,
        tone: 'warm',
      }),
    },
    {
      header: 'Average',
      numeric: true,
      isMinor: true,
      cell: ({ hotspot }) => ({ text: formatSeconds(hotspot.averageBufferMs) }),
    },
    { header: 'Longest', numeric: true, isMinor: true, cell: ({ hotspot }) => ({ text: formatSeconds(hotspot.maxBufferMs) }) },
  ]);
  frame.body.append(table.root);
  return {
    root: frame.root,
    parts: ['hotspots', 'range'],
    render: (model) => {
      const section = model.sections?.hotspots ?? null;
      badge.hidden = !section;
      if (!section) {
        frame.setNote('');
        frame.setEmpty(emptyReason(model, 60_000));
        return;
      }
      setText(badge, formatCount(section.count));
      const more = section.count - section.hotspots.length;
      frame.setNote(
        `1 minute to ${formatClockMinute(section.minuteEndMs)}${more > 0 ? `, ${formatCount(more)} more not shown` : ''}`,
      );
      frame.setEmpty(section.count === 0 ? 'None: no title stalled three times in one place and quality in this minute.' : null);
      const mostEvents = Math.max(1, section.hotspots[0]?.bufferEvents ?? 1);
      table.update(section.hotspots.map((hotspot) => ({ hotspot, mostEvents })));
    },
  };
}
