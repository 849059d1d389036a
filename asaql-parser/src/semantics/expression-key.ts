/** Whether two expressions of a SELECT are the same: a text that equal expressions share. Knows no rules. */
import type { Argument, Expression } from '../syntax/nodes.ts';
import type { BoundSelect, Resolution } from './model.ts';

function pathKey(resolution: Resolution | undefined, written: string): string {
  if (resolution?.kind !== 'column') return written;
  const column = resolution.column?.name.toLowerCase();
  const fields = resolution.fields.map((field) => field.text.toLowerCase()).join('.');
  // A column that is not known may belong to any source; then the written name without its alias decides.
  if (column === undefined) {
    const alias = `${resolution.source.alias.toLowerCase()}.`;
    return `?.${written.startsWith(alias) ? written.slice(alias.length) : written}`;
  }
  return `${resolution.source.alias.toLowerCase()}.${column}${fields === '' ? '' : `.${fields}`}`;
}

/** Equal for `deviceId` and `t.DEVICEID` where both mean the same column. */
export function expressionKey(node: Argument, select: Pick<BoundSelect, 'resolutions'>): string {
  const key = (part: Argument): string => expressionKey(part, select);
  switch (node.kind) {
    case 'path':
      return pathKey(select.resolutions.get(node), node.parts.map((part) => part.text.toLowerCase()).join('.'));
    case 'number':
      return node.text;
    case 'string':
      return `'${node.value}'`;
    case 'null':
    case 'starArgument':
      return node.kind;
    case 'unit':
      return node.unit;
    case 'parenthesized':
      return key(node.expression);
    case 'member':
      return `${key(node.object)}.${node.name.text.toLowerCase()}`;
    case 'unary':
      return `${node.operator}(${key(node.operand)})`;
    case 'binary':
      return `(${key(node.left)} ${node.operator} ${key(node.right)})`;
    case 'cast':
      return `${node.try ? 'try_cast' : 'cast'}(${key(node.expression)} ${node.type.typeName})`;
    case 'call':
      return callKey(node, key);
    default:
      return `${node.kind}(${children(node).map(key).join(', ')})`;
  }
}

function callKey(node: Extract<Argument, { kind: 'call' }>, key: (part: Argument) => string): string {
  const { over } = node;
  const args = node.arguments.map(key).join(', ');
  const name = `${node.prefix ?? ''}.${node.name.text.toLowerCase()}(${node.distinct ? 'distinct ' : ''}${args})`;
  if (over === null) return name;
  const limit = over.limit === null ? '' : `${over.limit.amount} ${over.limit.unit}`;
  const order = over.orderBy.map((item) => `${key(item.expression)} ${item.descending}`).join(', ');
  return `${name} over (${over.partitionBy.map(key).join(', ')}; ${order}; ${limit}; ${over.when === null ? '' : key(over.when)})`;
}

/** Direct operands of an expression. Parts of OVER are not among them: they are read on rows, not on groups. */
export function children(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'member':
      return [node.object];
    case 'call':
      return node.arguments.filter((argument) => argument.kind !== 'unit' && argument.kind !== 'starArgument');
    case 'cast':
    case 'parenthesized':
      return [node.expression];
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
    case 'case': {
      const branches = node.branches.flatMap((branch) => [branch.when, branch.then]);
      return [
        ...(node.operand === null ? [] : [node.operand]),
        ...branches,
        ...(node.otherwise === null ? [] : [node.otherwise]),
      ];
    }
    default:
      return [];
  }
}

/** The conditions that an AND joins. */
export function conjuncts(condition: Expression): readonly Expression[] {
  if (condition.kind === 'parenthesized') return conjuncts(condition.expression);
  if (condition.kind === 'binary' && condition.operator === 'and')
    return [...conjuncts(condition.left), ...conjuncts(condition.right)];
  return [condition];
}

/** The expression inside any parentheses. */
export function bare(expression: Expression): Expression {
  return expression.kind === 'parenthesized' ? bare(expression.expression) : expression;
}
