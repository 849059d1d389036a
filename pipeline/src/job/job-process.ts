/** The job's process: reads the project, restores the checkpoint, runs the query over the hub and reports each second. */
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { compile, createJob, type Job, noUserFunctions } from '@asaql/engine';
import { childOptions, onParentMessage, onStop, tellParent } from '../up/child-channel.ts';
import { RepeatedLines } from '../up/repeated-lines.ts';
import { type Positions, readCheckpoint } from './checkpoint-file.ts';
import { createSinks } from './create-sinks.ts';
import { type HubBatch, HubSource } from './hub-source.ts';
import type { JobCommand, JobMessage, JobMetricsMessage, JobProcessOptions } from './job-messages.ts';
import { JobMeter } from './job-metrics.ts';
import { LocalJob } from './local-job.ts';
import { type JobProject, readJobProject } from './project.ts';

const options = childOptions<JobProcessOptions>();
const say = (message: JobMessage) => tellParent(message);

function compileProject(project: JobProject, partitions: number): { readonly engine: Job; readonly queryHash: string } {
  const result = compile(project.query, {
    compatibilityLevel: project.compatibilityLevel,
    policies: project.policies,
    inputs: { [project.input.name]: { kind: 'stream', partitions, metadata: 'eventHub' } },
    functions: noUserFunctions,
  });
  if (!result.ok) throw new Error(`The query cannot be run: ${result.diagnostics.map((one) => one.message).join(' ')}`);
  const queryHash = createHash('sha256')
    .update(JSON.stringify([project.query, project.policies, project.compatibilityLevel]))
    .digest('hex');
  return { engine: createJob(result.plan), queryHash };
}

/** The engine in its checkpointed state and where to read on. A changed query starts anew at the position read last. */
function restore(engine: Job, queryHash: string, path: string): Positions {
  const checkpoint = readCheckpoint(path);
  if (checkpoint === null) return options.startPositions;
  const positions = { ...options.startPositions, ...checkpoint.positions };
  if (checkpoint.state === null) return positions;
  if (checkpoint.queryHash === queryHash) engine.restore(checkpoint.state);
  else
    say({ kind: 'log', message: 'The queries have changed since the last run: windows start anew from the position read last.' });
  return positions;
}

async function run(): Promise<void> {
  const project = readJobProject(options.projectDir);
  mkdirSync(options.jobDir, { recursive: true });
  const partitionCount = Object.keys(options.startPositions).length;
  const { engine, queryHash } = compileProject(project, partitionCount);
  const checkpointPath = join(options.jobDir, 'checkpoint.bin');
  const positions = restore(engine, queryHash, checkpointPath);
  const meter = new JobMeter(project.policies.outOfOrderMs, Date.now);
  const windowed = new Set(project.outputs.filter((output) => output.kind === 'cosmos').map((output) => output.name));
  const waits = new RepeatedLines();
  const keep = (file: string, entry: object) => appendFileSync(join(options.jobDir, file), `${JSON.stringify(entry)}\n`);
  const sinks = createSinks(options, project, {
    onWritten: (output, timestampsMs) => meter.written(output, timestampsMs, windowed.has(output)),
    onRetry: (output, reason) => {
      meter.retried();
      if (waits.take(output, Date.now()) !== null) say({ kind: 'log', message: `${output} waits: ${reason.split('\n')[0]}` });
    },
    onRejected: (rejected) => {
      meter.rejected();
      keep('rejected-rows.ndjson', rejected);
    },
  });
  const job = new LocalJob({
    input: project.input.name,
    engine,
    sinks,
    queryHash,
    positions,
    checkpointPath,
    nowMs: Date.now,
    onRejectedEvent: (event, batch: HubBatch) =>
      keep('rejected-events.ndjson', { ...event, lastSequenceNumber: batch.lastSequenceNumber }),
  });
  const source = new HubSource({
    connection: options.eventHubs,
    hub: options.hub,
    consumerGroup: project.input.consumerGroup,
    positions,
    accept: (batch) => job.accept(batch).catch(fail),
    onError: (partition, error) => say({ kind: 'log', message: `partition ${partition}: ${error.message}` }),
  });
  await source.start();
  say({ kind: 'ready', positions });
  supervise(
    job,
    source,
    () => meter.stopMeasuring(),
    (hubEnds) => meter.message(engine.metrics(), job.positions, hubEnds, job.pendingRows()),
  );
}

function supervise(
  job: LocalJob,
  source: HubSource,
  beforeEnd: () => void,
  metrics: (hubEnds: Positions | null) => JobMetricsMessage,
): void {
  let hubEnds: Positions | null = null;
  const checkpoints = setInterval(() => job.checkpoint().catch(fail), options.checkpointEveryMs);
  const reports = setInterval(() => say(metrics(hubEnds)), 1000);
  let target: Positions | null = null;
  const ends = setInterval(() => {
    // The hub's clock may differ from ours by a little; time that is told late does no harm.
    const askedMs = Date.now() - 2000;
    source
      .ends()
      .then((found) => {
        hubEnds = Object.fromEntries(found.map((one) => [one.partition, one.lastSequenceNumber]));
        job.caughtUp(found, askedMs);
      })
      .catch((error: Error) => say({ kind: 'log', message: `the hub's ends are not known: ${error.message}` }));
  }, 2000);
  onParentMessage<JobCommand>((command) => {
    target = command.positions;
  });
  const endWhenRead = setInterval(() => {
    if (target === null || !reached(job.positions, target)) return;
    clearInterval(endWhenRead);
    clearInterval(checkpoints);
    beforeEnd();
    job.end().then(() => {
      const last = metrics(target);
      say({ kind: 'ended', metrics: last });
    }, fail);
  }, 100);
  onStop(async () => {
    for (const timer of [checkpoints, reports, ends, endWhenRead]) clearInterval(timer);
    await source.stop();
    await job.checkpoint();
  });
}

function reached(positions: Positions, target: Positions): boolean {
  return Object.entries(target).every(([partition, last]) => (positions[partition] ?? -1) >= last);
}

function fail(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  say({ kind: 'failed', message });
  console.error(error);
  process.exit(1);
}

run().catch(fail);
