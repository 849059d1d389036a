/** INTO: outputs that exist, that get what they need, and statements that name none. */
import { catalogue } from '../../diagnostics/catalogue.ts';
import { nearest } from '../../text/nearest.ts';
import type { BoundOutput } from '../model.ts';
import type { BoundModel, Findings, ScriptCheck, SelectCheck } from './check.ts';

export const checkIntoPlace: SelectCheck = (select, found) => {
  if (select.node.into !== null && !select.mayHaveInto) found.report(catalogue.intoInStep, select.node.into.span);
};

export const checkOutputs: ScriptCheck = (model, found) => {
  const { outputs: declared } = model.declarations;
  const implicit = model.outputs.filter((output) => output.implicit);
  for (const output of model.outputs) {
    const known = declared?.find((candidate) => candidate.name.toLowerCase() === output.name.toLowerCase());
    if (declared !== null && known === undefined) {
      if (output.implicit) found.report(catalogue.implicitOutput, startOf(output));
      else
        found.report(
          catalogue.unknownOutput,
          output.node.span,
          output.name,
          nearest(
            output.name,
            declared.map((candidate) => candidate.name),
          ),
        );
    }
    for (const needed of known?.neededColumns ?? []) {
      const given = output.result.columnByName.has(needed.name.toLowerCase()) || output.result.extent !== 'closed';
      if (!given)
        found.report(
          catalogue.neededColumn,
          output.implicit ? startOf(output) : output.node.span,
          needed.name,
          needed.role,
          output.name,
        );
    }
  }
  if (implicit.length > 1 && implicit.length === model.outputs.length && declared !== null) {
    for (const output of implicit.slice(1)) found.report(catalogue.severalImplicit, startOf(output));
  }
  checkSchemas(model, found);
};

/** The word SELECT of a statement. */
function startOf(output: BoundOutput): { start: number; end: number } {
  return { start: output.node.span.start, end: Math.min(output.node.span.end, output.node.span.start + 'SELECT'.length) };
}

function checkSchemas(model: BoundModel, found: Findings): void {
  const columnsOf = new Map<string, string>();
  for (const output of model.outputs) {
    if (output.implicit || output.result.extent !== 'closed') continue;
    const key = output.name.toLowerCase();
    const columns = output.result.columns
      .map((column) => column.name.toLowerCase())
      .sort()
      .join('\n');
    const before = columnsOf.get(key);
    if (before !== undefined && before !== columns) found.report(catalogue.differentSchemas, output.node.span, output.name);
    columnsOf.set(key, before ?? columns);
  }
}

export const checkUnused: ScriptCheck = (model, found) => {
  for (const step of model.steps) {
    if (!model.stepsRead.has(step.node.name.text.toLowerCase()) && step.node.name.text !== '')
      found.report(catalogue.unusedStep, step.node.name.span, step.node.name.text);
  }
  const written = new Set(model.outputs.map((output) => output.name.toLowerCase()));
  const start = { start: 0, end: 0 };
  for (const output of model.declarations.outputs ?? []) {
    if (!written.has(output.name.toLowerCase())) found.report(catalogue.unusedOutput, start, output.name);
  }
  const read = new Set(model.inputUses.map((use) => use.name.toLowerCase()));
  for (const input of model.declarations.inputs ?? []) {
    if (!read.has(input.name.toLowerCase())) found.report(catalogue.unusedInput, start, input.name);
  }
  if (model.declarations.compatibilityLevel !== '1.2')
    found.report(catalogue.level, start, model.declarations.compatibilityLevel);
};
