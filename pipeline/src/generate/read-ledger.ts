/** Reads a ledger back: each event once, with what became of it. See ledger.ts for the lines. */
import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { MalformedFault, ScenarioName } from '@asaql/generator';

export interface LedgerEntry {
  /** `uncertain`: it was under way when the process died, and may or may not have arrived. */
  readonly status: 'acknowledged' | 'uncertain' | 'refused';
  /** Which run of the ledger sent it, from 1. */
  readonly run: number;
  readonly kind: 'valid' | 'malformed';
  /** Null for a malformed event. */
  readonly eventId: string | null;
  readonly eventTimeMs: number;
  readonly sendTimeMs: number;
  readonly userId: string;
  readonly scenarios: readonly ScenarioName[];
  readonly fault?: MalformedFault;
  /** The very bytes that were sent. */
  readonly body: Buffer;
}

interface Settlement {
  readonly first: number;
  readonly last: number;
  readonly status: 'acknowledged' | 'refused';
}

interface EventLine extends Omit<LedgerEntry, 'status' | 'run' | 'body'> {
  readonly n: number;
  readonly body?: string;
  readonly bodyBase64?: string;
}

/** The bodies of the events that the hub has acknowledged, as they were sent. */
export async function* readLedger(path: string): AsyncGenerator<Uint8Array> {
  for await (const entry of readLedgerEntries(path)) if (entry.status === 'acknowledged') yield entry.body;
}

/** When the first run of the ledger began; undefined where there is none. */
export async function ledgerStartTimeMs(path: string): Promise<number | undefined> {
  if (!existsSync(path)) return undefined;
  for await (const line of ledgerLines(path)) {
    const run = line.run as { startTimeMs?: unknown } | undefined;
    return typeof run?.startTimeMs === 'number' ? run.startTimeMs : undefined;
  }
  return undefined;
}

/**
 * The entries of the ledger at `path`, in the order in which they were first sent. A line that a kill cut off is left
 * out (its event was never sent); any other line that is none throws an Error that names it.
 */
export async function* readLedgerEntries(path: string): AsyncGenerator<LedgerEntry> {
  const settledByRun = await readSettlements(path);
  let run = 0;
  let settled: readonly Settlement[] = [];
  let at = 0;
  for await (const line of ledgerLines(path)) {
    if ('run' in line) {
      run++;
      settled = settledByRun[run - 1] ?? [];
      at = 0;
    } else if ('n' in line) {
      const { n, body, bodyBase64, ...rest } = line as unknown as EventLine;
      // Events come by number, and so do the settled ranges.
      while ((settled[at]?.last ?? Number.POSITIVE_INFINITY) < n) at++;
      const range = settled[at];
      const status = range && range.first <= n ? range.status : 'uncertain';
      yield { ...rest, status, run, body: body === undefined ? Buffer.from(bodyBase64 ?? '', 'base64') : Buffer.from(body) };
    }
  }
}

/** For each run, what was settled, by number. */
async function readSettlements(path: string): Promise<Settlement[][]> {
  const runs: Settlement[][] = [];
  for await (const line of ledgerLines(path, (text) => !text.startsWith('{"n":'))) {
    if ('run' in line) runs.push([]);
    for (const status of ['acknowledged', 'refused'] as const) {
      const range = line[status];
      if (!Array.isArray(range)) continue;
      const [first, last] = range as number[];
      if (first !== undefined && last !== undefined) runs.at(-1)?.push({ first, last, status });
    }
  }
  for (const run of runs) run.sort((left, right) => left.first - right.first);
  return runs;
}

async function* ledgerLines(
  path: string,
  isWanted: (text: string) => boolean = () => true,
): AsyncGenerator<Record<string, unknown>> {
  let number = 0;
  let torn: number | undefined;
  for await (const text of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    if (!isWanted(text)) continue;
    const line = parsed(text);
    // Half a line is what a kill leaves: it ends a run, so only the head of the next one may follow it.
    if (torn !== undefined && !(line && 'run' in line)) throw new Error(`${path}, line ${torn}: no line of a ledger.`);
    torn = line ? undefined : number;
    if (line) yield line;
  }
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
