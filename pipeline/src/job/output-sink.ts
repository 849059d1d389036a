/** What the job needs of an output: rows are taken at once and written behind; `settled` says when. */
import type { OutputBatch } from '@asaql/engine';

export interface OutputSink {
  /** Takes rows. They are written in order per document or file, retried for as long as the service is away. */
  write(batch: OutputBatch): void;
  /** Resolves when everything taken before the call is written (or rejected with a reason). */
  settled(): Promise<void>;
  /** Rows taken and not yet written. */
  pendingRows(): number;
  /** Gives up what is still waiting; what was not settled is written again after the next start. */
  close(): Promise<void>;
}

/** A row that an output refused for good, as the job's error policy Drop has it: counted and told, with the reason. */
export interface RejectedRow {
  readonly output: string;
  readonly reason: string;
  readonly row: unknown;
}

export interface SinkEvents {
  readonly onRejected: (rejected: RejectedRow) => void;
  /** The service could not be reached or throttled; the sink goes on trying. */
  readonly onRetry: (output: string, reason: string, delayMs: number) => void;
  /** Rows written, with their System.Timestamp() in ms: for rates and lateness. */
  readonly onWritten: (output: string, timestampsMs: readonly number[]) => void;
}

/** Waits between tries: doubled from 100 ms to 5 s. A service that says how long to wait is obeyed. */
export function retryDelayMs(attempt: number, askedMs: number | null): number {
  return askedMs ?? Math.min(5000, 100 * 2 ** Math.min(attempt, 10));
}
