/** GROUP BY: its window, what may stand beside it, and where aggregates may stand. */
import { catalogue } from '../../diagnostics/catalogue.ts';
import type { Expression, GroupByItem, WindowSpecification } from '../../syntax/nodes.ts';
import { timeUnitMs } from '../../syntax/time-units.ts';
import { children, expressionKey } from '../expression-key.ts';
import type { BoundCall, BoundSelect, Place } from '../model.ts';
import type { Findings, SelectCheck } from './check.ts';

const sevenDaysMs = 7 * 86_400_000;

export function isSystemTimestamp(item: { readonly kind: string }): boolean {
  const call = item as Expression;
  return call.kind === 'call' && call.prefix === 'system' && call.name.text.toLowerCase() === 'timestamp';
}

function windowItems(items: readonly GroupByItem[]): GroupByItem[] {
  return items.filter((item) => item.kind === 'window' || item.kind === 'windows');
}

export const checkWindows: SelectCheck = (select, found) => {
  const groupBy = select.node.groupBy;
  if (groupBy === null) return;
  const windows = windowItems(groupBy.items);
  const hasError = isUnsure(select, found);
  const onlyReference =
    select.result.stream !== 'stream' && select.sources.every((source) => source.relation.stream === 'reference');
  if (windows.length === 0 && !groupBy.items.some(isSystemTimestamp) && !hasError && !onlyReference) {
    found.report(catalogue.missingWindow, { start: groupBy.span.start, end: groupBy.span.start + 'GROUP'.length });
  }
  for (const extra of windows.slice(1)) found.report(catalogue.severalWindows, extra.span);
  for (const item of windows) {
    if (item.kind === 'window') checkWindow(item, found);
    else if (item.kind === 'windows') {
      for (const { window } of item.windows) checkWindow(window, found);
      checkNames(item.windows, item.span, found);
    }
  }
  const session = windows.find((item) => item.kind === 'window' && item.windowKind === 'session');
  if (session?.kind === 'window' && session.partitionBy.length === 0 && groupBy.items.length > 1)
    found.report(catalogue.sessionPartition, session.span);
};

/** Whether GROUP BY holds something that could not be read, or a function that does not exist: it may mean a key or a window. */
function isUnsure(select: BoundSelect, found: Findings): boolean {
  const { groupBy } = select.node;
  if (groupBy === null) return false;
  return found.isBroken(groupBy) || select.calls.some(({ form, place }) => form === 'unknown' && place === 'groupBy');
}

function checkWindow(window: WindowSpecification, found: Findings): void {
  const lengthMs = (part: WindowSpecification['size']): number | null => {
    const unit = part === null ? null : timeUnitMs(part.unit);
    return part === null || unit === null ? null : part.amount * unit;
  };
  const parts = [
    ['The window', window.size],
    ['The hop', window.hop],
    ['The longest session', window.maxDuration],
  ] as const;
  for (const [what, part] of parts) {
    const ms = lengthMs(part);
    if (part === null || ms === null) continue;
    if (ms > sevenDaysMs) found.report(catalogue.windowTooLong, part.span, what);
    else if (ms <= 0) found.report(catalogue.windowSize, part.span, what);
  }
  const sizeMs = lengthMs(window.size);
  const hopMs = lengthMs(window.hop);
  if (window.windowKind !== 'hopping' || sizeMs === null || hopMs === null || hopMs <= 0) return;
  if (hopMs > sizeMs) found.report(catalogue.hopTooLong, window.span);
  else if (sizeMs % hopMs !== 0) found.report(catalogue.hopUneven, window.span);
}

function checkNames(windows: readonly { id: string | null }[], span: { start: number; end: number }, found: Findings): void {
  const names = windows.flatMap(({ id }) => (id === null ? [] : [id.toLowerCase()]));
  if (names.length > 0 && names.length < windows.length)
    found.report(catalogue.windowNames, span, 'either all windows have a name or none.');
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) found.report(catalogue.windowNames, span, `two windows are named '${twice}'.`);
}

/** After GROUP BY only keys and aggregates have one value for each row. */
export const checkGrouped: SelectCheck = (select, found) => {
  const { groupBy, having } = select.node;
  if (groupBy === null || isUnsure(select, found)) return;
  const keys = new Set(
    groupBy.items.map((item) => (item.kind === 'window' || item.kind === 'windows' ? '' : expressionKey(item, select))),
  );
  const callOf = new Map<Expression, BoundCall>(select.calls.map((call) => [call.node, call]));
  const visit = (expression: Expression): void => {
    if (keys.has(expressionKey(expression, select))) return;
    if (expression.kind === 'path') {
      if (!isPartOfKey(expression, select, keys)) found.report(catalogue.notGrouped, expression.span, found.textOf(expression));
      return;
    }
    if (expression.kind === 'call') {
      const form = callOf.get(expression)?.form;
      if (form === 'aggregate' || form === 'uda' || form === 'system' || form === 'window' || form === 'unknown') return;
      if (form === 'analytic') {
        found.report(catalogue.notGrouped, expression.span, found.textOf(expression));
        return;
      }
    }
    for (const child of children(expression)) visit(child);
  };
  for (const item of select.node.items) {
    if (item.kind === 'item') visit(item.expression);
    else if (item.qualifier === null || !keys.has(expressionKey(item.qualifier, select)))
      found.report(catalogue.starWithGroup, item.span);
  }
  if (having !== null) visit(having);
};

/** `location.city` where `location` is a key, aliases in HAVING, and names that are wrong anyway. */
function isPartOfKey(path: Extract<Expression, { kind: 'path' }>, select: BoundSelect, keys: ReadonlySet<string>): boolean {
  const resolution = select.resolutions.get(path);
  if (resolution === undefined || resolution.kind === 'alias') return true;
  if (resolution.kind !== 'column' && resolution.kind !== 'event') return true;
  if (isAliasInHaving(path, select)) return true;
  const key = expressionKey(path, select);
  return [...keys].some((whole) => whole !== '' && key.startsWith(`${whole}.`));
}

/** Where columns are not known a name in HAVING may be a column or an alias; an alias of that name decides. */
function isAliasInHaving(path: Extract<Expression, { kind: 'path' }>, select: BoundSelect): boolean {
  const { having } = select.node;
  if (having === null || path.span.start < having.span.start || path.span.end > having.span.end) return false;
  const name = path.parts[0]?.text.toLowerCase();
  return select.items.some((item) => item.node.kind === 'item' && item.node.alias?.text.toLowerCase() === name);
}

const placeNames: Partial<Record<Place, string>> = {
  where: 'WHERE',
  on: 'ON',
  groupBy: 'GROUP BY',
  timestampBy: 'TIMESTAMP BY',
  timestampOver: 'TIMESTAMP BY … OVER',
  partitionBy: 'PARTITION BY',
  apply: 'APPLY',
};

export const checkAggregatePlaces: SelectCheck = (select, found) => {
  const grouped = select.node.groupBy !== null;
  for (const call of select.calls) {
    const { node, form, place, within } = call;
    const name = node.prefix === null ? node.name.text : `${node.prefix}.${node.name.text}`;
    if (form === 'window') {
      found.report(catalogue.windowPlace, node.span, node.name.text);
      continue;
    }
    if (
      form === 'system' &&
      node.name.text.toLowerCase() === 'window' &&
      (!grouped || (place !== 'select' && place !== 'having'))
    ) {
      found.report(catalogue.windowFunctionPlace, node.span);
    }
    if (form !== 'aggregate' && form !== 'uda') continue;
    const outer = enclosingAggregate(within);
    const where = placeNames[place];
    if (outer !== null) found.report(catalogue.nestedAggregate, node.span, name, outer.node.name.text);
    else if (where !== undefined) found.report(catalogue.aggregatePlace, node.span, name, where);
    else if (!grouped && found.isBroken(select.node)) continue;
    else if (!grouped && (place === 'select' || place === 'having') && call.spec?.over?.required !== true)
      found.report(catalogue.aggregateWithoutGroup, node.span, name);
    else if (!grouped && (place === 'select' || place === 'having') && node.over !== null)
      found.report(catalogue.aggregateWithoutGroup, node.span, name);
  }
};

function enclosingAggregate(call: BoundCall | null): BoundCall | null {
  for (let outer = call; outer !== null; outer = outer.within)
    if (outer.form === 'aggregate' || outer.form === 'uda' || outer.form === 'analytic') return outer;
  return null;
}

export const checkHaving: SelectCheck = (select, found) => {
  const { having, groupBy } = select.node;
  if (having === null) return;
  if (groupBy === null) found.report(catalogue.havingWithoutGroup, having.span);
  else {
    const aliased = select.paths.some(
      (path) => path.place === 'having' && (path.resolution.kind === 'alias' || isAliasInHaving(path.node, select)),
    );
    const aggregates = select.calls.some((call) => call.place === 'having' && (call.form === 'aggregate' || call.form === 'uda'));
    if (!aliased && !aggregates) found.report(catalogue.havingWithoutAggregate, having.span);
  }
  for (const { place, resolution, node } of select.paths) {
    if (place === 'having' && resolution.kind === 'alias')
      found.report(catalogue.havingAlias, node.span, node.parts[0]?.text ?? '');
  }
};
