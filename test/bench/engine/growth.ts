/** How the cost of an event grows with ten times the events, the keys and the windows: one run of each, on one core. */
import { type EventsFileOptions, writeEventsFile } from './events-file.ts';
import { measure } from './measure-process.ts';
import type { Measured } from './subject.ts';
import { table } from './tables.ts';

const perUser = (windows: string) =>
  `SELECT user_id, COUNT(*) AS events, COUNT(DISTINCT content_id) AS titles, SUM(duration_seconds) AS seconds
INTO out FROM [eventhub-input] TIMESTAMP BY [timestamp] GROUP BY user_id, ${windows}`;

interface Point {
  readonly query: string;
  readonly file: EventsFileOptions;
}

/** Each: a point, and the same with ten times as much of one thing. */
function cases(events: number): readonly { readonly name: string; readonly one: Point; readonly ten: Point }[] {
  const file = { events, users: 1000, eventsPerSecond: 1000 };
  const tumbling = perUser('TumblingWindow(minute, 1)');
  const hopping = (hopSeconds: number) => perUser(`HoppingWindow(second, 60, ${hopSeconds})`);
  const sliding = (sizeSeconds: number) => perUser(`SlidingWindow(second, ${sizeSeconds})`);
  return [
    { name: 'events', one: { query: tumbling, file: { ...file, events: events / 10 } }, ten: { query: tumbling, file } },
    { name: 'keys', one: { query: tumbling, file }, ten: { query: tumbling, file: { ...file, users: 10_000 } } },
    { name: 'windows open at a time', one: { query: hopping(20), file }, ten: { query: hopping(2), file } },
    { name: 'rows in a sliding window', one: { query: sliding(12), file }, ten: { query: sliding(120), file } },
  ];
}

function measured({ query, file: options }: Point): Measured {
  const file = writeEventsFile(options);
  try {
    return measure({ kind: 'asaql', query, cores: 1 }, file.path);
  } finally {
    file.remove();
  }
}

export function growth(events: number): string {
  const rows = cases(events).map(({ name, one, ten }) => {
    const [before, after] = [measured(one), measured(ten)];
    const perEventUs = ({ seconds }: Measured, { file }: Point) => (seconds * 1e6) / file.events;
    return [
      name,
      `${perEventUs(before, one).toFixed(2)} → ${perEventUs(after, ten).toFixed(2)}`,
      `${before.rows} → ${after.rows}`,
      `${Math.round(before.peakBytes / 1e6)} → ${Math.round(after.peakBytes / 1e6)}`,
    ];
  });
  return table(['ten times as many', 'µs an event', 'rows', 'MB'], rows);
}
