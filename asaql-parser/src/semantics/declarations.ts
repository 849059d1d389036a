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
}

export interface OutputDeclaration {
  readonly name: string;
  /** Columns that the output needs to find in every row, such as a document id or a partition key. */
  readonly neededColumns?: readonly { readonly name: string; readonly role: 'document id' | 'partition key' | 'column' }[];
}

export interface FunctionDeclaration {
  readonly name: string;
  readonly kind: 'scalar' | 'aggregate';
  /** Null when the number of parameters is not declared. */
  readonly parameterCount?: number | null;
}

/** A part that is null is not known: then the query may name whatever it likes. */
export interface JobDeclarations {
  readonly inputs: readonly InputDeclaration[] | null;
  readonly outputs: readonly OutputDeclaration[] | null;
  readonly functions: readonly FunctionDeclaration[] | null;
  readonly compatibilityLevel: CompatibilityLevel;
}

/** A query on its own: inputs, outputs and functions are whatever it names. */
export const unknownJob: JobDeclarations = { inputs: null, outputs: null, functions: null, compatibilityLevel: '1.2' };
