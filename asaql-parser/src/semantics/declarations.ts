/** What a job declares outside its query. Given to the analysis from outside; knows no query. */
import type { ValueType } from './types.ts';

export type CompatibilityLevel = '1.0' | '1.1' | '1.2';

export interface InputDeclaration {
  readonly name: string;
  readonly kind: 'stream' | 'reference';
  /** Columns that samples or a schema show; null when nothing is known. Others may exist. */
  readonly columns: readonly { readonly name: string; readonly type: ValueType }[] | null;
  /** Number of partitions of a stream; left out when it is not known. */
  readonly partitionCount?: number;
  /** The field that its events are partitioned by, where the job says so. */
  readonly partitionKey?: string;
  /** How its events are written down, in lower case: `json`, `csv`, `avro`. */
  readonly format?: string;
}

/** Kinds of outputs of which rules speak. */
export type OutputKind = 'cosmosDb' | 'powerBi' | 'sql' | 'eventHub' | 'storage' | 'other';

export interface OutputDeclaration {
  readonly name: string;
  readonly kind?: OutputKind;
  /** Power BI: what it writes to. Outputs of one dataset have the same text. */
  readonly dataset?: string;
  /** Columns that the output needs to find in every row, such as a document id or a partition key. */
  readonly neededColumns?: readonly { readonly name: string; readonly role: 'document id' | 'partition key' | 'column' }[];
}

export interface FunctionDeclaration {
  readonly name: string;
  readonly kind: 'scalar' | 'aggregate';
  /** Null when the number of parameters is not declared. */
  readonly parameterCount?: number | null;
  /** The code, where it is JavaScript. */
  readonly code?: string;
  /** An endpoint of Azure Machine Learning. */
  readonly isModel?: boolean;
}

/** A part that is null is not known: then the query may name whatever it likes. */
export interface JobDeclarations {
  readonly inputs: readonly InputDeclaration[] | null;
  readonly outputs: readonly OutputDeclaration[] | null;
  readonly functions: readonly FunctionDeclaration[] | null;
  readonly compatibilityLevel: CompatibilityLevel;
  /** Where the job runs; left out, in the cloud. */
  readonly hosting?: 'cloud' | 'edge';
}

/** A query on its own: inputs, outputs and functions are whatever it names. */
export const unknownJob: JobDeclarations = { inputs: null, outputs: null, functions: null, compatibilityLevel: '1.2' };
