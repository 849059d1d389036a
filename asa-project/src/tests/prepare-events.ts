/** From the inputs of a case to events in order of arrival. Knows no expectation. */

import type { InputOptions } from '@asaql/engine';
import { type Node, parse, walk } from '@asaql/parser';
import { caselessPath } from '../files/caseless-path.ts';
import { csvFields } from '../text/csv-fields.ts';
import { splitEvents } from './split-events.ts';
import type { Place, TestCase, TestInput, TestRow } from './test-case.ts';
import { type TestEnvironment, TestSetupError } from './test-environment.ts';
import { instantMs, isoText, relativeMs, timeMs } from './time-text.ts';

declare class TextDecoder {
  decode(bytes: Uint8Array): string;
}

export interface PreparedEvent {
  readonly input: string;
  /** From 1, in the order of the input. */
  readonly row: number;
  readonly text: string;
  readonly arrivalTimeMs: number;
  readonly partition: number;
  /** Where it is written in the test; null for files and the generator. */
  readonly place: Place | null;
}

export interface PreparedInputs {
  /** In order of arrival; reference data first. */
  readonly events: readonly PreparedEvent[];
  readonly options: Readonly<Record<string, InputOptions>>;
}

/** Rejects with a TestSetupError. */
export async function prepareEvents(test: TestCase, query: string, environment: TestEnvironment): Promise<PreparedInputs> {
  const timeColumns = timeColumnsOf(query);
  const options: Record<string, InputOptions> = {};
  const events: PreparedEvent[] = [];
  for (const input of test.inputs) {
    const times = [...input.timeColumns, ...(timeColumns.get(input.name.toLowerCase()) ?? [])];
    const { found, csv } = await eventsOf(input, times, test.startMs, environment);
    const partitions = found.reduce((most, { partition }) => Math.max(most, partition + 1), 1);
    options[input.name] = {
      kind: kindOf(input, environment),
      partitions,
      ...(csv === null ? {} : { format: 'csv' as const, csvColumns: csv.columns, csvDelimiter: csv.delimiter }),
    };
    events.push(...found);
  }
  const isReference = ({ input }: PreparedEvent) => options[input]?.kind === 'reference';
  const byArrival = events.filter((event) => !isReference(event)).sort((a, b) => a.arrivalTimeMs - b.arrivalTimeMs);
  return { events: [...events.filter(isReference), ...byArrival], options };
}

/** Reference data where the test or the project says so. */
function kindOf({ name, kind }: TestInput, { project }: TestEnvironment): TestInput['kind'] {
  const declared = project.inputs.find((input) => input.name.toLowerCase() === name.toLowerCase());
  return kind === 'reference' ? kind : (declared?.kind ?? kind);
}

/** Columns that a query takes the time of an input from, by its name in lower case. */
function timeColumnsOf(query: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  walk(parse(query).script, (node: Node) => {
    if (node.kind !== 'source' || node.timestampBy === null) return true;
    const { expression } = node.timestampBy;
    const name = expression.kind === 'path' ? expression.parts.at(-1)?.text : undefined;
    const key = node.name.text.toLowerCase();
    if (name !== undefined) found.set(key, [...(found.get(key) ?? []), name]);
    return true;
  });
  return found;
}

type Found = { readonly found: readonly PreparedEvent[]; readonly csv: ReturnType<typeof splitEvents>['csv'] };

async function eventsOf(
  input: TestInput,
  times: readonly string[],
  startMs: number,
  environment: TestEnvironment,
): Promise<Found> {
  const { source, name } = input;
  if (source.kind === 'rows') return { found: fromRows(input, source.rows, times, startMs), csv: null };
  if (source.kind === 'generate') {
    const generated = environment.generate(source.request, startMs);
    return { found: generated.map((event, index) => ({ input: name, row: index + 1, place: null, ...event })), csv: null };
  }
  const path = await caselessPath(environment.files, source.path);
  const bytes = path === null ? null : await environment.files.read(path);
  if (path === null || bytes === null) throw new TestSetupError(`The input '${name}' reads ${source.path}, which is not there.`);
  const isZipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const { events, csv } = splitEvents(path, new TextDecoder().decode(isZipped ? environment.unzip(bytes) : bytes));
  let lastMs = Number.NEGATIVE_INFINITY;
  const found = events.map((text, index) => {
    const ownMs = columnTime(text, csv, input.arrivalColumn ?? times[0] ?? null);
    lastMs = Math.max(lastMs, ownMs ?? (lastMs === Number.NEGATIVE_INFINITY ? startMs : lastMs));
    return { input: name, row: index + 1, text, arrivalTimeMs: lastMs, partition: 0, place: null };
  });
  return { found, csv };
}

/** The time in a column of an event, or null. */
function columnTime(text: string, csv: Found['csv'], column: string | null): number | null {
  if (column === null) return null;
  const same = (name: string) => name.toLowerCase() === column.toLowerCase();
  if (csv !== null) {
    const cell = csvFields(text, csv.delimiter)[csv.columns.findIndex(same)];
    return cell === undefined ? null : instantMs(cell);
  }
  try {
    const event: unknown = JSON.parse(text);
    const found = typeof event === 'object' && event !== null ? Object.entries(event).find(([name]) => same(name)) : undefined;
    return typeof found?.[1] === 'string' ? instantMs(found[1]) : null;
  } catch {
    // What is no JSON has no time; the engine says what is wrong with it.
    return null;
  }
}

/** An event arrives at its own time, but never before the one written above it. */
function fromRows(
  input: TestInput,
  rows: readonly TestRow[],
  times: readonly string[],
  startMs: number,
): readonly PreparedEvent[] {
  const isTime = (name: string) => times.some((time) => time.toLowerCase() === name.toLowerCase());
  let lastMs = startMs;
  return rows.map((row, index) => {
    let ownMs: number | null = null;
    const members = row.members.map(({ name, json }) => {
      if (!isTime(name) || !json.startsWith('"')) return `${JSON.stringify(name)}:${json}`;
      const text = JSON.parse(json) as string;
      const relative = relativeMs(text, startMs);
      ownMs = relative ?? instantMs(text);
      return `${JSON.stringify(name)}:${relative === null ? json : JSON.stringify(paddedIso(relative))}`;
    });
    const given = row.arrives === null ? null : timeMs(row.arrives, startMs);
    if (row.arrives !== null && given === null)
      throw new TestSetupError(`Line ${row.place.line}: '$arrives' is a time such as +15s or 2026-01-15T12:00:15Z.`);
    if (given !== null && given < lastMs && index > 0 && input.kind === 'stream')
      throw new TestSetupError(
        `Line ${row.place.line}: the event arrives before the one above it: write events in order of arrival.`,
      );
    lastMs = given ?? Math.max(lastMs, ownMs ?? lastMs);
    const text = row.raw ?? `{${members.join(',')}}`;
    return { input: input.name, row: index + 1, text, arrivalTimeMs: lastMs, partition: row.partition, place: row.place };
  });
}

/** With milliseconds, as programs write it. */
function paddedIso(ms: number): string {
  const text = isoText(ms);
  return text.includes('.') ? text : text.replace('Z', '.000Z');
}
