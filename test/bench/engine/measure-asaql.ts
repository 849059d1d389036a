/** The engine over the file of events, as `asaql run` runs it; and its checkpoint in the middle of them. */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { compile, createJob, type Job, noUserFunctions } from '@asaql/engine';
import { runQuery } from '@asaql/pipeline/run-query';
import type { Measured, Subject } from './subject.ts';

const input = 'eventhub-input';
const startMs = Date.UTC(2026, 0, 15, 12);

export async function measureAsaql(
  { query, cores }: Extract<Subject, { kind: 'asaql' }>,
  path: string,
  rowsFolder: string | null,
): Promise<Omit<Measured, 'peakBytes'>> {
  const files = new Map<string, number>();
  const startedMs = performance.now();
  const outcome = await runQuery(
    {
      query,
      inputs: [{ name: input, paths: [path] }],
      references: [],
      compatibilityLevel: '1.2',
      policies: null,
      arrivalColumn: null,
      functions: noUserFunctions,
      startMs,
      cores,
    },
    {
      outputs: (names) => {
        for (const name of rowsFolder === null ? [] : names)
          files.set(name, openSync(join(rowsFolder ?? '', `${name}.ndjson`), 'w'));
      },
      rows: (output, rows) => {
        const file = files.get(output);
        if (file !== undefined) writeSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
      },
      rejected: ({ message }) => {
        throw new Error(`An event was rejected: ${message}`);
      },
      progress: () => {},
      signal: new AbortController().signal,
    },
  );
  const seconds = (performance.now() - startedMs) / 1000;
  for (const file of files.values()) closeSync(file);
  if (outcome.kind !== 'done') throw new Error('The query was refused.');
  return { seconds, rows: outcome.statistics.rows };
}

export function measureCheckpoint(
  { query, events }: Extract<Subject, { kind: 'checkpoint' }>,
  path: string,
): Omit<Measured, 'peakBytes'> {
  const startedMs = performance.now();
  const job = newJob(query);
  const rows = pushEvents(job, path, events);
  const seconds = (performance.now() - startedMs) / 1000;
  const savingMs = performance.now();
  const checkpoint = job.checkpoint();
  const saveSeconds = (performance.now() - savingMs) / 1000;
  const restoringMs = performance.now();
  newJob(query).restore(checkpoint);
  const restoreSeconds = (performance.now() - restoringMs) / 1000;
  return { seconds, rows, checkpoint: { bytes: checkpoint.length, saveSeconds, restoreSeconds } };
}

/** With the time policies of the deployed job. */
function newJob(query: string): Job {
  const policies = { lateArrivalMs: 60_000, outOfOrderMs: 10_000, earlyArrivalMs: 300_000, action: 'adjust' } as const;
  const compiled = compile(query, { policies });
  if (!compiled.ok) throw new Error(compiled.diagnostics[0]?.message);
  return createJob(compiled.plan);
}

const chunkBytes = 1 << 20;

/** Events arrive when they happen: at the rate of the file, one after another. */
function pushEvents(job: Job, path: string, events: number): number {
  const file = openSync(path, 'r');
  const bytes = Buffer.allocUnsafe(chunkBytes);
  let rows = 0;
  let pushed = 0;
  for (let position = 0; pushed < events; ) {
    const length = readSync(file, bytes, 0, bytes.length, position);
    const starts: number[] = [];
    const ends: number[] = [];
    let at = 0;
    for (
      let end = bytes.indexOf(0x0a);
      end !== -1 && end < length && pushed + starts.length < events;
      end = bytes.indexOf(0x0a, at)
    ) {
      starts.push(at);
      ends.push(end);
      at = end + 1;
    }
    if (starts.length === 0) break;
    position += at;
    const arrivalTimeMs = Float64Array.from(starts, (_, index) => startMs + pushed + index);
    pushed += starts.length;
    job.push({
      ...{ input, partition: 0, count: starts.length, bytes, arrivalTimeMs, processedTimeMs: startMs },
      ...{ starts: Int32Array.from(starts), ends: Int32Array.from(ends) },
    });
    while (job.step());
    for (const batch of job.take()) rows += batch.rows.length;
  }
  closeSync(file);
  return rows;
}
