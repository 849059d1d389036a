// The key figures: from sections to text, and the sentence that a screen reader says about them.
import type { Range, Sections } from '../protocol/index.ts';
import { formatClock, formatCount, formatShare, formatWatchTime, NO_FIGURE } from './format.ts';

export interface KeyFigure {
  key: 'viewers' | 'titles' | 'watch-time' | 'completion' | 'buffering' | 'alerts';
  label: string;
  value: string;
  /** What the figure covers. */
  note: string;
  /** Change against the window before: up, down, same, or null where it cannot be told. */
  trend: { direction: 'up' | 'down' | 'same'; text: string } | null;
}

const nothing = 'no data';

function viewersTrend(now: Sections['now']): KeyFigure['trend'] {
  if (!now || now.previousViewers === null) return null;
  const change = now.viewers - now.previousViewers;
  if (change === 0) return { direction: 'same', text: 'unchanged' };
  return { direction: change > 0 ? 'up' : 'down', text: formatCount(Math.abs(change)) };
}

/** What a sum over the range covers: a pipeline that runs for two minutes has no hour to sum up. */
function coverageNote(minutes: number, range: Range): string {
  const isWhole = minutes * 60_000 >= range.spanMs * 0.95;
  return isWhole ? range.label.toLowerCase() : `${minutes} ${minutes === 1 ? 'minute' : 'minutes'} of data`;
}

/** The key figures of the sections; with null, what stands there before the first snapshot. */
export function keyFigures(sections: Sections | null, range: Range): KeyFigure[] {
  const now = sections?.now ?? null;
  const totals = sections?.totals ?? null;
  const alerts = sections?.alerts ?? null;
  const nowNote = now ? `10 s to ${formatClock(now.windowEndMs)}` : nothing;
  const rangeNote = totals ? coverageNote(totals.minutes, range) : nothing;
  return [
    {
      key: 'viewers',
      label: 'Active viewers',
      value: formatCount(now?.viewers ?? null),
      note: nowNote,
      trend: viewersTrend(now),
    },
    { key: 'titles', label: 'Titles being watched', value: formatCount(now?.titles ?? null), note: nowNote, trend: null },
    {
      key: 'watch-time',
      label: 'Watch time',
      value: totals ? formatWatchTime(totals.watchSeconds) : NO_FIGURE,
      note: rangeNote,
      trend: null,
    },
    {
      key: 'completion',
      label: 'Completion rate',
      value: totals ? formatShare(totals.completions, totals.endings) : NO_FIGURE,
      note: totals ? 'of viewings that ended' : nothing,
      trend: null,
    },
    {
      key: 'buffering',
      label: 'Buffer rate',
      value: totals ? formatShare(totals.bufferEvents, totals.events) : NO_FIGURE,
      note: totals ? 'of playback events' : nothing,
      trend: null,
    },
    {
      key: 'alerts',
      label: 'Quality alerts',
      // A range without alerts but with other figures has none: that is a figure, not a gap.
      value: alerts ? formatCount(alerts.alerts) : totals ? '0' : NO_FIGURE,
      note: alerts || totals ? 'sessions stalled over 5 s' : nothing,
      trend: null,
    },
  ];
}

/** One sentence with all figures that are known, for the polite live region. */
export function spokenFigures(figures: readonly KeyFigure[]): string {
  const known = figures.filter((figure) => figure.value !== NO_FIGURE);
  return known.length === 0 ? 'No figures yet.' : `${known.map((figure) => `${figure.label}: ${figure.value}`).join('. ')}.`;
}
