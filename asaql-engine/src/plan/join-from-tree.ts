/**
 * A JOIN from the tree: its time bound, its keys, its condition. Knows no operator.
 * Rules: https://learn.microsoft.com/stream-analytics-query/join-azure-stream-analytics
 */
import type { Call, Join, Path, Expression as Tree } from '@asaql/parser';
import type { Expression } from '../expressions/expression.ts';
import { compileCondition, compileExpression, flatten } from '../expressions/from-tree.ts';
import { lengthOfUnitUs, longestUs } from '../time/duration.ts';
import type { Planner } from './from-tree.ts';
import type { JoinBound, JoinNode } from './nodes.ts';
import { PlanError } from './plan-error.ts';
import { CarriedRelation, sameName, slotOf } from './relation.ts';
import { carriedAnalytic, type Sources } from './select-from-tree.ts';
import { analyticCalls } from './source-analytics.ts';
import { type NamedRelation, SourcesScope } from './sources-scope.ts';
import { childrenOf } from './tree-walk.ts';

const notBounded =
  'The join predicate is not time bounded. JOIN operation between data streams requires specifying max time distances between matching events. ' +
  'Please add DATEDIFF to the JOIN condition. Example: SELECT input1.a, input2.b FROM input1 JOIN input2 ON DATEDIFF(minute, input1, input2) BETWEEN 0 AND 10';

/** `own`: works out analytic functions over the source that comes in, before it is joined. */
export function joinFromTree(
  left: Sources,
  join: Join,
  own: (source: NamedRelation) => NamedRelation,
  planner: Planner,
): Sources {
  if (join.type !== 'inner' && join.type !== 'left')
    throw new PlanError(`${join.type.toUpperCase()} JOIN is no ASAQL: use JOIN or LEFT JOIN.`, join.span);
  if (join.on === null) throw new PlanError('A JOIN needs ON.', join.span);
  const relation = planner.source(join.source);
  const written = join.source.kind === 'source' ? join.source.name.text : null;
  const name = join.source.alias?.text ?? written ?? '';
  if (left.named.some((source) => sameName(source.name, name)))
    throw new PlanError(`'${name}' stands twice in FROM: give it an alias.`, join.source.span);
  if (left.named.every((source) => source.relation.reference))
    throw new PlanError('Reference data must stand on the right of a JOIN.', join.span);
  const hiddenName = join.source.alias === null ? null : written;
  const right = own({ name, hiddenName, relation, timestamp: null });
  const conjuncts = flatten(join.on, 'and');
  const keys = equalKeys(conjuncts, left, right, planner);
  const node = planner.add<JoinNode>({
    kind: 'join',
    left: left.node,
    right: right.relation.node,
    outer: join.type === 'left',
    leftKeys: keys.map((key) => key.left),
    rightKeys: keys.map((key) => key.right),
    bound: relation.reference ? null : boundOf(conjuncts, join, left, right),
    condition: null,
    slots: [],
  });
  const sources = joinedSources(node, left, right, planner);
  const whole = analyticCalls([join.on]).find((call) =>
    sources.named.every(({ analytic }) => (analytic?.(call) ?? null) === null),
  );
  if (whole !== undefined) {
    throw new PlanError(
      `${whole.name.text} in ON must name fields of one source, as in ${whole.name.text}(${sources.named[0]?.name}.x): it is worked out before the rows are joined.`,
      whole.span,
    );
  }
  node.condition = compileCondition(join.on, planner.context(new SourcesScope(sources.named, planner.dictionary)));
  return sources;
}

function joinedSources(node: JoinNode, left: Sources, right: NamedRelation, planner: Planner): Sources {
  const slot = (side: 'left' | 'right', wanted: number | 'time') =>
    slotOf<JoinNode['slots'][number]>(
      node.slots,
      { side, slot: wanted },
      (known) => known.side === side && known.slot === wanted,
    );
  const column = (number: number) => new SourcesScope([], planner.dictionary).column(number);
  const through = (side: 'left' | 'right', source: NamedRelation): NamedRelation => {
    const { timestamp } = source;
    return {
      name: source.name,
      hiddenName: source.hiddenName,
      relation: new CarriedRelation(node, source.relation, (inner) => slot(side, inner)),
      timestamp: () => column(timestamp === null ? slot(side, 'time') : slot(side, slotNumber(timestamp()))),
      ...carriedAnalytic(source, (inner) => slot(side, inner)),
    };
  };
  const { bound } = node;
  const spanUs =
    bound === null ? (left.spanUs ?? 0) : (left.spanUs ?? 0) + Math.max(Math.abs(bound.lowUs), Math.abs(bound.highUs));
  return { node, named: [...left.named.map((source) => through('left', source)), through('right', right)], spanUs };
}

function slotNumber(expression: Expression): number {
  return Number(expression.key.slice(1));
}

/** Conjuncts `left = right` as keys of both sides. */
function equalKeys(
  conjuncts: readonly Tree[],
  left: Sources,
  right: NamedRelation,
  planner: Planner,
): readonly { left: Expression; right: Expression }[] {
  const leftContext = planner.context(new SourcesScope(left.named, planner.dictionary));
  const rightContext = planner.context(new SourcesScope([right], planner.dictionary));
  return conjuncts.flatMap((conjunct) => {
    if (conjunct.kind !== 'binary' || conjunct.operator !== '=') return [];
    const sides = [sideOf(conjunct.left, left, right), sideOf(conjunct.right, left, right)];
    if (sides[0] === 'left' && sides[1] === 'right') {
      return [{ left: compileExpression(conjunct.left, leftContext), right: compileExpression(conjunct.right, rightContext) }];
    }
    if (sides[0] === 'right' && sides[1] === 'left') {
      return [{ left: compileExpression(conjunct.right, leftContext), right: compileExpression(conjunct.left, rightContext) }];
    }
    return [];
  });
}

function sideOf(node: Tree, left: Sources, right: NamedRelation): 'left' | 'right' | null {
  if (node.kind === 'path') return sideOfPath(node, left, right);
  if (node.kind === 'call' && node.prefix === 'system') return null;
  const sides = new Set(childrenOf(node).map((child) => sideOf(child, left, right)));
  return sides.size === 1 ? ([...sides][0] ?? null) : null;
}

function sideOfPath(path: Path, left: Sources, right: NamedRelation): 'left' | 'right' | null {
  const first = path.parts[0]?.text ?? '';
  if (path.parts.length < 2) return null;
  if (sameName(right.name, first)) return 'right';
  return left.named.some(({ name }) => sameName(name, first)) ? 'left' : null;
}

interface Range {
  low: number;
  high: number;
}

/** The bound on the distance of rows, from all DATEDIFF conditions between a source of the left and the right one. */
function boundOf(conjuncts: readonly Tree[], join: Join, left: Sources, right: NamedRelation): JoinBound {
  const total: Range = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  let unmatchedUs = Number.POSITIVE_INFINITY;
  for (const conjunct of conjuncts) {
    const found = dateDiffRange(conjunct, left, right);
    if (found === null) continue;
    const { range, unitUs } = found;
    // Boundaries are counted: a count of n can mean up to, not including, n + 1 units, and at least more than n - 1.
    const lowUs = (range.low - 1) * unitUs;
    const highUs = (range.high + 1) * unitUs;
    total.low = Math.max(total.low, lowUs - (left.spanUs ?? 0));
    total.high = Math.min(total.high, highUs);
    unmatchedUs = Math.min(unmatchedUs, range.high * unitUs);
    if (Math.abs(range.low) !== Number.POSITIVE_INFINITY && Math.abs(range.low * unitUs) > longestUs) tooLong(conjunct);
    if (Math.abs(range.high) !== Number.POSITIVE_INFINITY && Math.abs(range.high * unitUs) > longestUs) tooLong(conjunct);
  }
  if (!Number.isFinite(total.low) || !Number.isFinite(total.high)) throw new PlanError(notBounded, join.on?.span ?? join.span);
  return { lowUs: total.low, highUs: total.high, unmatchedUs: Math.max(0, unmatchedUs) };
}

function tooLong(conjunct: Tree): never {
  throw new PlanError('The maximum DATEDIFF of a JOIN is 7 days.', conjunct.span);
}

/** The range of DATEDIFF(unit, left, right) that a condition allows; null when it is none. */
function dateDiffRange(node: Tree, left: Sources, right: NamedRelation): { range: Range; unitUs: number } | null {
  if (node.kind === 'parenthesized') return dateDiffRange(node.expression, left, right);
  if (node.kind === 'between' && !node.negated) {
    const call = dateDiffOf(node.operand, left, right);
    const [low, high] = [literal(node.low), literal(node.high)];
    return call === null || low === null || high === null ? null : oriented({ low, high }, call);
  }
  if (node.kind !== 'binary') return null;
  const direct = dateDiffOf(node.left, left, right);
  const number = literal(direct === null ? node.left : node.right);
  const call = direct ?? dateDiffOf(node.right, left, right);
  if (call === null || number === null) return null;
  const range = rangeOf(direct === null ? mirrored(node.operator) : node.operator, number);
  return range === null ? null : oriented(range, call);
}

function rangeOf(operator: string, number: number): Range | null {
  switch (operator) {
    case '=':
      return { low: number, high: number };
    case '<':
      return { low: Number.NEGATIVE_INFINITY, high: number - 1 };
    case '<=':
      return { low: Number.NEGATIVE_INFINITY, high: number };
    case '>':
      return { low: number + 1, high: Number.POSITIVE_INFINITY };
    case '>=':
      return { low: number, high: Number.POSITIVE_INFINITY };
    default:
      return null;
  }
}

function mirrored(operator: string): string {
  return ({ '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as { [operator: string]: string })[operator] ?? operator;
}

function oriented(range: Range, call: { unitUs: number; reversed: boolean }): { range: Range; unitUs: number } {
  return { unitUs: call.unitUs, range: call.reversed ? { low: -range.high, high: -range.low } : range };
}

function dateDiffOf(node: Tree, left: Sources, right: NamedRelation): { unitUs: number; reversed: boolean } | null {
  if (node.kind !== 'call' || node.prefix !== null || node.name.text.toLowerCase() !== 'datediff') return null;
  const [unit] = node.arguments;
  const first = aliasOf(node, 1);
  const second = aliasOf(node, 2);
  if (unit?.kind !== 'unit' || first === null || second === null) return null;
  const unitUs = lengthOfUnitUs(unit.unit);
  if (unitUs === undefined)
    throw new PlanError(`DATEDIFF in a JOIN cannot count ${unit.unit}s: use day or a smaller unit.`, node.span);
  const isLeft = (name: string) => left.named.some((source) => sameName(source.name, name));
  if (isLeft(first) && sameName(second, right.name)) return { unitUs, reversed: false };
  return isLeft(second) && sameName(first, right.name) ? { unitUs, reversed: true } : null;
}

function aliasOf(call: Call, index: number): string | null {
  const argument = call.arguments[index];
  return argument?.kind === 'path' && argument.parts.length === 1 ? (argument.parts[0]?.text ?? null) : null;
}

function literal(node: Tree): number | null {
  if (node.kind === 'number') return Number(node.text);
  if (node.kind === 'unary' && node.operator === '-') {
    const inner = literal(node.operand);
    return inner === null ? null : -inner;
  }
  return node.kind === 'parenthesized' ? literal(node.expression) : null;
}
