/** Fixes of names: did you mean, and which of several. */
import { catalogue } from '../../diagnostics/catalogue.ts';
import { foreignConstants } from '../../semantics/checks/names.ts';
import { resolvePath, scopeOf } from '../../semantics/resolve-path.ts';
import { entryOf } from '../../text/word-entry.ts';
import { bracketed, nameText } from '../name-text.ts';
import { insertion } from '../text-edit.ts';
import { didYouMean, type Fix, type FixContext, type FixMaker, replacing } from './fix.ts';
import { functionName } from './foreign-calls.ts';

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

function constantInstead(context: FixContext): readonly Fix[] {
  const instead = entryOf(foreignConstants, context.found.toLowerCase());
  const asColumn = replacing(context, bracketed(context.found), `It is a column: write ${bracketed(context.found)}`, false);
  return instead === undefined || instead.includes('…')
    ? [asColumn]
    : [replacing(context, instead, `Write ${instead}`), asColumn];
}

/** What the alias stands for, in its place. */
function expressionOfAlias(context: FixContext): readonly Fix[] {
  const { select } = context;
  const name = unquoted(context).toLowerCase();
  const item = select?.node.items.find((candidate) => candidate.kind === 'item' && candidate.alias?.text.toLowerCase() === name);
  if (select == null || item?.kind !== 'item') return [];
  const { span, kind } = item.expression;
  const aggregates = select.calls.some(
    ({ node, form }) => form === 'aggregate' && span.start <= node.span.start && node.span.end <= span.end,
  );
  if (aggregates) return [];
  const simple = kind === 'path' || kind === 'call' || kind === 'cast' || kind === 'parenthesized' || kind === 'member';
  const text = simple ? context.textOf(item.expression) : `(${context.textOf(item.expression)})`;
  return [replacing(context, text, `Write ${text}`)];
}

function expressionInHaving(context: FixContext): readonly Fix[] {
  const item = context.select?.node.items.find(
    (candidate) => candidate.kind === 'item' && candidate.alias?.text.toLowerCase() === unquoted(context).toLowerCase(),
  );
  return item?.kind === 'item' ? [replacing(context, context.textOf(item.expression), 'Repeat the expression')] : [];
}

/** A name that no other column has. */
function otherName(context: FixContext): readonly Fix[] {
  const { select } = context;
  const item = select?.node.items.find(
    (candidate) => candidate.kind === 'item' && (candidate.alias ?? candidate).span.start === context.diagnostic.span.start,
  );
  if (select == null || item?.kind !== 'item') return [];
  const taken = new Set(select.result.columns.map(({ name }) => name.toLowerCase()));
  const base = item.alias?.text ?? context.found.split('.').at(-1) ?? 'column';
  let number = 2;
  while (taken.has(`${base}${number}`.toLowerCase())) number++;
  const text = nameText(`${base}${number}`);
  const edit = item.alias === null ? insertion(item.span.end, ` AS ${text}`) : { span: item.alias.span, text };
  return [{ title: `Name it ${text}`, edits: [edit] }];
}

/** A column that the output needs, at the end of the list. */
function neededColumn(context: FixContext): readonly Fix[] {
  const { snapshot, diagnostic } = context;
  const name = /needs the column (.*) \((?:document id|partition key|column)\)/.exec(diagnostic.message)?.[1];
  const output = snapshot.model.outputs.find(({ node }) => node.span.start === diagnostic.span.start);
  const select = snapshot.model.selects.find(({ node }) => node === output?.body);
  const last = select?.node.items.at(-1);
  if (name === undefined || select === undefined || last === undefined || select.node.groupBy !== null) return [];
  const exists = select.sources.some(
    ({ relation }) => relation.extent === 'open' || relation.columnByName.has(name.toLowerCase()),
  );
  if (!exists || select.sources.length !== 1) return [];
  return [
    {
      title: `Add ${nameText(name)} to the SELECT list`,
      edits: [insertion(last.span.end, `, ${nameText(name)}`)],
      preferred: true,
    },
  ];
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
  [catalogue.foreignConstant.code]: constantInstead,
  [catalogue.aliasTooEarly.code]: expressionOfAlias,
  [catalogue.havingAlias.code]: expressionInHaving,
  [catalogue.duplicateColumn.code]: otherName,
  [catalogue.neededColumn.code]: neededColumn,
};
