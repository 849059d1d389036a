/** The door of the meaning: a parsed text and what the job declares in, a model with all diagnostics out. */

import { catalogue } from '../diagnostics/catalogue.ts';
import type { Diagnostic, DiagnosticRule } from '../diagnostics/diagnostic.ts';
import { withoutSwitchedOff } from '../diagnostics/switched-off.ts';
import type { ParseResult } from '../parser/parse.ts';
import { Places } from '../text/places.ts';
import { Binder } from './binder.ts';
import { scriptChecks, selectChecks } from './checks/all-checks.ts';
import { brokenPlaces, Findings } from './checks/check.ts';
import { type JobDeclarations, unknownJob } from './declarations.ts';
import type { Model } from './model.ts';

const noRules: ReadonlySet<string> = new Set();

export interface AnalyzeOptions {
  /** Codes of rules of taste that are switched off, such as `ASA1015`. Errors cannot be. */
  readonly disabledRules?: ReadonlySet<string>;
  /** The text is one of several that the job's query is combined from: what is said of a whole job is not said of it. */
  readonly isPart?: boolean;
}

const jobRules: ReadonlySet<string> = new Set(
  (Object.values(catalogue) as readonly DiagnosticRule<never>[]).filter((rule) => rule.ofJob === true).map(({ code }) => code),
);

/**
 * What a script means. Without declarations (a file on its own) inputs, outputs and functions are whatever it names.
 * The diagnostics are those of the syntax and of the meaning together, in the order of the text. Never throws.
 */
export function analyze(
  result: ParseResult,
  declarations: JobDeclarations = unknownJob,
  { disabledRules = noRules, isPart = false }: AnalyzeOptions = {},
): Model {
  const model = new Binder(result, declarations).bind();
  const found = new Findings(result);
  for (const select of model.selects) for (const check of selectChecks) check(select, found, model);
  for (const check of scriptChecks) check(model, found);
  const all = [...result.diagnostics, ...withoutConsequences(found.diagnostics, result)].filter(
    ({ span }) => !found.explainedPlaces.some(({ start, end }) => start <= span.start && span.end <= end),
  );
  const told = isPart ? all.filter(({ code }) => !jobRules.has(code)) : all;
  const diagnostics = [...withoutSwitchedOff(told, result.text, () => result.tokens, disabledRules)];
  diagnostics.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end || (a.code < b.code ? -1 : 1));
  return { ...model, diagnostics };
}

/** What stands right beside something that could not be read follows from it. */
function withoutConsequences(found: readonly Diagnostic[], result: ParseResult): readonly Diagnostic[] {
  const broken = new Places(result.text, brokenPlaces(result));
  return broken.isEmpty ? found : found.filter(({ span }) => !broken.touches(span));
}
