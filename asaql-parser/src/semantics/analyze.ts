/** The door of the meaning: a parsed text and what the job declares in, a model with all diagnostics out. */
import { catalogue } from '../diagnostics/catalogue.ts';
import type { Diagnostic, DiagnosticRule } from '../diagnostics/diagnostic.ts';
import { withoutSwitchedOff } from '../diagnostics/switched-off.ts';
import type { ParseResult } from '../parser/parse.ts';
import { Places } from '../text/places.ts';
import { Binder } from './binder.ts';
import type { BindingMemory, BoundUnit, UnitFindings } from './binding-memory.ts';
import { scriptChecks, selectChecks } from './checks/all-checks.ts';
import { type BoundModel, brokenPlaces, Findings } from './checks/check.ts';
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
 * The diagnostics are those of the syntax and of the meaning together, in the order of the text. Never throws. What was
 * bound with the same `memory` before and has not changed is taken over; models made with it before are not to be read any more.
 */
export function analyze(
  result: ParseResult,
  declarations: JobDeclarations = unknownJob,
  options: AnalyzeOptions = {},
  memory: BindingMemory | null = null,
): Model {
  const { disabledRules = noRules, isPart = false } = options;
  const { model, units } = new Binder(result, declarations, memory).bind();
  const broken = new Places(result.text, brokenPlaces(result), 'none');
  const found = new Findings(result.text, broken);
  for (const unit of units) found.addAll(findingsOf(unit, model, broken, memory));
  for (const check of scriptChecks) check(model, found);
  const explained = new Places(result.text, found.explainedPlaces, 'none');
  const all = [...result.diagnostics, ...withoutConsequences(found.diagnostics, result)].filter(
    ({ span }) => !(explained.touches(span) && found.isExplained(span)),
  );
  const told = isPart ? all.filter(({ code }) => !jobRules.has(code)) : all;
  const diagnostics = [...withoutSwitchedOff(told, result.text, () => result.tokens, disabledRules)];
  diagnostics.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end || (a.code < b.code ? -1 : 1));
  return { ...model, diagnostics };
}

/** What the checks find in the SELECTs of a unit: once, as long as nothing in it is or was broken. */
function findingsOf(unit: BoundUnit, model: BoundModel, broken: Places, memory: BindingMemory | null): UnitFindings {
  const isSure = !broken.touches(unit.node.span);
  const before = isSure ? (memory?.findingsOf(unit) ?? null) : null;
  if (before?.isSure === true) return before;
  const found = new Findings(model.text, broken);
  for (const select of unit.selects) for (const check of selectChecks) check(select, found, model);
  const { diagnostics, explainedPlaces } = found;
  const findings = { diagnostics, explainedPlaces, isSure };
  memory?.keepFindings(unit, findings);
  return findings;
}

/** What stands right beside something that could not be read follows from it. */
function withoutConsequences(found: readonly Diagnostic[], result: ParseResult): readonly Diagnostic[] {
  const broken = new Places(result.text, brokenPlaces(result));
  return broken.isEmpty ? found : found.filter(({ span }) => !broken.touches(span));
}
