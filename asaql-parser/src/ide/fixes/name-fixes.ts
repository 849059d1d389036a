/** Fixes of names: did you mean, and which of several. */
import { catalogue } from '../../diagnostics/catalogue.ts';
import { functionAdvice } from '../../semantics/functions/function-catalogue.ts';
import { resolvePath, scopeOf } from '../../semantics/resolve-path.ts';
import { nameText } from '../name-text.ts';
import { didYouMean, type Fix, type FixContext, type FixMaker, replacing } from './fix.ts';

function inputName(context: FixContext): readonly Fix[] {
  const { model } = context.snapshot;
  const inputs = (model.declarations.inputs ?? []).map((input) => input.name);
  return didYouMean(context, unquoted(context), [...inputs, ...model.steps.map((step) => step.node.name.text)]);
}

function unquoted(context: FixContext): string {
  return context.exactly('name')?.text ?? context.found;
}

/** Columns of the source that lacks the one that is named. */
function columnName(context: FixContext): readonly Fix[] {
  const { select } = context;
  const path = context.around('path');
  if (select === null || path === null) return [];
  const resolution = select.resolutions.get(path);
  if (resolution?.kind !== 'missing') return [];
  const sources = resolution.source === null ? select.sources : [resolution.source];
  const columns = sources.flatMap((source) => source.relation.columns.map((column) => column.name));
  return didYouMean(context, resolution.name.text, columns);
}

function fieldName(context: FixContext): readonly Fix[] {
  const { select } = context;
  const path = context.around('path');
  const resolution = path === null ? undefined : select?.resolutions.get(path);
  if (resolution?.kind !== 'missingField') return [];
  return didYouMean(
    context,
    resolution.name.text,
    (resolution.type.fields ?? []).map((field) => field.name),
  );
}

/** Functions of other languages: those that only have another name, and those that are written otherwise. */
function functionName(context: FixContext): readonly Fix[] {
  const call = context.around('call');
  if (call === null || call.prefix !== null) return [];
  const name = call.name.text.toLowerCase();
  const args = call.arguments.map((argument) => context.textOf(argument));
  const whole = (text: string): readonly Fix[] => [
    { title: `Write ${text}`, edits: [{ span: call.span, text }], preferred: true },
  ];
  const [first] = args;
  if (name === 'median' && first !== undefined) return whole(`PERCENTILE_CONT(0.5) OVER (ORDER BY ${first})`);
  if (name === 'iif' && args.length === 3) return whole(`CASE WHEN ${args[0]} THEN ${args[1]} ELSE ${args[2]} END`);
  const advice = functionAdvice(name);
  if (advice === null) return [];
  if (advice === 'System.Timestamp()') return whole(advice);
  const renamed = /^([A-Za-z_]+)(?:\([^()]*\))?$/.exec(advice)?.[1];
  return renamed === undefined || name === 'snapshotwindow' ? [] : [replacing(context, renamed, `Change to ${renamed}`)];
}

function userFunctionName(context: FixContext): readonly Fix[] {
  const call = context.around('call');
  const wanted = call?.prefix === 'uda' ? 'aggregate' : 'scalar';
  const declared = (context.snapshot.declarations.functions ?? []).filter(({ kind }) => kind === wanted).map(({ name }) => name);
  return didYouMean(context, unquoted(context), declared);
}

function outputName(context: FixContext): readonly Fix[] {
  const outputs = (context.snapshot.declarations.outputs ?? []).map((output) => output.name);
  const near = didYouMean(context, unquoted(context), outputs);
  if (near.length > 0) return near;
  return outputs.slice(0, 3).map((name) => replacing(context, nameText(name), `Write into ${name}`, false));
}

function ambiguous(context: FixContext): readonly Fix[] {
  const { select } = context;
  const path = context.around('path');
  const resolution = path === null ? undefined : select?.resolutions.get(path);
  if (resolution?.kind !== 'ambiguous') return [];
  return resolution.sources.map(({ alias }) => {
    const text = `${nameText(alias)}.${context.found}`;
    return replacing(context, text, `Write ${text}`, false);
  });
}

function aliasInstead(context: FixContext): readonly Fix[] {
  const { select } = context;
  const path = context.around('path');
  if (select === null || path === null) return [];
  const resolution = select.resolutions.get(path) ?? resolvePath(path, scopeOf(select.sources, null, null));
  if (resolution.kind !== 'hidden') return [];
  const text = nameText(resolution.source.alias);
  return [replacing(context, text, `Write ${text}`)];
}

function declaredSpelling(context: FixContext): readonly Fix[] {
  const { occurrences } = context.snapshot;
  const [found] = occurrences
    .at(context.diagnostic.span.start)
    .filter(({ span }) => span.start === context.diagnostic.span.start);
  if (found === undefined) return [];
  const text = nameText(found.entity.name);
  return [replacing(context, text, `Write ${text}`)];
}

/** By code. */
export const nameFixes: Readonly<Record<string, FixMaker>> = {
  [catalogue.unknownInput.code]: inputName,
  [catalogue.unknownColumn.code]: columnName,
  [catalogue.unseenColumn.code]: columnName,
  [catalogue.unknownField.code]: fieldName,
  [catalogue.unknownFunction.code]: functionName,
  [catalogue.unknownUserFunction.code]: userFunctionName,
  [catalogue.unknownOutput.code]: outputName,
  [catalogue.ambiguousColumn.code]: ambiguous,
  [catalogue.hiddenName.code]: aliasInstead,
  [catalogue.nameCase.code]: declaredSpelling,
};
