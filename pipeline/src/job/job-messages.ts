/** What the job's process and `asaql up` say to each other. */
import type { CosmosConnection, EventHubsConnection, StorageConnection } from '../config/connections.ts';
import type { Positions } from './checkpoint-file.ts';

export interface JobProcessOptions {
  readonly eventHubs: EventHubsConnection;
  readonly cosmos: CosmosConnection;
  readonly storage: StorageConnection;
  readonly projectDir: string;
  readonly hub: string;
  /** Where the job's checkpoint and its rejected rows are kept. */
  readonly jobDir: string;
  /** Where partitions start that the checkpoint does not know: the last sequence number that is not read. */
  readonly startPositions: Positions;
  readonly checkpointEveryMs: number;
}

/** Lateness of results: from when a row could be known at the earliest (its timestamp and the out-of-order time) to when it was written. */
export interface Lateness {
  readonly rows: number;
  readonly medianMs: number;
  readonly maxMs: number;
}

export interface JobMetricsMessage {
  readonly kind: 'metrics';
  readonly inputEvents: number;
  readonly rejectedEvents: number;
  readonly adjustedEvents: number;
  readonly watermarkMs: number | null;
  readonly positions: Positions;
  /** Where the hub ended when it was asked last. */
  readonly hubEnds: Positions | null;
  readonly outputRows: Readonly<Record<string, number>>;
  readonly writtenRows: Readonly<Record<string, number>>;
  readonly rejectedRows: number;
  readonly pendingRows: number;
  readonly retries: number;
  readonly lateness: Readonly<Record<string, Lateness>>;
  /** Of all window results together. */
  readonly latenessOfAll: Lateness;
}

export type JobMessage =
  | { readonly kind: 'ready'; readonly positions: Positions }
  | JobMetricsMessage
  | { readonly kind: 'ended'; readonly metrics: JobMetricsMessage }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'log'; readonly message: string };

/** `end`: read up to these positions, then close the last windows. */
export type JobCommand = { readonly kind: 'end'; readonly positions: Positions };
