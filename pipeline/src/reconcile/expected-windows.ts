/**
 * What the tumbling windows of the shipped queries must hold, computed straight from the events: one pass, plain maps, no
 * engine. Written against the queries' words, not against their plan.
 */

export interface WindowEvent {
  readonly timestampMs: number;
  readonly event: Readonly<Record<string, unknown>>;
}

/** Numbers of one document, by column; what is compared with the document of the same id. */
export type ExpectedRow = Readonly<Record<string, number>>;
/** Documents by id, by aggregation type. */
export type ExpectedWindows = ReadonlyMap<string, ReadonlyMap<string, ExpectedRow>>;

type Event = WindowEvent['event'];

interface Group {
  readonly users: Set<string>;
  readonly sums: Record<string, number>;
}

interface WindowRule {
  readonly type: string;
  readonly sizeMs: number;
  readonly hopMs: number;
  readonly prefix: string;
  /** The window's end stands at the end of the id. */
  readonly keys: (event: Event) => readonly unknown[];
  readonly applies: (event: Event) => boolean;
  readonly add: (event: Event, sums: Record<string, number>) => void;
  /** Column of the distinct users. */
  readonly usersColumn: string | null;
  readonly having: (sums: Record<string, number>) => boolean;
}

const eventTypes = new Set<unknown>(['video_start', 'video_pause', 'video_stop', 'video_complete', 'buffer_event']);
const always = () => true;
const isBuffering = (event: Event) => event.event_type === 'buffer_event';
const isEnding = (event: Event) => event.event_type === 'video_stop' || event.event_type === 'video_complete';

/** TRY_CAST(x AS nvarchar(max)), as CONCAT shows it: empty where it is NULL. */
function text(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'boolean') return value ? '1' : '0';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** TRY_CAST(x AS float), 0 where it is NULL. */
function float(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'string' && /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(value) ? Number(value) : 0;
}

/** COALESCE(x, 'unknown'). */
function known(value: unknown): unknown {
  return value ?? 'unknown';
}

function field(event: Event, record: string, name: string): unknown {
  const value = event[record];
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function count(sums: Record<string, number>, column: string, amount = 1): void {
  sums[column] = (sums[column] ?? 0) + amount;
}

function countTypes(
  event: Event,
  sums: Record<string, number>,
  columns: Readonly<Record<string, (event: Event) => boolean>>,
): void {
  for (const [column, applies] of Object.entries(columns)) count(sums, column, applies(event) ? 1 : 0);
}

const isStart = (event: Event) => event.event_type === 'video_start';
const isCompletion = (event: Event) => event.event_type === 'video_complete';

const rules: readonly WindowRule[] = [
  {
    type: 'viewer_count',
    sizeMs: 10_000,
    hopMs: 10_000,
    prefix: 'viewer_count',
    keys: (event) => [event.content_id],
    applies: always,
    add: (_, sums) => count(sums, 'events'),
    usersColumn: 'viewers',
    having: always,
  },
  {
    type: 'trending',
    sizeMs: 300_000,
    hopMs: 60_000,
    prefix: 'trending',
    keys: (event) => [event.content_id],
    applies: always,
    add: (event, sums) => {
      count(sums, 'events');
      countTypes(event, sums, { starts: isStart, completions: isCompletion });
    },
    usersColumn: 'viewers',
    having: always,
  },
  {
    type: 'geo_distribution',
    sizeMs: 30_000,
    hopMs: 30_000,
    prefix: 'geo',
    keys: (event) => ['country', 'region', 'city'].map((name) => known(field(event, 'location', name))),
    applies: always,
    add: (event, sums) => {
      count(sums, 'events');
      countTypes(event, sums, { starts: isStart, completions: isCompletion, buffer_events: isBuffering });
    },
    usersColumn: 'viewers',
    having: always,
  },
  {
    type: 'device_distribution',
    sizeMs: 60_000,
    hopMs: 60_000,
    prefix: 'device',
    keys: (event) => [known(event.device_type)],
    applies: always,
    add: (event, sums) => {
      count(sums, 'events');
      count(sums, 'watch_seconds', isEnding(event) ? float(event.duration_seconds) : 0);
      countTypes(event, sums, { starts: isStart, endings: isEnding, completions: isCompletion, buffer_events: isBuffering });
    },
    usersColumn: 'users',
    having: always,
  },
  {
    type: 'buffer_metrics',
    sizeMs: 60_000,
    hopMs: 60_000,
    prefix: 'buffer',
    keys: (event) => [
      event.content_id,
      known(field(event, 'location', 'country')),
      known(event.device_type),
      known(field(event, 'quality_settings', 'resolution')),
    ],
    applies: isBuffering,
    add: (event, sums) => {
      count(sums, 'buffer_events');
      count(sums, 'total_buffer_ms', float(event.buffer_duration_ms));
    },
    usersColumn: 'users',
    having: (sums) => (sums.buffer_events ?? 0) >= 3,
  },
  {
    type: 'quality_alert',
    sizeMs: 120_000,
    hopMs: 120_000,
    prefix: 'alert',
    keys: (event) => [event.session_id],
    applies: isBuffering,
    add: (event, sums) => {
      count(sums, 'buffer_events');
      count(sums, 'total_buffer_ms', float(event.buffer_duration_ms));
    },
    usersColumn: null,
    having: (sums) => (sums.total_buffer_ms ?? 0) > 5000,
  },
];

/** Whether the queries' step Playback keeps the event. */
export function isPlayback(event: Event): boolean {
  const required = ['event_id', 'user_id', 'session_id', 'content_id'];
  return required.every((name) => event[name] !== undefined && event[name] !== null) && eventTypes.has(event.event_type);
}

/** The windows of every rule over events in any order. */
export class ExpectedWindowsBuilder {
  readonly #groups = new Map<WindowRule, Map<string, Group>>(rules.map((rule) => [rule, new Map()]));

  add({ timestampMs, event }: WindowEvent): void {
    if (!isPlayback(event)) return;
    for (const rule of rules) {
      if (!rule.applies(event)) continue;
      const groups = this.#groups.get(rule) as Map<string, Group>;
      // Windows are (start, end]: the first end is the boundary at or after the event.
      const firstEndMs = Math.ceil(timestampMs / rule.hopMs) * rule.hopMs;
      for (let endMs = firstEndMs; endMs < timestampMs + rule.sizeMs; endMs += rule.hopMs) {
        const id = [rule.prefix, ...rule.keys(event).map(text), asaTime(endMs)].join('|');
        const group = groups.get(id) ?? { users: new Set(), sums: {} };
        groups.set(id, group);
        rule.add(event, group.sums);
        group.users.add(text(event.user_id));
      }
    }
  }

  build(): ExpectedWindows {
    return new Map(
      [...this.#groups].map(([rule, groups]) => [
        rule.type,
        new Map(
          [...groups]
            .filter(([, group]) => rule.having(group.sums))
            .map(([id, group]) => [
              id,
              rule.usersColumn === null ? group.sums : { ...group.sums, [rule.usersColumn]: group.users.size },
            ]),
        ),
      ]),
    );
  }
}

/** A datetime as Azure Stream Analytics prints it. */
function asaTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '0000Z');
}
