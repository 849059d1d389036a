/** A documented case as files on the disk and options of `asaql run`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { OutputRow } from '@asaql/engine';

export interface Case {
  readonly id: string;
  readonly query: string;
  readonly inputs: { readonly [input: string]: readonly object[] };
  readonly referenceInputs?: readonly string[];
  readonly policy?: {
    readonly lateArrivalSeconds?: number | 'large';
    readonly outOfOrderSeconds?: number;
    readonly earlySeconds?: number | null;
    readonly action?: 'Adjust' | 'Drop';
  };
  readonly arrivalColumn?: string;
  readonly compatLevel?: string;
  readonly functions?: { readonly [name: string]: string };
  readonly expected: { readonly [output: string]: readonly OutputRow[] };
  readonly expectedIsPrefix?: boolean;
  readonly unorderedArrays?: boolean;
}

export interface CaseFiles {
  readonly query: string;
  /** `NAME=FILE` of each input. */
  readonly inputs: readonly string[];
  readonly references: readonly string[];
  readonly functions: string | null;
}

/** Some cases call a function of this name that they do not bring. */
const usualFunctions = { udfLen: 'function main(x) { return x.length; }' };

export function caseFiles(one: Case, folder: string, format: 'ndjson' | 'array' | 'gzip'): CaseFiles {
  const functions = join(folder, 'functions');
  mkdirSync(functions, { recursive: true });
  const query = join(folder, 'query.asaql');
  writeFileSync(query, one.query);
  const sources = Object.entries({ ...(/udf\.udfLen/i.test(one.query) ? usualFunctions : {}), ...one.functions });
  for (const [name, source] of sources) writeFileSync(join(functions, `${name}.js`), source);
  const inputs: string[] = [];
  const references: string[] = [];
  Object.entries(one.inputs).forEach(([name, rows], number) => {
    const path = join(folder, `${number}.${format === 'ndjson' ? 'ndjson' : format === 'array' ? 'json' : 'json.gz'}`);
    const text = format === 'ndjson' ? rows.map((row) => JSON.stringify(row)).join('\n') : JSON.stringify(rows, null, 2);
    writeFileSync(path, format === 'gzip' ? gzipSync(text) : text);
    (one.referenceInputs?.includes(name) ? references : inputs).push(`${name}=${path}`);
  });
  return { query, inputs, references, functions: sources.length > 0 ? functions : null };
}

export function caseOptions(one: Case, files: CaseFiles): string[] {
  const { policy, arrivalColumn, compatLevel } = one;
  const late = policy?.lateArrivalSeconds;
  return [
    files.query,
    '--json',
    ...files.inputs.flatMap((input) => ['--input', input]),
    ...files.references.flatMap((input) => ['--reference', input]),
    ...(late === undefined ? [] : ['--late', late === 'large' ? '1814399' : String(late)]),
    ...(policy?.outOfOrderSeconds === undefined ? [] : ['--out-of-order', String(policy.outOfOrderSeconds)]),
    ...(policy?.earlySeconds === undefined
      ? []
      : ['--early', policy.earlySeconds === null ? 'off' : String(policy.earlySeconds)]),
    ...(policy?.action === undefined ? [] : ['--policy', policy.action.toLowerCase()]),
    ...(arrivalColumn === undefined ? [] : ['--arrival', arrivalColumn]),
    ...(compatLevel === undefined ? [] : ['--compat', compatLevel]),
    ...(files.functions === null ? [] : ['--functions', files.functions]),
  ];
}
