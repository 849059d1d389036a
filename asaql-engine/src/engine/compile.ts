/** From text, or a parsed script, to a plan. */
import { parse, type Script } from '@asaql/parser';
import type { CompileOptions } from '../plan/options.ts';
import { type CompileResult, planScript } from '../plan/plan.ts';

/** Errors of form are the parser's; then what the engine refuses. Nothing is thrown for any text. */
export function compile(
  query: string | { readonly text: string; readonly script: Script },
  options: Partial<CompileOptions> = {},
): CompileResult {
  if (typeof query !== 'string') return planScript(query.script, query.text, options);
  const parsed = parse(query);
  const errors = parsed.diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
  if (errors.length > 0) return { ok: false, diagnostics: errors };
  return planScript(parsed.script, query, options);
}
