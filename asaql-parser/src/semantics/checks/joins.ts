/** Joins: their bound in time, the side of reference data, partitions, stars. */
import { catalogue } from '../../diagnostics/catalogue.ts';
import type { Call, Expression, Join } from '../../syntax/nodes.ts';
import { timeUnitMs } from '../../syntax/time-units.ts';
import { bare, conjuncts, expressionKey } from '../expression-key.ts';
import type { BoundSelect, BoundSource } from '../model.ts';
import type { Findings, SelectCheck } from './check.ts';

const sevenDaysMs = 7 * 86_400_000;

export const checkJoins: SelectCheck = (select, found) => {
  const from = select.node.from;
  if (from === null) return;
  const [first] = select.sources;
  const joins = from.joins.filter((join) => join.kind === 'join');
  if (joins.length === 0 || first === undefined) return;
  for (const item of select.node.items) {
    if (item.kind === 'star' && item.qualifier === null) found.report(catalogue.starInJoin, item.span);
  }
  const sourceOf = new Map(select.sources.map((source) => [source.node, source]));
  for (const join of joins) {
    const right = sourceOf.get(join.source);
    if (right === undefined || join.on === null) continue;
    if (first.relation.stream === 'reference' && right.relation.stream === 'stream')
      found.report(catalogue.referenceLeft, first.node.span, first.alias);
    // Other kinds of joins are refused as a whole.
    if (join.type === 'inner' || join.type === 'left') checkBound(join, first, right, select, found);
    checkPartitions(join, first, right, select, found);
    if (join.type === 'inner' && right.relation.stream === 'reference') checkLookup(join, found);
  }
};

/** Reference data are looked up by keys; whatever else stands in ON is tried with every row. */
function checkLookup(join: Join, found: Findings): void {
  for (const part of conjuncts(join.on!)) {
    const test = bare(part);
    const isKey = test.kind === 'binary' && test.operator === '=' && isPlain(test.left) && isPlain(test.right);
    if (!isKey && test.kind !== 'error') found.report(catalogue.referencePredicate, part.span, found.textOf(part));
  }
}

/** A column, or one that is converted. */
function isPlain(expression: Expression): boolean {
  const inner = bare(expression);
  return inner.kind === 'path' || inner.kind === 'member' || (inner.kind === 'cast' && isPlain(inner.expression));
}

/** The least and the greatest difference in time that a condition allows, in milliseconds; open sides are missing. */
interface Bound {
  low: number | null;
  high: number | null;
  seen: boolean;
}

function checkBound(join: Join, left: BoundSource, right: BoundSource, select: BoundSelect, found: Findings): void {
  const bound: Bound = { low: null, high: null, seen: false };
  for (const part of conjuncts(join.on!)) narrow(bound, part, select);
  const { span } = join.source;
  // What could not be read, or does not exist, may be the bound.
  if (!bound.seen && (found.isBroken(join) || select.calls.some(({ form, place }) => form === 'unknown' && place === 'on')))
    return;
  if (bound.seen) {
    if (bound.low === null || bound.high === null) found.report(catalogue.halfBoundedJoin, span, left.alias, right.alias);
    else if (Math.max(Math.abs(bound.low), Math.abs(bound.high)) > sevenDaysMs) found.report(catalogue.joinTooLong, span);
    return;
  }
  if (left.relation.stream === 'reference' || right.relation.stream === 'reference') return;
  const certain = right.relation.stream === 'stream' && left.relation.stream === 'stream';
  found.report(certain ? catalogue.unboundedJoin : catalogue.joinUnbounded, span, left.alias, right.alias);
}

/** Takes a condition into account that compares DATEDIFF over two sources. Bounds that are computed count as there. */
function narrow(bound: Bound, condition: Expression, select: BoundSelect): void {
  const part = bare(condition);
  if (part.kind === 'between' && !part.negated) {
    const unitMs = sourceDifferenceUnit(part.operand, select);
    if (unitMs === null) return;
    bound.seen = true;
    bound.low = numberIn(part.low) * unitMs;
    bound.high = numberIn(part.high) * unitMs;
  } else if (part.kind === 'in' && !part.negated) {
    const unitMs = sourceDifferenceUnit(part.operand, select);
    if (unitMs === null) return;
    const values = part.values.map((value) => numberIn(value) * unitMs);
    Object.assign(bound, { seen: true, low: Math.min(...values), high: Math.max(...values) });
  } else if (part.kind === 'binary') {
    const leftUnit = sourceDifferenceUnit(part.left, select);
    const rightUnit = leftUnit === null ? sourceDifferenceUnit(part.right, select) : null;
    const unitMs = leftUnit ?? rightUnit;
    if (unitMs === null) return;
    bound.seen = true;
    const value = numberIn(leftUnit === null ? part.left : part.right) * unitMs;
    const operator = leftUnit === null ? mirrored[part.operator] : part.operator;
    if (operator === '=' || operator === '<' || operator === '<=') bound.high = value;
    if (operator === '=' || operator === '>' || operator === '>=') bound.low = value;
  }
}

const mirrored: Partial<Record<string, string>> = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/** A number, or 0 for what is computed. */
function numberIn(expression: Expression): number {
  const value = bare(expression);
  if (value.kind === 'number') return Number(value.text);
  if (value.kind === 'unary' && value.operator === '-') return -numberIn(value.operand);
  return 0;
}

/** Milliseconds of the unit of `DATEDIFF(unit, source1, source2)`, or null for anything else. */
function sourceDifferenceUnit(expression: Expression, select: BoundSelect): number | null {
  const call = callIn(expression);
  if (call === null || call.name.text.toLowerCase() !== 'datediff') return null;
  const [unit, from, to] = call.arguments;
  if (unit?.kind !== 'unit' || from?.kind !== 'path' || to?.kind !== 'path') return null;
  if (select.resolutions.get(from)?.kind !== 'event' || select.resolutions.get(to)?.kind !== 'event') return null;
  return timeUnitMs(unit.unit) ?? Number.POSITIVE_INFINITY;
}

function callIn(expression: Expression): Call | null {
  const inner = bare(expression);
  if (inner.kind === 'call')
    return inner.name.text.toLowerCase() === 'abs' && inner.arguments[0]?.kind === 'call' ? inner.arguments[0] : inner;
  return null;
}

function checkPartitions(join: Join, left: BoundSource, right: BoundSource, select: BoundSelect, found: Findings): void {
  if (
    left.node.kind !== 'source' ||
    right.node.kind !== 'source' ||
    right.node.partitionBy === null ||
    left.node.partitionBy === null
  )
    return;
  const equalities = new Set<string>();
  for (const part of conjuncts(join.on!)) {
    const equality = bare(part);
    if (equality.kind !== 'binary' || equality.operator !== '=') continue;
    equalities.add(lastName(equality.left));
    equalities.add(lastName(equality.right));
  }
  for (const [index, key] of left.node.partitionBy.keys.entries()) {
    const other = right.node.partitionBy.keys[index];
    if (other === undefined || equalities.has(lastName(key)) || equalities.has(expressionKey(key, select))) continue;
    found.report(catalogue.partitionedJoin, join.on!.span, `${left.alias}.${lastName(key)}`, `${right.alias}.${lastName(other)}`);
  }
}

function lastName(expression: Expression): string {
  const inner = bare(expression);
  return inner.kind === 'path' ? (inner.parts.at(-1)?.text.toLowerCase() ?? '') : '';
}

export const checkApply: SelectCheck = (select, found) => {
  for (const call of select.calls) {
    const [array] = call.node.arguments;
    const isUnknown = array?.kind === 'path' && select.types.get(array)?.name === 'any';
    if (call.spec?.name === 'GetArrayElements' && isUnknown)
      found.report(catalogue.arrayPayload, array.span, found.textOf(array));
    if (call.form === 'tableValued' && (call.place !== 'apply' || call.within !== null))
      found.report(catalogue.applyNeeded, call.node.span, call.node.name.text);
    else if (call.place === 'apply' && call.within === null && call.form !== 'tableValued' && call.form !== 'unknown') {
      found.report(catalogue.applyOther, call.node.name.span, call.node.name.text);
    }
  }
};
