/** Events of one input in order of arrival, as the engine takes them. Knows where they are from only by a name. */
import { createGenerator } from '@asaql/generator';
import type { GeneratedSample, SampleFile } from './messages.ts';

export interface EventList {
  readonly label: string;
  readonly kind: 'stream' | 'reference';
  readonly count: number;
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly arrivalTimeMs: Float64Array;
  /** Whether the times of arrival are the sample's own. Without them no event can be late. */
  readonly hasArrival: boolean;
  /** null: JSON. */
  readonly csvColumns: readonly string[] | null;
}

/** When a sample begins whose events say nothing of their arrival: the same in each run, so that rows do not churn. */
const startMs = Date.UTC(2026, 0, 15, 12);
const spacingMs = 100;
const encoder = new TextEncoder();

/** Throws an error of one line for a file that holds no events. */
export function eventsOfFile(file: SampleFile): EventList {
  const text = new TextDecoder().decode(file.bytes).replace(/^\uFEFF/, '');
  if (file.format === 'csv') {
    const [header = '', ...lines] = text.split(/\r?\n/).filter((line) => line !== '');
    const csvColumns = header.split(',').map((name) => name.trim().replace(/^"|"$/g, ''));
    return { ...listOf(file, lines, null), csvColumns };
  }
  const values = jsonValues(text, file.name);
  const arrivals = values.map((value) =>
    Date.parse(String((value as { EventEnqueuedUtcTime?: unknown } | null)?.EventEnqueuedUtcTime)),
  );
  const known = values.length > 0 && arrivals.every((ms) => Number.isFinite(ms));
  return listOf(
    file,
    values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))),
    known ? arrivals : null,
  );
}

export function generatedEvents({ seed, events, eventsPerSecond, scenarios }: GeneratedSample): EventList {
  const users = Math.max(10, eventsPerSecond * 20);
  const taken = createGenerator({ seed, users, eventsPerSecond, startTimeMs: startMs, scenarios }).take(events);
  const pieces = taken.map(({ body }) => (typeof body === 'string' ? encoder.encode(body) : body));
  const label = `generator, seed ${seed}`;
  return {
    ...packed(pieces),
    label,
    kind: 'stream',
    arrivalTimeMs: rising(taken.map(({ sendTimeMs }) => sendTimeMs)),
    hasArrival: true,
    csvColumns: null,
  };
}

function listOf(file: SampleFile, texts: readonly string[], arrivals: readonly number[] | null): EventList {
  const arrivalTimeMs = rising(arrivals ?? texts.map((_, index) => startMs + index * spacingMs));
  const list = packed(texts.map((text) => encoder.encode(text)));
  return { ...list, label: file.name, kind: file.kind, arrivalTimeMs, hasArrival: arrivals !== null, csvColumns: null };
}

/** A hub's enqueued times never go back. */
function rising(times: readonly number[]): Float64Array {
  const result = Float64Array.from(times);
  for (let index = 1; index < result.length; index += 1)
    result[index] = Math.max(result[index] as number, result[index - 1] as number);
  return result;
}

function packed(pieces: readonly Uint8Array[]): Pick<EventList, 'bytes' | 'starts' | 'ends' | 'count'> {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  const [starts, ends] = [new Int32Array(pieces.length), new Int32Array(pieces.length)];
  let at = 0;
  pieces.forEach((piece, index) => {
    bytes.set(piece, at);
    starts[index] = at;
    at += piece.length;
    ends[index] = at;
  });
  return { bytes, starts, ends, count: pieces.length };
}

/** An array, or a value a line; a line that is no JSON stays a text, for the engine to tell of. */
function jsonValues(text: string, name: string): readonly unknown[] {
  if (/^\s*\[/.test(text)) {
    try {
      return JSON.parse(text) as unknown[];
    } catch (error) {
      throw new Error(`${name} is no JSON: ${(error as Error).message}`);
    }
  }
  try {
    return [JSON.parse(text)];
  } catch {
    return text.split(/\r?\n/).flatMap((line) => (line.trim() === '' ? [] : [parsedLine(line)]));
  }
}

function parsedLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}

/** An event as a text, for people. */
export function eventText(list: EventList, index: number): string {
  return new TextDecoder().decode(list.bytes.subarray(list.starts[index], list.ends[index]));
}

/** The same events, each with its number in a field of its own: how a row is followed back to them. */
export function numbered(list: EventList, field: string): EventList {
  if (list.csvColumns !== null) {
    const texts = Array.from({ length: list.count }, (_, index) => encoder.encode(`${eventText(list, index)},${index}`));
    return { ...list, ...packed(texts), csvColumns: [...list.csvColumns, field] };
  }
  const pieces = Array.from({ length: list.count }, (_, index) => {
    const event = list.bytes.subarray(list.starts[index], list.ends[index]);
    const open = event.indexOf(0x7b);
    if (open === -1) return event;
    const mark = encoder.encode(`"${field}":"${index}",`);
    const piece = new Uint8Array(event.length + mark.length);
    piece.set(event.subarray(0, open + 1));
    piece.set(mark, open + 1);
    piece.set(event.subarray(open + 1), open + 1 + mark.length);
    return piece;
  });
  return { ...list, ...packed(pieces) };
}
