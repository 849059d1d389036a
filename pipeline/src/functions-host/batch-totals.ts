/** Sums what the app's own batch lines say: the live view and the saved queries read the same figures. Pure. */
import { batchLogFields, batchLogKind } from '@asaql/runtime';
import type { LogEntry } from './functions-app.ts';

export interface BatchTotals {
  readonly processed: number;
  readonly invalid: number;
  readonly deadLettered: number;
  readonly archived: number;
  readonly retries: number;
  readonly throttled: number;
  readonly requestUnits: number;
  /** Of the newest batch that processEvents finished; 0 before the first. */
  readonly endToEndMs: number;
}

export const noTotals: BatchTotals = {
  processed: 0,
  invalid: 0,
  deadLettered: 0,
  archived: 0,
  retries: 0,
  throttled: 0,
  requestUnits: 0,
  endToEndMs: 0,
};

/** The totals with one more log entry; the same object where the entry is no batch line. */
export function addBatchLine(totals: BatchTotals, entry: LogEntry): BatchTotals {
  if (entry.level !== 'information' || !entry.message.startsWith('{')) return totals;
  let line: Record<string, unknown>;
  try {
    line = JSON.parse(entry.message) as Record<string, unknown>;
  } catch {
    return totals;
  }
  if (line[batchLogFields.kind] !== batchLogKind) return totals;
  const number = (name: string) => (typeof line[name] === 'number' ? line[name] : 0);
  const isProcess = line[batchLogFields.eventsProcessed] !== undefined;
  return {
    processed: totals.processed + number(batchLogFields.eventsProcessed),
    invalid: totals.invalid + (isProcess ? number(batchLogFields.eventsInvalid) : 0),
    deadLettered: totals.deadLettered + number(batchLogFields.eventsDeadLettered),
    archived: totals.archived + number(batchLogFields.eventsArchived),
    retries: totals.retries + number(batchLogFields.retries),
    throttled: totals.throttled + number(batchLogFields.throttled),
    requestUnits: totals.requestUnits + number(batchLogFields.requestUnits),
    endToEndMs: isProcess ? number(batchLogFields.endToEndMedianMs) : totals.endToEndMs,
  };
}
