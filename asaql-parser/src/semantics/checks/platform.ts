/** Rules of the kind of an output, of IoT Edge, and of the functions that a job declares. */
import { catalogue } from '../../diagnostics/catalogue.ts';
import { timeUnitMs } from '../../syntax/time-units.ts';
import type { Span } from '../../text/span.ts';
import type { FunctionDeclaration, OutputDeclaration } from '../declarations.ts';
import { bare, conjuncts, expressionKey } from '../expression-key.ts';
import type { BoundCall, BoundOutput, BoundSelect } from '../model.ts';
import type { BoundModel, Findings, ScriptCheck, SelectCheck } from './check.ts';

// ---- Outputs -----------------------------------------------------------------------------------------------------

/** The place of an output: its name behind INTO, or the word SELECT. */
function placeOf({ node, implicit }: BoundOutput): Span {
  const { start, end } = node.span;
  return implicit ? { start, end: Math.min(end, start + 'SELECT'.length) } : node.span;
}

export const checkOutputKinds: ScriptCheck = (model, found) => {
  const declared = new Map((model.declarations.outputs ?? []).map((output) => [output.name.toLowerCase(), output]));
  const datasets = new Map<string, string>();
  const told = new Set<string>();
  for (const output of model.outputs) {
    const known = declared.get(output.name.toLowerCase());
    if (known?.kind === undefined) continue;
    const select = model.selects.find(({ node }) => node === output.body);
    if (known.kind === 'cosmosDb' && !told.has(known.name)) checkKeys(known, output, found);
    if (known.kind === 'powerBi') {
      if (select !== undefined && isFast(select)) found.report(catalogue.powerBiRate, placeOf(output), output.name);
      const other = known.dataset === undefined ? undefined : datasets.get(known.dataset);
      if (other !== undefined && other !== known.name)
        found.report(catalogue.powerBiDataset, placeOf(output), output.name, other);
      else if (known.dataset !== undefined) datasets.set(known.dataset, known.name);
    }
    const star = select?.node.items.find((item) => item.kind === 'star' && item.qualifier === null);
    if (star !== undefined && (known.kind === 'sql' || known.kind === 'powerBi') && output.result.extent !== 'closed')
      found.report(catalogue.starIntoTable, star.span, output.name, known.kind === 'sql' ? 'a table' : 'Power BI');
    if (select !== undefined) checkOutputKey(known, output, select, found);
    told.add(known.name);
  }
};

function checkKeys({ name, neededColumns = [] }: OutputDeclaration, output: BoundOutput, found: Findings): void {
  const roles = new Set(neededColumns.map(({ role }) => role));
  const missing = (['document id', 'partition key'] as const).filter((role) => !roles.has(role));
  if (missing.length > 0) found.report(catalogue.cosmosKeys, placeOf(output), name, missing.join(' and no '));
}

/** Whether a SELECT may give more than about a row a second for each key. */
function isFast({ node }: BoundSelect): boolean {
  const windows = (node.groupBy?.items ?? []).flatMap((item) =>
    item.kind === 'window' ? [item] : item.kind === 'windows' ? item.windows.map(({ window }) => window) : [],
  );
  if (windows.length === 0) return node.from?.source.kind === 'source';
  return windows.some(({ windowKind, size, hop }) => {
    const step = windowKind === 'hopping' ? hop : size;
    const unitMs = step === null ? null : timeUnitMs(step.unit);
    return windowKind === 'sliding' || (step !== null && unitMs !== null && step.amount * unitMs < 1000);
  });
}

/** A partitioned query and an output with another key. */
function checkOutputKey(known: OutputDeclaration, output: BoundOutput, select: BoundSelect, found: Findings): void {
  const key = known.neededColumns?.find(({ role }) => role === 'partition key')?.name;
  const [source] = select.sources;
  if (key === undefined || source?.node.kind !== 'source' || source.node.partitionBy === null) return;
  const names = source.node.partitionBy.keys.map((part) => (part.kind === 'path' ? (part.parts.at(-1)?.text ?? '') : ''));
  if (names.some((name) => name.toLowerCase() === key.toLowerCase())) return;
  found.report(catalogue.outputPartitionKey, placeOf(output), output.name, key, names.join(', '));
}

// ---- IoT Edge ----------------------------------------------------------------------------------------------------

const edgeAggregatesMax = 14;

export const checkEdge: SelectCheck = (select, found, model) => {
  if (model.declarations.hosting !== 'edge') return;
  for (const { node } of select.sources) {
    if (node.kind === 'source' && node.partitionBy !== null)
      found.report(catalogue.edge, node.partitionBy.span, 'PARTITION BY', 'leave it out');
  }
  for (const { node, form, spec } of select.calls) {
    if (form === 'udf' || form === 'uda')
      found.report(catalogue.edge, node.span, `${form}.${node.name.text}`, 'compute it with the functions of the language');
    else if (spec?.name === 'GetMetadataPropertyValue')
      found.report(catalogue.edge, node.span, spec.name, 'send the value as a field of the event');
  }
  const aggregates = select.calls.filter(({ form }) => form === 'aggregate');
  const over = aggregates[edgeAggregatesMax];
  if (over !== undefined)
    found.report(catalogue.edge, over.node.span, `More than ${edgeAggregatesMax} aggregates in a step`, 'use several steps');
};

export const checkEdgeInputs: ScriptCheck = (model, found) => {
  if (model.declarations.hosting !== 'edge') return;
  for (const { name, node } of model.inputUses) {
    const input = model.declarations.inputs?.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
    if (input?.format === 'avro') found.report(catalogue.edge, node.name.span, 'Avro', 'send JSON or CSV');
  }
};

// ---- Functions of the job ----------------------------------------------------------------------------------------

function declaredFor({ node, form }: BoundCall, model: Pick<BoundModel, 'declarations'>): FunctionDeclaration | undefined {
  const wanted = form === 'udf' ? 'scalar' : form === 'uda' ? 'aggregate' : null;
  if (wanted === null) return undefined;
  const name = node.name.text.toLowerCase();
  return model.declarations.functions?.find((candidate) => candidate.kind === wanted && candidate.name.toLowerCase() === name);
}

/** What depends on more than its arguments: https://developer.mozilla.org/docs/Web/JavaScript */
const members: readonly (readonly [object: string, member: string])[] = [
  ['Date', 'now'],
  ['Math', 'random'],
  ['performance', 'now'],
];
const changing: readonly (readonly [pattern: RegExp, shown: string])[] = [
  ...members.map(([object, member]) => [new RegExp(`\\b${object}\\s*\\.\\s*${member}\\b`), `${object}.${member}()`] as const),
  [/\bnew\s+Date\s*\(\s*\)/, `${'new'} Date()`],
];
const comments = /\/\*[\s\S]*?\*\/|(?<!:)\/\/[^\n]*/g;

export const checkJobFunctions: SelectCheck = (select, found, model) => {
  for (const call of select.calls) {
    const declared = declaredFor(call, model);
    if (declared === undefined) continue;
    const name = `${call.form}.${call.node.name.text}`;
    const code = declared.code?.replace(comments, '');
    const what = code === undefined ? undefined : changing.find(([pattern]) => pattern.test(code))?.[1];
    if (what !== undefined) found.report(catalogue.changingFunction, call.node.name.span, name, what);
    if (declared.isModel === true) checkModelArguments(call, name, select, found);
  }
};

function checkModelArguments({ node }: BoundCall, name: string, select: BoundSelect, found: Findings): void {
  const guarded = new Set<string>();
  for (const part of select.node.where === null ? [] : conjuncts(select.node.where)) {
    const test = bare(part);
    if (test.kind === 'isNull' && test.negated) guarded.add(expressionKey(test.operand, select));
  }
  for (const argument of node.arguments) {
    if (argument.kind !== 'path' || guarded.has(expressionKey(argument, select))) continue;
    found.report(catalogue.unguardedModel, argument.span, name, found.textOf(argument));
  }
}
