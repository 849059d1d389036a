/** Names that stand for nothing, for two things, or for something hidden. */
import { catalogue } from '../../diagnostics/catalogue.ts';
import type { ExpressionItem } from '../../syntax/nodes.ts';
import { nearest } from '../../text/nearest.ts';
import type { Span } from '../../text/span.ts';
import { entryOf } from '../../text/word-entry.ts';
import type { BoundPath, BoundSelect, BoundSource } from '../model.ts';
import type { Column, ValueType } from '../types.ts';
import type { ScriptCheck, SelectCheck } from './check.ts';

export const checkSources: ScriptCheck = (model, found) => {
  const known = [
    ...(model.declarations.inputs ?? []).map((input) => input.name),
    ...model.steps.map((step) => step.relation.name),
  ];
  for (const use of model.inputUses) {
    const { span } = use.node.name;
    if (use.trouble === 'unknown') found.report(catalogue.unknownInput, span, use.name, nearest(use.name, known));
    else if (use.trouble === 'later step') found.report(catalogue.laterStep, span, use.name);
    else if (use.trouble === 'itself') found.report(catalogue.selfReference, span, use.name);
  }
  for (const step of model.steps) {
    if (step.sameNameBefore) found.report(catalogue.duplicateStep, step.node.name.span, step.node.name.text);
  }
};

export const checkSeveralWith: ScriptCheck = (model, found) => {
  const withSteps = model.script.statements.filter((statement) => statement.kind === 'query' && statement.steps.length > 0);
  for (const { span } of withSteps.slice(1))
    found.report(catalogue.severalWith, { start: span.start, end: span.start + 'WITH'.length });
};

export const checkSourceNames: SelectCheck = (select, found) => {
  const seen = new Set<string>();
  for (const source of select.sources) {
    const key = source.alias.toLowerCase();
    const name = source.node.kind === 'source' ? (source.node.alias ?? source.node.name) : source.node.alias;
    if (seen.has(key) && name !== null && key !== '') found.report(catalogue.duplicateSource, name.span, name.text);
    seen.add(key);
    if (source.node.kind === 'derived') found.report(catalogue.derivedTable, openingOf(source.node.span));
    // `FROM a MINUS SELECT …` is read as an alias and another statement.
    else if (name?.text.toLowerCase() === 'minus' && /^\s*\(?\s*SELECT\b/i.test(found.textBehind(name.span)))
      found.report(catalogue.setOperation, name.span, 'MINUS');
  }
};

/** The parenthesis that a query begins with. */
function openingOf({ start }: Span): Span {
  return { start, end: start + 1 };
}

export const checkPaths: SelectCheck = (select, found) => {
  for (const path of select.paths) checkPath(path, select, found);
};

function checkPath(path: BoundPath, select: BoundSelect, found: Parameters<SelectCheck>[1]): void {
  const { resolution, node } = path;
  const [first] = node.parts;
  // Without FROM nothing is known, which has been told.
  if (first === undefined || first.text === '' || select.node.from === null) return;
  switch (resolution.kind) {
    case 'missing': {
      const sources = resolution.source === null ? select.sources : [resolution.source];
      const columns = sources.flatMap((source) => source.relation.columns.map((column) => column.name));
      const advice = nearest(resolution.name.text, columns);
      if (sources.some((source) => source.relation.extent === 'sampled')) {
        found.report(catalogue.unseenColumn, resolution.name.span, resolution.name.text, nameOf(sources), advice);
      } else {
        const shown = columns.length > 8 ? `${columns.slice(0, 8).join(', ')}, …` : columns.join(', ');
        found.report(catalogue.unknownColumn, resolution.name.span, resolution.name.text, nameOf(sources), advice, shown);
      }
      return;
    }
    case 'missingField':
      found.report(
        catalogue.unknownField,
        resolution.name.span,
        resolution.name.text,
        (resolution.type.fields ?? []).map((field) => field.name).join(', '),
      );
      return;
    case 'ambiguous':
      found.report(
        catalogue.ambiguousColumn,
        node.span,
        first.text,
        resolution.sources.map((source) => source.alias).join(' and '),
      );
      return;
    case 'hidden':
      found.report(catalogue.hiddenName, first.span, first.text, resolution.source.alias);
      return;
    case 'column':
      checkSampledFields(path, found);
      checkSpelling(path, resolution.column?.name ?? null, found);
      return;
    default:
  }
}

/** Fields of records that samples show, and that none of them has. */
function checkSampledFields({ resolution }: BoundPath, found: Parameters<SelectCheck>[1]): void {
  if (resolution.kind !== 'column' || resolution.column === null || resolution.source.relation.extent !== 'sampled') return;
  let type: ValueType | undefined = resolution.column.type;
  let owner = resolution.column.name;
  for (const field of resolution.fields) {
    if (type?.fields === undefined || type.fields.length === 0) return;
    const known: Column | undefined = type.fields.find(({ name }) => name.toLowerCase() === field.text.toLowerCase());
    if (known === undefined) {
      const advice = nearest(
        field.text,
        type.fields.map(({ name }) => name),
      );
      found.report(catalogue.unseenColumn, field.span, field.text, owner, advice);
      return;
    }
    owner = known.name;
    type = known.type;
  }
}

function nameOf(sources: readonly BoundSource[]): string {
  return sources.map((source) => (source.alias === '' ? 'the query' : source.alias)).join(' and ') || 'the query';
}

function checkSpelling(path: BoundPath, declared: string | null, found: Parameters<SelectCheck>[1]): void {
  if (declared === null || path.resolution.kind !== 'column') return;
  const written = path.node.parts.at(-1 - path.resolution.fields.length);
  if (written !== undefined && written.text !== declared && written.text.toLowerCase() === declared.toLowerCase()) {
    found.report(catalogue.nameCase, written.span, written.text, declared);
  }
}

export const checkDoubleQuotes: SelectCheck = (select, found) => {
  for (const { node, resolution } of select.paths) {
    const [name] = node.parts;
    const known = resolution.kind === 'column' && resolution.column !== null;
    if (node.parts.length === 1 && name?.quoting === 'quotes' && !known)
      found.report(catalogue.quotedText, name.span, name.text.replaceAll("'", "''"));
  }
};

/** Words that stand for a value in other languages, and what to write here. */
export const foreignConstants: Readonly<Record<string, string>> = {
  true: '1',
  false: '0',
  current_timestamp: 'System.Timestamp()',
  current_date: 'System.Timestamp()',
  current_time: 'System.Timestamp()',
  localtimestamp: 'System.Timestamp()',
  sysdate: 'System.Timestamp()',
  rownum: 'CollectTop(n) OVER (ORDER BY …)',
};

/** Columns that nobody has declared, with the name of a constant or of an alias that is not known yet. */
export const checkUndeclared: SelectCheck = (select, found) => {
  const aliases = aliasesOf(select);
  for (const { node, resolution, place } of select.paths) {
    const [name] = node.parts;
    const isUnknown = resolution.kind === 'column' && resolution.column === null;
    if (name === undefined || node.parts.length !== 1 || name.quoting !== 'none' || !isUnknown) continue;
    const instead = entryOf(foreignConstants, name.text.toLowerCase());
    const clause = place === 'where' ? 'WHERE' : place === 'groupBy' ? 'GROUP BY' : null;
    if (instead !== undefined) found.report(catalogue.foreignConstant, name.span, name.text, instead);
    else if (clause !== null && aliases.has(name.text.toLowerCase()))
      found.report(catalogue.aliasTooEarly, name.span, name.text, clause);
  }
};

/** Aliases of what does not read a column of that name itself, as CAST(a AS float) AS a does. */
function aliasesOf(select: BoundSelect): ReadonlySet<string> {
  const items = select.items.flatMap(({ node }) => (node.kind === 'item' && node.alias !== null ? [node] : []));
  const names = items.map(({ alias }) => alias?.text.toLowerCase() ?? '');
  const readsItself = new Set<number>();
  for (const { node } of select.paths) {
    const at = lastStartingUpTo(items, node.span.start);
    if (node.span.end <= (items[at]?.expression.span.end ?? -1) && node.parts.at(-1)?.text.toLowerCase() === names[at])
      readsItself.add(at);
  }
  return new Set(names.filter((_, at) => !readsItself.has(at)));
}

/** The last of some items, in the order of the text, whose expression does not start behind an offset; -1 if there is none. */
function lastStartingUpTo(items: readonly ExpressionItem[], offset: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (items[middle]!.expression.span.start <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
