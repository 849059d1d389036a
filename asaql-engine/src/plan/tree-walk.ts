/** Questions about the syntax tree that planning asks: sub-expressions, calls of a kind, equal expressions. Knows no plan. */
import type { Argument, Call, Expression, Path } from '@asaql/parser';

const aggregateNames = new Set([
  'avg',
  'count',
  'collect',
  'collecttop',
  'max',
  'min',
  'percentile_cont',
  'percentile_disc',
  'stdev',
  'stdevp',
  'sum',
  'topone',
  'var',
  'varp',
]);
const analyticNames = new Set(['lag', 'last', 'isfirst', 'anomalydetection_spikeanddip', 'anomalydetection_changepoint']);

/** LAG, LAST, ISFIRST, and any aggregate OVER (… LIMIT DURATION …): worked out row by row before WHERE. */
export function isAnalyticCall(call: Call): boolean {
  if (call.prefix !== null) return false;
  const name = call.name.text.toLowerCase();
  return analyticNames.has(name) || (aggregateNames.has(name) && call.over !== null && call.over.limit !== null);
}

export function isAggregateCall(call: Call): boolean {
  if (call.prefix === 'uda') return true;
  return call.prefix === null && aggregateNames.has(call.name.text.toLowerCase()) && !isAnalyticCall(call);
}

export function isSystemCall(expression: Expression | Argument, name: 'timestamp' | 'window'): boolean {
  return expression.kind === 'call' && expression.prefix === 'system' && expression.name.text.toLowerCase() === name;
}

/** The expressions directly inside an expression. */
export function childrenOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'member':
      return [node.object];
    case 'call': {
      const args = node.arguments.filter(
        (argument): argument is Expression => argument.kind !== 'starArgument' && argument.kind !== 'unit',
      );
      if (node.over === null) return args;
      const { partitionBy, orderBy, when } = node.over;
      return [...args, ...partitionBy, ...orderBy.map((item) => item.expression), ...(when === null ? [] : [when])];
    }
    case 'cast':
    case 'parenthesized':
      return [node.expression];
    case 'case': {
      const branches = node.branches.flatMap((branch) => [branch.when, branch.then]);
      return [node.operand, ...branches, node.otherwise].filter((part): part is Expression => part !== null);
    }
    case 'unary':
    case 'isNull':
      return [node.operand];
    case 'binary':
      return [node.left, node.right];
    case 'between':
      return [node.operand, node.low, node.high];
    case 'in':
      return [node.operand, ...node.values];
    case 'like':
      return [node.operand, node.pattern];
    default:
      return [];
  }
}

export function someCall(node: Expression | null, test: (call: Call) => boolean): boolean {
  if (node === null) return false;
  if (node.kind === 'call' && test(node)) return true;
  return childrenOf(node).some((child) => someCall(child, test));
}

/**
 * A text that is equal for expressions of equal meaning: case, parentheses and spacing do not count.
 * `pathText` says how a path is written (so that `a.x` and `x` can be one).
 */
export function treeKey(node: Expression | Argument, pathText: (path: Path) => string): string {
  const key = (part: Expression | Argument | null): string => (part === null ? '' : treeKey(part, pathText));
  switch (node.kind) {
    case 'path':
      return pathText(node);
    case 'number':
      return node.text;
    case 'string':
      return JSON.stringify(node.value);
    case 'null':
      return 'null';
    case 'parenthesized':
      return key(node.expression);
    case 'member':
      return `${key(node.object)}.[${node.name.text.toLowerCase()}]`;
    case 'call': {
      const over = node.over === null ? '' : overKey(node.over, key);
      const name = `${node.prefix ?? ''}.${node.name.text.toLowerCase()}`;
      return `${name}(${node.distinct ? 'distinct ' : ''}${node.arguments.map(key).join(',')})${over}`;
    }
    case 'starArgument':
      return '*';
    case 'unit':
      return node.unit;
    case 'cast':
      return `${node.try ? 'try_' : ''}cast(${key(node.expression)} as ${node.type.typeName})`;
    case 'case': {
      const branches = node.branches.map((branch) => `${key(branch.when)}:${key(branch.then)}`);
      return `case(${key(node.operand)};${branches.join(';')};${key(node.otherwise)})`;
    }
    case 'unary':
      return `(${node.operator} ${key(node.operand)})`;
    case 'binary':
      return `(${key(node.left)} ${node.operator} ${key(node.right)})`;
    case 'between':
      return `(${key(node.operand)} ${node.negated} between ${key(node.low)},${key(node.high)})`;
    case 'in':
      return `(${key(node.operand)} ${node.negated} in ${node.values.map(key).join(',')})`;
    case 'like':
      return `(${key(node.operand)} ${node.negated} like ${key(node.pattern)})`;
    case 'isNull':
      return `(${key(node.operand)} ${node.negated} null)`;
    case 'error':
      return `error@${node.span.start}`;
  }
}

function overKey(over: NonNullable<Call['over']>, key: (part: Expression) => string): string {
  const orders = over.orderBy.map((item) => `${key(item.expression)} ${item.descending}`);
  const limit = over.limit === null ? '' : `${over.limit.unit}:${over.limit.amount}`;
  return ` over(${over.partitionBy.map(key).join(',')};${orders.join(',')};${limit};${over.when === null ? '' : key(over.when)})`;
}
