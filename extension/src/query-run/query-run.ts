/**
 * One run of a query over a sample, to the end, with all rows kept: what the pages of the preview are cut from. Knows no
 * worker and no page.
 */
import {
  compile,
  createJob,
  EngineError,
  type InputOptions,
  type Job,
  type OutputRow,
  type Plan,
  type RejectedEvent,
  type TimedEvent,
  type UserFunctions,
} from '@asaql/engine';
import { createSnapshot, type Snapshot } from '@asaql/parser';
import type { PreviewProblem } from '@asaql/webview/protocol';
import type { EventList } from './event-list.ts';
import type { RunRequest } from './messages.ts';
import { documentOffset, type ShownQuery, shownQuery } from './shown-query.ts';

/** The events of each input that a query reads; an input that nobody knows gets what `otherwise` gives. */
export interface Events {
  readonly byInput: ReadonlyMap<string, EventList>;
  readonly otherwise: EventList;
}

export interface TableRows {
  readonly rows: OutputRow[];
  readonly timestampsMs: number[];
}

/** How far all was when so many events had been taken. */
export interface RunPoint {
  readonly events: number;
  readonly arrivalMs: number;
  /** null: not yet known. */
  readonly watermarkMs: number | null;
  /** Rows of each table until then, in the order of `tables`. */
  readonly rows: readonly number[];
}

export interface FinishedRun {
  readonly snapshot: Snapshot;
  readonly shown: ShownQuery;
  readonly plan: Plan | null;
  readonly inputs: ReadonlyMap<string, EventList>;
  /** By the name of the output in the text that was run. */
  readonly tables: ReadonlyMap<string, TableRows>;
  readonly points: readonly RunPoint[];
  readonly rejected: readonly RejectedEvent[];
  /** Events whose time a policy changed. */
  readonly adjusted: readonly TimedEvent[];
  readonly problems: readonly PreviewProblem[];
}

/** How many points a timeline has. */
const pointsMax = 120;
const turnMs = 40;

export interface RunContext {
  readonly events: Events;
  readonly functions: UserFunctions;
  /** Lets what else is waiting have its turn; tells whether to go on. */
  readonly turn: () => Promise<boolean>;
}

/** null: it was given up half way. */
export async function runQuery(request: RunRequest, context: RunContext): Promise<FinishedRun | null> {
  const snapshot = createSnapshot(request.text);
  const shown = shownQuery(snapshot, request.focus);
  const empty = { snapshot, shown, plan: null, inputs: new Map(), tables: new Map(), points: [], rejected: [], adjusted: [] };
  const options = { compatibilityLevel: request.compatibilityLevel, policies: request.policies, functions: context.functions };
  const first = compile(shown.text, options);
  if (!first.ok)
    return {
      ...empty,
      problems: first.diagnostics.map(({ code, message, span }) => problem(snapshot, shown, code, message, span.start, span.end)),
    };
  const inputs = new Map(first.plan.inputs.map((name) => [name, eventsFor(context.events, name)]));
  const known = compile(shown.text, { ...options, policies: policiesFor(request, inputs), inputs: inputOptions(inputs) });
  if (!known.ok)
    return {
      ...empty,
      problems: known.diagnostics.map(({ code, message, span }) => problem(snapshot, shown, code, message, span.start, span.end)),
    };
  const running = new Running(known.plan, inputs);
  try {
    if (!(await running.toTheEnd(context.turn))) return null;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const said = problem(snapshot, shown, null, error.message, 0, 0);
    return { ...empty, plan: known.plan, inputs, ...running.outcome(), problems: [said] };
  }
  return { ...empty, plan: known.plan, inputs, ...running.outcome(), problems: [] };
}

export function eventsFor({ byInput, otherwise }: Events, name: string): EventList {
  return byInput.get(name.toLowerCase()) ?? byInput.get('*') ?? otherwise;
}

/** Without times of arrival no event can be late or early: only the order can be wrong. */
function policiesFor({ policies }: RunRequest, inputs: ReadonlyMap<string, EventList>): RunRequest['policies'] {
  const streams = [...inputs.values()].filter(({ kind }) => kind === 'stream');
  if (streams.every(({ hasArrival }) => hasArrival)) return policies;
  return { ...policies, lateArrivalMs: Number.POSITIVE_INFINITY, earlyArrivalMs: Number.POSITIVE_INFINITY };
}

function inputOptions(inputs: ReadonlyMap<string, EventList>): { readonly [name: string]: InputOptions } {
  return Object.fromEntries(
    [...inputs].map(([name, { kind, csvColumns }]) => [
      name,
      { kind, ...(csvColumns === null ? {} : { format: 'csv' as const, csvColumns }) },
    ]),
  );
}

function problem(
  snapshot: Snapshot,
  shown: ShownQuery,
  code: string | null,
  message: string,
  start: number,
  end: number,
): PreviewProblem {
  const from = Math.min(documentOffset(shown, start), snapshot.text.length);
  const to = Math.min(documentOffset(shown, end), snapshot.text.length);
  const { line, column } = snapshot.lines.positionOf(from);
  return { code, message, line, column, start: from, end: Math.max(from, to) };
}

interface Lane {
  readonly input: string;
  readonly events: EventList;
  pushed: number;
}

class Running {
  readonly #plan: Plan;
  readonly #job: Job;
  readonly #inputs: ReadonlyMap<string, EventList>;
  readonly #tables = new Map<string, TableRows>();
  readonly #points: RunPoint[] = [];
  readonly #rejected: RejectedEvent[] = [];
  readonly #adjusted: TimedEvent[] = [];
  readonly #told = new Set<string>();
  #events = 0;

  constructor(plan: Plan, inputs: ReadonlyMap<string, EventList>) {
    this.#plan = plan;
    this.#inputs = inputs;
    this.#job = createJob(plan, { timed: (event) => this.#timed(event) });
    for (const output of plan.outputs) this.#tables.set(output, { rows: [], timestampsMs: [] });
  }

  outcome(): Pick<FinishedRun, 'tables' | 'points' | 'rejected' | 'adjusted'> {
    return { tables: this.#tables, points: this.#points, rejected: this.#rejected, adjusted: this.#adjusted };
  }

  async toTheEnd(turn: () => Promise<boolean>): Promise<boolean> {
    const lanes = [...this.#inputs].map(([input, events]): Lane => ({ input, events, pushed: 0 }));
    for (const lane of lanes) if (lane.events.kind === 'reference') this.#push(lane, lane.events.count);
    const streams = lanes.filter(({ events }) => events.kind === 'stream');
    const total = streams.reduce((sum, { events }) => sum + events.count, 0);
    const chunk = Math.max(1, Math.ceil(total / pointsMax));
    let turnEndMs = performance.now() + turnMs;
    for (let lane = nextLane(streams); lane !== null; lane = nextLane(streams)) {
      this.#push(lane, chunk);
      this.#work();
      this.#point(lane.events.arrivalTimeMs[lane.pushed - 1] ?? 0);
      if (performance.now() < turnEndMs) continue;
      if (!(await turn())) return false;
      turnEndMs = performance.now() + turnMs;
    }
    this.#job.end();
    this.#work();
    this.#point(this.#points.at(-1)?.arrivalMs ?? 0, true);
    return true;
  }

  #push(lane: Lane, count: number): void {
    const { events, pushed } = lane;
    const end = Math.min(events.count, pushed + count);
    this.#job.push({
      input: lane.input,
      partition: 0,
      count: end - pushed,
      bytes: events.bytes,
      starts: events.starts.subarray(pushed, end),
      ends: events.ends.subarray(pushed, end),
      arrivalTimeMs: events.arrivalTimeMs.subarray(pushed, end),
      processedTimeMs: events.arrivalTimeMs[end - 1] ?? 0,
    });
    for (const rejected of this.#job.takeRejected()) {
      // An input that is read twice rejects twice; an event is told of once.
      if (this.#isNew(`${rejected.input} ${rejected.index} ${rejected.reason}`)) this.#rejected.push(rejected);
    }
    lane.pushed = end;
    this.#events += events.kind === 'stream' ? end - pushed : 0;
  }

  #timed(event: TimedEvent): void {
    if (event.outcome !== 'adjusted') return;
    if (this.#isNew(`${event.input} ${event.index} adjusted`)) this.#adjusted.push(event);
  }

  #isNew(key: string): boolean {
    if (this.#told.has(key)) return false;
    this.#told.add(key);
    return true;
  }

  #work(): void {
    while (this.#job.step());
    for (const { output, rows, timestampsMs } of this.#job.take()) {
      const table = this.#tables.get(this.#nameOf(output));
      if (table === undefined) continue;
      for (const row of rows) table.rows.push(row);
      for (const ms of timestampsMs) table.timestampsMs.push(ms);
    }
  }

  #nameOf(output: string): string {
    if (this.#tables.has(output)) return output;
    return this.#plan.outputs.find((name) => name.toLowerCase() === output.toLowerCase()) ?? output;
  }

  #point(arrivalMs: number, isEnd = false): void {
    const { watermarkMs } = this.#job.metrics();
    const known = Number.isFinite(watermarkMs) ? watermarkMs : isEnd ? (this.#points.at(-1)?.watermarkMs ?? null) : null;
    this.#points.push({
      events: this.#events,
      arrivalMs,
      watermarkMs: known,
      rows: [...this.#tables.values()].map(({ rows }) => rows.length),
    });
  }
}

/** The one whose next event arrived first. */
function nextLane(lanes: readonly Lane[]): Lane | null {
  let next: Lane | null = null;
  for (const lane of lanes) {
    if (lane.pushed >= lane.events.count) continue;
    const arrivalMs = (each: Lane) => each.events.arrivalTimeMs[each.pushed] as number;
    if (next === null || arrivalMs(lane) < arrivalMs(next)) next = lane;
  }
  return next;
}
