/**
 * The one structured line that every batch writes to the log. Saved queries, alerts and the local run's live view read
 * these names and no others; a renamed field is a broken dashboard, so the names stand here once.
 */
import type { InvocationContext } from '@azure/functions';

/** What a line measures. The keys are used in code, the values stand in the log. */
export const batchLogFields = {
  kind: 'kind',
  functionName: 'function_name',
  invocationId: 'invocation_id',
  partition: 'partition',
  firstSequenceNumber: 'first_sequence_number',
  lastSequenceNumber: 'last_sequence_number',
  eventsReceived: 'events_received',
  eventsProcessed: 'events_processed',
  eventsInvalid: 'events_invalid',
  eventsRefused: 'events_refused',
  eventsDeadLettered: 'events_dead_lettered',
  eventsArchived: 'events_archived',
  eventsAlreadyArchived: 'events_already_archived',
  eventsReplayed: 'events_replayed',
  eventsGivenUp: 'events_given_up',
  hoursCompacted: 'hours_compacted',
  rowsWritten: 'rows_written',
  retries: 'retries',
  throttled: 'throttled_requests',
  requestUnits: 'request_units',
  cosmosMs: 'cosmos_ms',
  lakeMs: 'lake_ms',
  lakeBytes: 'lake_bytes',
  durationMs: 'duration_ms',
  endToEndMedianMs: 'end_to_end_median_ms',
  endToEndMaxMs: 'end_to_end_max_ms',
} as const;

/** The value of the field `kind`: how a query finds these lines among all others. */
export const batchLogKind = 'batch';

export type BatchLogField = Exclude<keyof typeof batchLogFields, 'kind' | 'functionName' | 'invocationId'>;
export type BatchLog = Partial<Record<BatchLogField, number | string>>;

/** Writes the line at level information, as JSON. Times are rounded to a tenth of a millisecond. */
export function logBatch(context: InvocationContext, values: BatchLog): void {
  const line: Record<string, number | string> = {
    [batchLogFields.kind]: batchLogKind,
    [batchLogFields.functionName]: context.functionName,
    [batchLogFields.invocationId]: context.invocationId,
  };
  for (const [key, value] of Object.entries(values)) {
    line[batchLogFields[key as BatchLogField]] = typeof value === 'number' ? Math.round(value * 10) / 10 : value;
  }
  context.log(JSON.stringify(line));
}

/** Median and largest time from the hub's enqueuing to now; empty for no events. */
export function endToEnd(enqueuedTimesMs: readonly number[], nowMs: number): BatchLog {
  if (enqueuedTimesMs.length === 0) return {};
  const sorted = enqueuedTimesMs.toSorted((left, right) => left - right);
  const median = sorted[sorted.length >> 1] ?? nowMs;
  return { endToEndMedianMs: Math.max(0, nowMs - median), endToEndMaxMs: Math.max(0, nowMs - (sorted[0] ?? nowMs)) };
}
