/** `asaql explain`: the plan of a query as text or JSON. */
import process from 'node:process';
import { parseArgs } from 'node:util';
import {
  type CompatibilityLevel,
  type CompileResult,
  compile,
  type ExplainedOperator,
  explain,
  type UserFunctions,
} from '@asaql/engine';
import { analyze, parse, unknownJob } from '@asaql/parser';
import { locate, printed } from '../check/print-diagnostics.ts';
import { UsageError } from '../cli/usage-error.ts';
import { type RunnableQuery, runnableQuery } from '../run/runnable-query.ts';
import { type ExplainedStep, queryShape, referenceInputs } from './query-shape.ts';

export const explainUsage = 'asaql explain FILE|PROJECT [--reference NAME]… [--compat 1.0|1.1|1.2] [--json]';

export interface Explanation {
  readonly steps: readonly ExplainedStep[];
  readonly operators: readonly ExplainedOperator[];
}

/** Resolves with the exit code: 1 where the query has errors. */
export async function explainCommand(argv: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(argv);
  const [path] = positionals;
  if (path === undefined || positionals.length > 1)
    throw new UsageError(`asaql explain takes one query file or project, not ${positionals.length}. Usage: ${explainUsage}`);
  const level = values.compat;
  if (level !== undefined && level !== '1.0' && level !== '1.1' && level !== '1.2')
    throw new UsageError(`--compat takes one of 1.0, 1.1, 1.2, not "${level}".`);
  const query = await runnableQuery(path);
  const explained = explainQuery(query, values.reference ?? [], level ?? query.compatibilityLevel);
  if (explained.kind === 'refused') {
    process.stderr.write(printed(query.path, locate(query.text, explained.diagnostics)));
    return 1;
  }
  const { kind: _, ...explanation } = explained;
  process.stdout.write(values.json ? `${JSON.stringify(explanation, null, 2)}\n` : inWords(explanation));
  return 0;
}

function readArguments(argv: readonly string[]) {
  const options = {
    reference: { type: 'string', multiple: true },
    compat: { type: 'string' },
    json: { type: 'boolean' },
  } as const;
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('\n')[0]} Usage: ${explainUsage}`);
  }
}

type Refused = { readonly kind: 'refused' } & Pick<Extract<CompileResult, { ok: false }>, 'diagnostics'>;

/** Functions are not called for a plan: any name will do. */
const anyFunctions: UserFunctions = {
  scalar: () => () => null,
  aggregate: () => () => ({ accumulate: () => {}, computeResult: () => null }),
};

function explainQuery(
  query: RunnableQuery,
  references: readonly string[],
  compatibilityLevel: CompatibilityLevel,
): ({ readonly kind: 'explained' } & Explanation) | Refused {
  const model = analyze(parse(query.text), { ...unknownJob, compatibilityLevel });
  const names = [...referenceInputs(model), ...query.referenceNames, ...references];
  const compiled = compile(query.text, {
    compatibilityLevel,
    policies: query.policies,
    inputs: Object.fromEntries(names.map((name) => [name, { kind: 'reference' as const }])),
    functions: anyFunctions,
  });
  if (!compiled.ok) return { kind: 'refused', diagnostics: compiled.diagnostics };
  return { kind: 'explained', steps: queryShape(model), operators: explain(compiled.plan) };
}

function inWords({ steps, operators }: Explanation): string {
  const lines: string[] = [];
  for (const [kind, title] of [
    ['step', 'Steps'],
    ['output', 'Outputs'],
  ] as const) {
    const told = steps.filter((step) => step.kind === kind);
    if (told.length === 0) continue;
    lines.push(title);
    for (const { name, reads, parallel, why, rate } of told) {
      lines.push(`  ${name}`, `    reads     ${reads.join(', ')}`);
      lines.push(`    rows      ${rate}`, `    parallel  ${parallel ? 'yes' : 'no'}: ${why}`);
    }
    lines.push('');
  }
  lines.push('Operators');
  const digits = Math.max(...operators.map(({ id }) => String(id).length));
  for (const { id, operator, reads, does, keeps } of operators) {
    const from = reads.length > 0 ? ` <- ${reads.join(', ')}` : '';
    lines.push(`  ${String(id).padStart(digits)} ${operator}${from}: ${does}`);
    if (keeps !== null) lines.push(`  ${' '.repeat(digits)}   keeps ${keeps}`);
  }
  return `${lines.join('\n')}\n`;
}
