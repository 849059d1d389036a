/** What is known of a running pipeline, gathered from its parts: the live view and the dashboard's health line show it. */
import type { HealthSnapshot } from '@asaql/webview/protocol';
import type { FunctionsProcessMessage } from '../functions-host/functions-process.ts';
import type { Positions } from '../job/checkpoint-file.ts';
import type { JobMetricsMessage } from '../job/job-messages.ts';

export type PartState = 'starting' | 'running' | 'stopped' | 'failed';
export type PartName = 'emulators' | 'functions' | 'job' | 'generator' | 'dashboard';
export type FunctionsMetrics = Extract<FunctionsProcessMessage, { kind: 'metrics' }>;

export interface PipelineStatus {
  readonly parts: Map<PartName, { state: PartState; restarts: number; detail: string | null }>;
  job: JobMetricsMessage | null;
  functions: FunctionsMetrics | null;
  /** What Functions hosts did that have ended since, and the newest one's own figures. */
  readonly functionTotals: { processed: number; archived: number; deadLettered: number; last: FunctionsMetrics | null };
  generated: number;
  acknowledged: number;
  generatedPerSecond: number;
  /** Rows that the outputs wrote in the last second. */
  rowsPerSecond: number;
  eventsReadPerSecond: number;
  /** Last sequence numbers in the hub, as the job asked for them. */
  hubEnds: Positions | null;
}

export function newStatus(): PipelineStatus {
  return {
    parts: new Map(),
    job: null,
    functions: null,
    functionTotals: { processed: 0, archived: 0, deadLettered: 0, last: null },
    generated: 0,
    acknowledged: 0,
    generatedPerSecond: 0,
    rowsPerSecond: 0,
    eventsReadPerSecond: 0,
    hubEnds: null,
  };
}

/** Takes the job's new figures; the rates are what came since the last ones. A restarted job begins to count anew. */
export function takeJobMetrics(status: PipelineStatus, metrics: JobMetricsMessage): void {
  const rows = (message: JobMetricsMessage) => Object.values(message.writtenRows).reduce((sum, count) => sum + count, 0);
  const before = status.job !== null && status.job.inputEvents <= metrics.inputEvents ? status.job : null;
  status.rowsPerSecond = before === null ? 0 : Math.max(0, rows(metrics) - rows(before));
  status.eventsReadPerSecond = before === null ? 0 : metrics.inputEvents - before.inputEvents;
  status.job = metrics;
  status.hubEnds = metrics.hubEnds;
}

/** Takes the Functions host's new figures. A host that was started again counts from 0: what the earlier ones did is added. */
export function takeFunctionsMetrics(status: PipelineStatus, metrics: FunctionsMetrics): void {
  const { last } = status.functionTotals;
  const earlier = last !== null && metrics.archived < last.archived ? last : null;
  if (earlier !== null) {
    status.functionTotals.processed += earlier.processed;
    status.functionTotals.archived += earlier.archived;
    status.functionTotals.deadLettered += earlier.deadLettered;
  }
  status.functionTotals.last = metrics;
  const { processed, archived, deadLettered } = status.functionTotals;
  status.functions = {
    ...metrics,
    processed: metrics.processed + processed,
    archived: metrics.archived + archived,
    deadLettered: metrics.deadLettered + deadLettered,
  };
}

/** Events in the hub that the job has not read; null while it is not known. */
export function jobLag(status: PipelineStatus): number | null {
  if (status.job === null || status.hubEnds === null) return null;
  const { positions } = status.job;
  return Object.entries(status.hubEnds).reduce(
    (sum, [partition, end]) => sum + Math.max(0, end - (positions[partition] ?? -1)),
    0,
  );
}

/** The same as the dashboard shows it. */
export function healthOf(status: PipelineStatus, nowMs: number): HealthSnapshot {
  const watermarkMs = status.job?.watermarkMs ?? null;
  return {
    eventsInPerSecond: status.generatedPerSecond,
    eventsOutPerSecond: status.rowsPerSecond,
    lagEvents: jobLag(status),
    watermarkDelayMs: watermarkMs === null ? null : Math.max(0, nowMs - watermarkMs),
    deadLetters: status.functions?.deadLettered ?? null,
    parts: [...status.parts].map(([name, part]) => ({
      name,
      state: part.state,
      detail: part.restarts > 0 ? `started again ${part.restarts} times` : part.detail,
    })),
  };
}
