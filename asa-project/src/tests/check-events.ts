/** Holds what became of events (dropped, adjusted) against what is expected. */
import type { MessageFailure } from './case-result.ts';
import type { PreparedEvent } from './prepare-events.ts';
import type { EventFate } from './run-events.ts';
import type { EventsExpectation, Expectations, ExpectedEvent, Place } from './test-case.ts';
import { clockText, isoText } from './time-text.ts';

interface Happened {
  readonly event: PreparedEvent;
  readonly fate: EventFate;
}

export function checkEvents(
  expect: Expectations,
  events: readonly PreparedEvent[],
  fates: readonly EventFate[],
  startMs: number,
  place: Place,
): readonly MessageFailure[] {
  const all = events.map((event, index) => ({ event, fate: fates[index] as EventFate }));
  const dropped = all.filter(({ fate }) => fate.dropped !== null);
  const adjusted = all.filter(({ fate }) => fate.adjusted !== null);
  const told = (happened: Happened) => textOf(happened, startMs);
  const failures: MessageFailure[] = [];
  if (expect.dropped !== null) failures.push(...checkOne(expect.dropped, 'dropped', dropped, told));
  else if (dropped.length > 0)
    failures.push({
      kind: 'message',
      place,
      message: `${countText(dropped.length)} dropped, and the case does not expect it. If it is meant so, write 'dropped: ${dropped.length}' below expect.`,
      details: shortened(dropped.map(told)),
    });
  if (expect.adjusted !== null) failures.push(...checkOne(expect.adjusted, 'adjusted', adjusted, told));
  return failures;
}

function checkOne(
  expected: EventsExpectation,
  what: 'dropped' | 'adjusted',
  happened: readonly Happened[],
  told: (happened: Happened) => string,
): readonly MessageFailure[] {
  if (expected.events === null) {
    if (expected.count === happened.length) return [];
    const message = `${countText(happened.length)} ${what}, ${expected.count} ${expected.count === 1 ? 'is' : 'are'} expected.`;
    return [{ kind: 'message', place: expected.place, message, details: shortened(happened.map(told)) }];
  }
  const left = new Set(happened);
  const failures: MessageFailure[] = [];
  for (const wanted of expected.events) {
    const found = [...left].find(({ event }) => isMeant(wanted, event));
    if (found !== undefined) left.delete(found);
    const problem = found === undefined ? `Event ${wanted.row} was not ${what}.` : mismatch(wanted, found);
    if (problem !== null)
      failures.push({
        kind: 'message',
        place: wanted.place,
        message: problem,
        details: found === undefined ? [] : [told(found)],
      });
  }
  if (left.size > 0) {
    const message = `${countText(left.size)} ${what} that ${left.size === 1 ? 'is' : 'are'} not expected.`;
    failures.push({ kind: 'message', place: expected.place, message, details: shortened([...left].map(told)) });
  }
  return failures;
}

function isMeant(wanted: ExpectedEvent, event: PreparedEvent): boolean {
  return wanted.row === event.row && (wanted.input === null || wanted.input.toLowerCase() === event.input.toLowerCase());
}

function mismatch(wanted: ExpectedEvent, { fate }: Happened): string | null {
  const reason = fate.dropped?.reason ?? fate.adjusted;
  if (wanted.reason !== null && wanted.reason !== reason)
    return `Event ${wanted.row}: the reason is ${reason}, not ${wanted.reason}.`;
  if (wanted.timestampMs !== null && wanted.timestampMs !== fate.timestampMs)
    return `Event ${wanted.row}: the timestamp is ${fate.timestampMs === null ? 'none' : isoText(fate.timestampMs)}, not ${isoText(wanted.timestampMs)}.`;
  return null;
}

function textOf({ event, fate }: Happened, startMs: number): string {
  const where = event.place === null ? '' : `, line ${event.place.line}`;
  const arrived = `arrived ${clockText(event.arrivalTimeMs, startMs)}`;
  const own = fate.eventTimeMs === null ? '' : `of ${clockText(fate.eventTimeMs, startMs)}, `;
  const fateText =
    fate.dropped !== null
      ? `${fate.dropped.reason}: ${fate.dropped.message}`
      : `${fate.adjusted === 'late' ? 'late' : 'out of order'}: its timestamp became ${clockText(fate.timestampMs ?? 0, startMs)}`;
  return `event ${event.row} of ${event.input} (${own}${arrived}${where}): ${fateText}`;
}

function countText(count: number): string {
  return count === 0 ? 'No event was' : count === 1 ? '1 event was' : `${count} events were`;
}

function shortened(lines: readonly string[]): readonly string[] {
  return lines.length > 8 ? [...lines.slice(0, 8), `… and ${lines.length - 8} more`] : lines;
}
