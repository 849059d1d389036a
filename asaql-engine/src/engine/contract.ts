/**
 * What goes into the engine and what comes out: the only types that connectors need. Knows no operator.
 *
 * The engine is a step machine: `push` batches, `step` until idle, take the output batches. It never waits, reads no
 * clock and does no I/O; arrival times and the wall clock come with what is pushed.
 */

/**
 * A value as an output row carries it. Datetimes are texts as ASA prints them (`2026-01-15T12:00:10.0000000Z`). A bigint is
 * a `number` as long as that holds it exactly (±2^53) and a `bigint` beyond: print rows by `jsonOfOutput`.
 */
export type OutputValue = null | boolean | number | bigint | string | OutputValue[] | { [name: string]: OutputValue };
export type OutputRow = { [column: string]: OutputValue };

/**
 * Events of one partition of one input in order of arrival, as bytes. Event i is the UTF-8 document
 * `bytes[starts[i], ends[i])`. Only the first `count` entries count. The engine does not keep `bytes` after `push` returned.
 */
export interface InputBatch {
  readonly input: string;
  readonly partition: number;
  readonly count: number;
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** When the hub took the event (Event Hubs: enqueued time), ms since 1970, never falling within a partition. */
  readonly arrivalTimeMs: Float64Array;
  /** When the job read the batch, ms since 1970 (`EventProcessedUtcTime`). */
  readonly processedTimeMs: number;
  /** What else GetMetadataPropertyValue can read of event i. Called only where the query reads it. */
  readonly metadataOf?: (event: number) => EventMetadata | undefined;
}

export type MetadataValue = null | boolean | number | bigint | string | Date | { readonly [name: string]: MetadataValue };

/**
 * Properties of an event beside its body, by the path that the function takes: `{ EventHub: { Offset: '0', SequenceNumber: 7 },
 * User: { colour: 'red' } }` answers '[EventHub].[Offset]' and '[User].[colour]'. Numbers that are whole become bigints.
 * https://learn.microsoft.com/stream-analytics-query/getmetadatapropertyvalue
 */
export type EventMetadata = { readonly [name: string]: MetadataValue };

/** Rows of one output, in order of emission. */
export interface OutputBatch {
  readonly output: string;
  readonly rows: readonly OutputRow[];
  /** System.Timestamp() of each row, ms since 1970. */
  readonly timestampsMs: readonly number[];
}

/** A row that could not be read or that a time policy took away: never silently lost. */
export interface RejectedEvent {
  readonly input: string;
  readonly partition: number;
  /** Position of the event in what was pushed for this partition since the job began, from 0. */
  readonly index: number;
  readonly reason:
    | 'InputDeserializerError.InvalidData'
    | 'InputDeserializerError.TypeConversionError'
    | 'InputDeserializerError.MissingColumns'
    | 'InvalidInputTimeStamp'
    | 'InvalidInputTimeStampKey'
    | 'LateInputEvent'
    | 'EarlyInputEvent'
    | 'OutOfOrderEvent';
  readonly message: string;
}

/**
 * What became of an event that could be read, and why: on time, adjusted, or dropped. Told once for each reading of its input
 * (one that the query reads with two different TIMESTAMP BY has two). For previews, tests and debugging.
 */
export interface TimedEvent {
  readonly input: string;
  readonly partition: number;
  /** As in RejectedEvent. */
  readonly index: number;
  /** What TIMESTAMP BY gave, or the time of arrival without one; null: nothing that is a time. */
  readonly eventTimeMs: number | null;
  readonly arrivalTimeMs: number;
  /** System.Timestamp() of its row: another than the event time where a policy adjusted it; null: dropped. */
  readonly timestampMs: number | null;
  readonly outcome: 'onTime' | 'adjusted' | 'dropped';
  /** Which policy adjusted or dropped it, and its tolerance; null where none did. */
  readonly policy: { readonly kind: 'early' | 'late' | 'outOfOrder'; readonly toleranceMs: number } | null;
  /** One sentence: `Adjusted from … to …: it arrived more than 5 s late.` */
  readonly message: string;
}

/** Time policies of a job: https://learn.microsoft.com/stream-analytics-query/time-skew-policies-azure-stream-analytics */
export interface TimePolicies {
  /** Tolerance between event time and arrival, in ms; Infinity accepts any. */
  readonly lateArrivalMs: number;
  readonly outOfOrderMs: number;
  /** Events further than this ahead of their arrival are dropped, in ms; Infinity accepts any. */
  readonly earlyArrivalMs: number;
  readonly action: 'adjust' | 'drop';
}

export interface JobMetrics {
  readonly inputEvents: number;
  readonly rejectedEvents: number;
  readonly lateEvents: number;
  readonly earlyEvents: number;
  readonly outOfOrderEvents: number;
  readonly adjustedEvents: number;
  readonly outputRows: { readonly [output: string]: number };
  /** The job's watermark, ms since 1970; -Infinity before the first event. */
  readonly watermarkMs: number;
}

/** A running job. One caller, one thread. */
export interface Job {
  /** Takes a batch; decodes it at once. */
  push(batch: InputBatch): void;
  /**
   * Tells the job that the wall clock is at `nowMs` and that nothing more has arrived before it, so that the watermark of
   * idle partitions moves (estimated arrival time less the late tolerance). Never call it in a replay of a file.
   */
  advance(nowMs: number): void;
  /** Does a bounded piece of work. False when there is none left. */
  step(): boolean;
  /**
   * Nothing more comes from one partition of an input, while others go on: they wait for it no longer. Rows that only it
   * could still precede need not be kept.
   */
  endPartition(input: string, partition: number): void;
  /** The end of all inputs: the last windows close. Call `step` until it is false, then `take`. */
  end(): void;
  /** Output since the last call, in order of emission. */
  take(): OutputBatch[];
  /** Rejected events since the last call. */
  takeRejected(): RejectedEvent[];
  metrics(): JobMetrics;
  /** The job's whole state, versioned. Only between steps, with nothing pending and nothing left to take. */
  checkpoint(): Uint8Array;
  /** Puts a fresh job into a checkpointed state. Throws an EngineError with a clear message on another version or another query. */
  restore(checkpoint: Uint8Array): void;
}
