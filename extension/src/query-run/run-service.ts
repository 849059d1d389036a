/**
 * Runs queries for an editor: keeps the sample and the last runs, answers for rows and for the way back of a row. A newer
 * run puts an older one aside half way. Knows no carrier: the worker's programs bring the messages.
 */
import { compile, createJob, noUserFunctions, type OutputRow, type UserFunctions } from '@asaql/engine';
import type { FunctionSource } from '@asaql/udf';
import type { RowTrace } from '@asaql/webview/protocol';
import { columnLineage, fieldsOf } from './column-lineage.ts';
import { type EventList, eventsOfFile, eventText, generatedEvents, numbered } from './event-list.ts';
import type { RunRequest, Sample, TraceRequest, WorkerAnswer, WorkerRequest } from './messages.ts';
import { previewResult, rowsPage, shownTables } from './preview-result.ts';
import { type Events, type FinishedRun, runQuery } from './query-run.ts';
import { numbersIn, rowField, tracedText, withCollectors, withoutNumbers } from './row-trace.ts';

interface KeptRun {
  readonly request: RunRequest;
  readonly finished: FinishedRun;
}

/** A page may still ask for rows of the run before while the next one is on its way to it. */
const keptRuns = 2;
const tracedEventsMax = 200;

export interface RunServiceOptions {
  readonly answer: (answer: WorkerAnswer) => void;
  /** Makes functions of JavaScript; null where there is no sandbox for them. */
  readonly loadFunctions: ((sources: readonly FunctionSource[]) => Promise<UserFunctions>) | null;
  /** Resolves when messages that wait have been received. */
  readonly turn: () => Promise<void>;
}

export class RunService {
  readonly #options: RunServiceOptions;
  readonly #runs = new Map<number, KeptRun>();
  #events: Events | Error | null = null;
  #latestRun = 0;
  #functions: { readonly key: string; readonly loaded: Promise<UserFunctions> } | null = null;

  constructor(options: RunServiceOptions) {
    this.#options = options;
  }

  receive(request: WorkerRequest): void {
    switch (request.kind) {
      case 'sample':
        this.#events = eventsOf(request.sample);
        return;
      case 'run':
        this.#latestRun = request.run;
        void this.#guarded(request.run, () => this.#run(request));
        return;
      case 'rows':
        void this.#guarded(request.request, async () => {
          const kept = this.#runs.get(request.run);
          const value =
            kept === undefined
              ? null
              : rowsPage(kept.finished, request.run, request.table, request.from, request.count, request.point);
          this.#options.answer({ kind: 'answer', request: request.request, value });
        });
        return;
      case 'trace':
        void this.#guarded(request.request, async () => {
          this.#options.answer({ kind: 'answer', request: request.request, value: await this.#trace(request) });
        });
    }
  }

  async #guarded(request: number, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#options.answer({ kind: 'failed', request, message: error instanceof Error ? error.message : String(error) });
    }
  }

  async #run(request: RunRequest): Promise<void> {
    const startedMs = performance.now();
    if (this.#events === null) throw new Error('There is no sample yet.');
    if (this.#events instanceof Error) throw this.#events;
    const functions = await this.#functionsFor(request.functions);
    const goesOn = async () => {
      await this.#options.turn();
      return this.#latestRun === request.run;
    };
    const finished =
      this.#latestRun === request.run ? await runQuery(request, { events: this.#events, functions, turn: goesOn }) : null;
    if (finished === null) return;
    this.#runs.set(request.run, { request, finished });
    for (const run of [...this.#runs.keys()].sort((a, b) => a - b).slice(0, -keptRuns)) this.#runs.delete(run);
    this.#options.answer({
      kind: 'result',
      run: request.run,
      result: previewResult(request, finished, performance.now() - startedMs),
    });
  }

  async #functionsFor(sources: readonly FunctionSource[]): Promise<UserFunctions> {
    const { loadFunctions } = this.#options;
    if (sources.length === 0 || loadFunctions === null) return noUserFunctions;
    const key = JSON.stringify(sources);
    if (this.#functions?.key !== key) this.#functions = { key, loaded: loadFunctions(sources) };
    return this.#functions.loaded;
  }

  async #trace({ run, table, row, column }: TraceRequest): Promise<RowTrace | null> {
    const kept = this.#runs.get(run);
    const shown = kept === undefined ? undefined : shownTables(kept.finished).find(({ id }) => id === table);
    if (kept === undefined || shown === undefined) return null;
    const { finished } = kept;
    const lineage = columnLineage(finished.snapshot);
    const fields = column === null ? [] : [...new Set(fieldsOf(lineage, table, column).map((origin) => origin.column))];
    const base = { run, table, row, column, fields };
    if (shown.output === null) return { ...base, total: 0, events: [], reason: 'This row is an event itself.' };
    const functions = withCollectors(await this.#functionsFor(kept.request.functions));
    const found = tracedRow(finished, shown.output, row, functions);
    if (typeof found === 'string') return { ...base, total: 0, events: [], reason: found };
    const events = [...found].flatMap(([input, numbers]) => numbers.map((number) => ({ input, number })));
    const told = events
      .slice(0, tracedEventsMax)
      .map(({ input, number }) => ({ input, number, text: eventText(finished.inputs.get(input) as EventList, number) }));
    const reason = events.length === 0 ? 'No single event made this row: it stands for the window itself.' : null;
    return { ...base, total: events.length, events: told, reason };
  }
}

function eventsOf({ files, generated }: Sample): Events | Error {
  try {
    const byInput = new Map(files.map((file) => [file.input.toLowerCase(), eventsOfFile(file)]));
    return { byInput, otherwise: generatedEvents(generated) };
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** The numbers of the events behind a row, by input; a text where they cannot be told. */
function tracedRow(
  run: FinishedRun,
  output: string,
  row: number,
  functions: UserFunctions,
): ReadonlyMap<string, readonly number[]> | string {
  const { plan } = run;
  const wanted = run.tables.get(output)?.rows[row];
  if (plan === null || wanted === undefined) return 'The row is gone: the query has run again.';
  const result = new Map<string, readonly number[]>();
  // One input at a time carries numbers, so that it is known whose they are.
  for (const traced of run.inputs.keys()) {
    const lists = new Map([...run.inputs].map(([name, list]) => [name, name === traced ? numbered(list, rowField) : list]));
    const inputs = Object.fromEntries(
      Object.entries(plan.options.inputs).map(([name, options]) => [name, { ...options, ...csv(lists.get(name)) }]),
    );
    const compiled = compile(tracedText(run.shown.text), { ...plan.options, inputs, functions });
    if (!compiled.ok) return `This query cannot be followed back: ${compiled.diagnostics[0]?.message ?? 'it is refused'}`;
    const job = createJob(compiled.plan);
    const numbers = numbersIn(rowAt(job, lists, output, row, wanted) ?? {});
    if (numbers.length > 0) result.set(traced, numbers);
  }
  return result;
}

function csv(list: EventList | undefined): { readonly csvColumns?: readonly string[] } {
  return list?.csvColumns == null ? {} : { csvColumns: list.csvColumns };
}

/** Runs until the row is there. Where the same place holds another row, the one that is alike is meant. */
function rowAt(
  job: ReturnType<typeof createJob>,
  lists: ReadonlyMap<string, EventList>,
  output: string,
  row: number,
  wanted: OutputRow,
): OutputRow | null {
  const rows: OutputRow[] = [];
  const take = () => {
    while (job.step());
    for (const batch of job.take()) if (batch.output.toLowerCase() === output.toLowerCase()) rows.push(...batch.rows);
  };
  const ordered = [...lists].sort(([, a], [, b]) => Number(b.kind === 'reference') - Number(a.kind === 'reference'));
  for (const [input, { count, bytes, starts, ends, arrivalTimeMs }] of ordered) {
    job.push({ input, partition: 0, count, bytes, starts, ends, arrivalTimeMs, processedTimeMs: arrivalTimeMs.at(-1) ?? 0 });
  }
  job.end();
  take();
  const alike = (candidate: OutputRow | undefined) =>
    candidate !== undefined && JSON.stringify(withoutNumbers(candidate)) === JSON.stringify(wanted);
  return alike(rows[row]) ? (rows[row] as OutputRow) : (rows.find(alike) ?? null);
}
