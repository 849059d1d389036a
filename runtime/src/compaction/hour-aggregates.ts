/**
 * An hour's figures by title, by place and by device: what stands as Parquet under `curated/`. Each event is added once and
 * forgotten, so that an hour of any size fits. Pure.
 */

import type { PlaybackEvent } from '../validation/validate-event.ts';
import type { ParquetColumn } from './parquet-columns.ts';

/** One row of an aggregate table. */
export interface AggregateRow {
  readonly keys: Readonly<Record<string, string | null>>;
  readonly viewers: ReadonlySet<string>;
  readonly events: number;
  readonly starts: number;
  readonly pauses: number;
  readonly stops: number;
  readonly completions: number;
  readonly bufferEvents: number;
  readonly watchSeconds: number;
  readonly bufferedMs: number;
}

type MutableRow = { -readonly [Key in keyof AggregateRow]: AggregateRow[Key] } & { viewers: Set<string> };

interface Dimension {
  readonly name: string;
  readonly keys: readonly string[];
  readonly read: (event: PlaybackEvent) => readonly unknown[];
}

const placeOf = (event: PlaybackEvent) => event.location as Record<string, unknown> | null | undefined;

/** The tables, each a file `NAME.parquet` of its hour. */
export const dimensions: readonly Dimension[] = [
  {
    name: 'by-title',
    keys: ['content_id', 'content_title', 'content_type'],
    read: (event) => [event.content_id, event.content_title, event.content_type],
  },
  {
    name: 'by-place',
    keys: ['country', 'region', 'city'],
    read: (event) => [placeOf(event)?.country, placeOf(event)?.region, placeOf(event)?.city],
  },
  { name: 'by-device', keys: ['device_type'], read: (event) => [event.device_type] },
];

const countOf: Readonly<Record<string, 'starts' | 'pauses' | 'stops' | 'completions' | 'bufferEvents'>> = {
  video_start: 'starts',
  video_pause: 'pauses',
  video_stop: 'stops',
  video_complete: 'completions',
  buffer_event: 'bufferEvents',
};

export class HourAggregates {
  readonly #tables = dimensions.map((dimension) => ({ dimension, rows: new Map<string, MutableRow>() }));

  add(event: PlaybackEvent): void {
    for (const { dimension, rows } of this.#tables) {
      const values = dimension.read(event).map((value) => (typeof value === 'string' ? value : null));
      const key = JSON.stringify(values);
      let row = rows.get(key);
      if (row === undefined) {
        row = emptyRow(Object.fromEntries(dimension.keys.map((name, index) => [name, values[index] ?? null])));
        rows.set(key, row);
      }
      addTo(row, event);
    }
  }

  /** Rows in the order of their keys. */
  tables(): { name: string; columns: readonly ParquetColumn<AggregateRow>[]; rows: AggregateRow[] }[] {
    return this.#tables.map(({ dimension, rows }) => ({
      name: dimension.name,
      columns: columnsOf(dimension),
      rows: [...rows].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, row]) => row),
    }));
  }
}

function emptyRow(keys: Record<string, string | null>): MutableRow {
  const counts = { events: 0, starts: 0, pauses: 0, stops: 0, completions: 0, bufferEvents: 0, watchSeconds: 0, bufferedMs: 0 };
  return { keys, viewers: new Set<string>(), ...counts };
}

function addTo(row: MutableRow, event: PlaybackEvent): void {
  row.events += 1;
  row.viewers.add(event.user_id);
  const count = countOf[event.event_type];
  if (count !== undefined) row[count] += 1;
  // A pause says how far its viewer got, too; only the end of a session is time that was watched and not counted yet.
  if (count === 'stops' || count === 'completions') row.watchSeconds += Number(event.duration_seconds ?? 0);
  if (count === 'bufferEvents') row.bufferedMs += Number(event.buffer_duration_ms ?? 0);
}

function columnsOf(dimension: Dimension): readonly ParquetColumn<AggregateRow>[] {
  const count = (name: string, read: (row: AggregateRow) => number): ParquetColumn<AggregateRow> => ({
    name,
    type: 'INT64',
    value: (row) => BigInt(read(row)),
  });
  return [
    ...dimension.keys.map((name): ParquetColumn<AggregateRow> => ({ name, type: 'STRING', value: (row) => row.keys[name] })),
    count('events', (row) => row.events),
    count('viewers', (row) => row.viewers.size),
    count('starts', (row) => row.starts),
    count('pauses', (row) => row.pauses),
    count('stops', (row) => row.stops),
    count('completions', (row) => row.completions),
    count('buffer_events', (row) => row.bufferEvents),
    { name: 'watch_seconds', type: 'DOUBLE', value: (row) => row.watchSeconds },
    { name: 'buffered_ms', type: 'DOUBLE', value: (row) => row.bufferedMs },
  ];
}
