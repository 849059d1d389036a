/** What a query is compiled for. */

import type { TimePolicies } from '../engine/contract.ts';
import type { UserFunctions } from '../expressions/user-functions.ts';
import type { QueryWatch } from '../expressions/watched.ts';

export type CompatibilityLevel = '1.0' | '1.1' | '1.2';

export interface InputOptions {
  /** A stream unless said otherwise. */
  readonly kind?: 'stream' | 'reference';
  /**
   * Reference data of several moments: rows whose arrival time is the same are one snapshot, which holds from then until the
   * next. Snapshots are pushed in order, each before any event that it holds for. Without this all rows hold always.
   */
  readonly snapshots?: boolean;
  /** What one event is: a JSON object (the default), a line of a CSV file whose header names the columns, or an Avro record. */
  readonly format?: 'json' | 'csv' | 'avro';
  /** Avro: the schema of the records, as JSON. */
  readonly avroSchema?: string;
  /** CSV: the columns in order, and what stands between them (`,`). */
  readonly csvColumns?: readonly string[];
  readonly csvDelimiter?: string;
  /** How many partitions the input has; 1 unless said otherwise. A stream waits for every partition. */
  readonly partitions?: number;
  /** Rows carry EventProcessedUtcTime, PartitionId and EventEnqueuedUtcTime, as the service adds them. */
  readonly metadata?: 'eventHub' | 'none';
}

export interface CompileOptions {
  readonly compatibilityLevel: CompatibilityLevel;
  /** null: no policies, rows are taken in order of event time. */
  readonly policies: TimePolicies | null;
  /** By name, whatever its case; an input that is not listed is a JSON stream of one partition. */
  readonly inputs: { readonly [name: string]: InputOptions };
  readonly functions: UserFunctions;
  /** Is told which way conditions go, for the coverage of tests; null: nobody watches, and nothing is paid for it. */
  readonly watch: QueryWatch | null;
}
