/** A compiled query: what is needed to make jobs of it. */
import type { Diagnostic, Script } from '@asaql/parser';
import { Dictionary } from '../batch/dictionary.ts';
import type { SourceText } from '../expressions/from-tree.ts';
import { noUserFunctions } from '../expressions/user-functions.ts';
import { Planner } from './from-tree.ts';
import type { PlanNode } from './nodes.ts';
import type { CompileOptions } from './options.ts';
import { PlanError } from './plan-error.ts';
import { thinSliding } from './thin-sliding.ts';

export interface Plan {
  readonly source: SourceText;
  readonly options: CompileOptions;
  /** Names of the outputs, as written, each once. */
  readonly outputs: readonly string[];
  /** Names of the inputs that are read, as written, each once. */
  readonly inputs: readonly string[];
  /** Those of them that every reading takes by their time of arrival. */
  readonly inputsByArrival: readonly string[];
}

export type CompileResult =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Plans a script to the last column; what the engine does not support is refused here, never run differently. */
export function planScript(script: Script, text: string, options: Partial<CompileOptions>): CompileResult {
  const complete: CompileOptions = {
    compatibilityLevel: options.compatibilityLevel ?? '1.2',
    policies: options.policies ?? null,
    inputs: options.inputs ?? {},
    functions: options.functions ?? noUserFunctions,
    watch: options.watch ?? null,
  };
  const source = { text, script };
  try {
    const nodes = new Planner(source, complete, complete.functions, new Dictionary()).plan(script, true);
    const outputs = nodes.flatMap((node) => (node.kind === 'output' ? [node.output] : []));
    const inputs = nodes.flatMap((node) => (node.kind === 'source' ? [node.input] : []));
    const timed = nodes.flatMap((node) => (node.kind === 'source' && node.timestamp !== null ? [node.input.toLowerCase()] : []));
    const names = { outputs: distinctNames(outputs), inputs: distinctNames(inputs) };
    const inputsByArrival = names.inputs.filter((name) => !timed.includes(name.toLowerCase()));
    return { ok: true, plan: { source, options: complete, ...names, inputsByArrival } };
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    return { ok: false, diagnostics: [{ code: 'ASA9001', severity: 'error', message: error.message, span: error.span }] };
  }
}

function distinctNames(names: readonly string[]): readonly string[] {
  const seen = new Map<string, string>();
  for (const name of names) if (!seen.has(name.toLowerCase())) seen.set(name.toLowerCase(), name);
  return [...seen.values()];
}

/** The nodes of a plan for one job: with a dictionary, and expressions with working memory, of its own. */
export function nodesFor(plan: Plan, dictionary: Dictionary): readonly PlanNode[] {
  const nodes = new Planner(plan.source, plan.options, plan.options.functions, dictionary).plan(plan.source.script, false);
  thinSliding(nodes);
  return nodes;
}
