/** Runs one case of cases.jsonl in a chosen way and gives the rows of each output. */
import {
  canCut,
  compile,
  createBackJob,
  createFrontJob,
  createJob,
  type InputBatch,
  type Job,
  type OutputRow,
  type Plan,
  type TimePolicies,
  transferablesOf,
  type UserFunctions,
  type Value,
} from '@asaql/engine';

export interface Case {
  readonly id: string;
  readonly query: string;
  readonly inputs: { readonly [input: string]: readonly { readonly [column: string]: unknown }[] };
  readonly referenceInputs?: readonly string[];
  readonly timestampBy: { readonly [input: string]: string } | null;
  readonly policy?: {
    readonly lateArrivalSeconds?: number | 'large';
    readonly outOfOrderSeconds?: number;
    readonly earlySeconds?: number | null;
    readonly action?: 'Adjust' | 'Drop';
  };
  readonly arrivalColumn?: string;
  readonly compatLevel?: '1.0' | '1.1' | '1.2';
  readonly expected: { readonly [output: string]: readonly OutputRow[] };
  readonly functions?: { readonly [name: string]: string };
  readonly ambiguous?: boolean;
  readonly docConflict?: boolean;
  readonly inputsPartlyEstimated?: boolean;
  readonly expectedIsPrefix?: boolean;
  readonly unorderedArrays?: boolean;
}

export interface RunOptions {
  /** Events a batch. */
  readonly batchRows: number;
  readonly rowsPerStep: number;
  /** Goes on in a new job from a checkpoint after every batch. */
  readonly checkpoints: boolean;
  /** In two halves, as on two threads, where the plan can be cut. */
  readonly halves?: boolean;
  /** Orders the events of an input before they are pushed. */
  readonly order?: <T>(events: readonly T[]) => readonly T[];
}

export function policiesOf(test: Case): TimePolicies | null {
  if (test.policy === undefined) return null;
  const { lateArrivalSeconds = 5, outOfOrderSeconds = 0, earlySeconds = 300, action = 'Adjust' } = test.policy;
  return {
    lateArrivalMs: lateArrivalSeconds === 'large' ? 1_814_399_000 : lateArrivalSeconds * 1000,
    outOfOrderMs: outOfOrderSeconds * 1000,
    earlyArrivalMs: earlySeconds === null ? Number.POSITIVE_INFINITY : earlySeconds * 1000,
    action: action === 'Adjust' ? 'adjust' : 'drop',
  };
}

interface TimedEvent {
  readonly text: string;
  readonly arrivalMs: number;
}

/** When no arrival column is given an event arrives at its own event time, or all at one time. */
function eventsOf(test: Case, input: string): readonly TimedEvent[] {
  const rows = test.inputs[input] ?? [];
  const written = test.timestampBy?.[input]?.split(' ')[0]?.split('.').at(-1) ?? '';
  const timed = rows.map((row) => {
    const arrival = row[test.arrivalColumn ?? written];
    const arrivalMs =
      typeof arrival === 'string' ? Date.parse(/Z|[+-]\d\d:\d\d$/.test(arrival) ? arrival : `${arrival}Z`) : Number.NaN;
    return { text: JSON.stringify(row), arrivalMs: Number.isNaN(arrivalMs) ? Date.UTC(2024, 0, 1) : arrivalMs };
  });
  let latest = Number.NEGATIVE_INFINITY;
  return timed.map((event) => {
    latest = Math.max(latest, event.arrivalMs);
    return { text: event.text, arrivalMs: latest };
  });
}

export function batchOf(input: string, events: readonly TimedEvent[]): InputBatch {
  const encoded = events.map((event) => new TextEncoder().encode(event.text));
  const bytes = new Uint8Array(encoded.reduce((sum, one) => sum + one.length, 0));
  const starts = new Int32Array(events.length);
  const ends = new Int32Array(events.length);
  let at = 0;
  encoded.forEach((one, index) => {
    bytes.set(one, at);
    starts[index] = at;
    at += one.length;
    ends[index] = at;
  });
  return {
    input,
    partition: 0,
    count: events.length,
    bytes,
    starts,
    ends,
    arrivalTimeMs: Float64Array.from(events, (event) => event.arrivalMs),
    processedTimeMs: Date.UTC(2024, 0, 1),
  };
}

/** JavaScript functions of a case, run as they are: the test's own trusted text. */
function userFunctions(sources: { readonly [name: string]: string }): UserFunctions {
  const find = (name: string) => Object.entries(sources).find(([known]) => known.toLowerCase() === name.toLowerCase())?.[1];
  return {
    scalar: (name) => {
      const source = find(name);
      if (source === undefined) return null;
      const main = new Function(`${source}; return main;`)() as (...args: unknown[]) => unknown;
      return (args: readonly Value[]) => {
        const result = main(...args.map((value) => (typeof value === 'bigint' ? Number(value) : value)));
        return typeof result === 'number' && Number.isInteger(result) ? BigInt(result) : ((result ?? null) as Value);
      };
    },
    aggregate: () => null,
  };
}

export function runCase(test: Case, options: RunOptions): { readonly [output: string]: readonly OutputRow[] } {
  const functions = userFunctions({ udfLen: 'function main(x) { return x.length; }', ...test.functions });
  const compiled = compile(test.query, {
    compatibilityLevel: test.compatLevel ?? '1.2',
    policies: policiesOf(test),
    inputs: Object.fromEntries((test.referenceInputs ?? []).map((name) => [name, { kind: 'reference' as const }])),
    functions,
  });
  if (!compiled.ok) throw new Error(compiled.diagnostics.map((diagnostic) => diagnostic.message).join('; '));
  const { plan } = compiled;
  if (options.halves && canCut(plan)) return runHalves(plan, batchesOf(test, options), options);
  const fresh = () => createJob(plan, { rowsPerStep: options.rowsPerStep });
  const outputs: { [output: string]: OutputRow[] } = {};
  let job: Job = fresh();
  const work = () => {
    while (job.step());
    for (const { output, rows } of job.take()) {
      outputs[output] ??= [];
      outputs[output].push(...rows);
    }
    job.takeRejected();
  };
  for (const batch of batchesOf(test, options)) {
    job.push(batch);
    work();
    if (!options.checkpoints) continue;
    const checkpoint = job.checkpoint();
    job = fresh();
    job.restore(checkpoint);
  }
  job.end();
  work();
  return outputs;
}

/** What is handed over is cloned, as it would be between threads. Texts are forgotten often, at other times in each half. */
function runHalves(
  plan: Plan,
  batches: readonly InputBatch[],
  { rowsPerStep }: RunOptions,
): { readonly [output: string]: readonly OutputRow[] } {
  const front = createFrontJob(plan, { rowsPerStep, textsMax: 20 });
  const back = createBackJob(plan, { textsMax: 30 });
  const outputs: { [output: string]: OutputRow[] } = {};
  const work = () => {
    while (front.step());
    const handover = front.takeHandover();
    back.accept(structuredClone(handover, { transfer: [...transferablesOf(handover)] }));
    for (const { output, rows } of back.take()) {
      outputs[output] ??= [];
      outputs[output].push(...rows);
    }
  };
  for (const batch of batches) {
    front.push(batch);
    work();
  }
  front.end();
  work();
  return outputs;
}

function batchesOf(test: Case, options: RunOptions): readonly InputBatch[] {
  const isReference = (input: string) => (test.referenceInputs ?? []).includes(input);
  const inputs = Object.keys(test.inputs).sort((a, b) => Number(isReference(b)) - Number(isReference(a)));
  return inputs.flatMap((input) => {
    const events = eventsOf(test, input);
    const ordered = options.order === undefined ? events : options.order(events);
    const batches: InputBatch[] = [];
    for (let from = 0; from < ordered.length; from += options.batchRows)
      batches.push(batchOf(input, ordered.slice(from, from + options.batchRows)));
    return batches;
  });
}
