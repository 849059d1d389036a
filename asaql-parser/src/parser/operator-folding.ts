/** Flat chains of operands and operators to trees by precedence. Knows no tokens. */
import type { Binary, BinaryOperator, Expression, Unary } from '../syntax/nodes.ts';

/** Longer chains of AND or OR become balanced trees: both are associative, and deep trees are hard on recursion. */
const balancedFrom = 32;

/** Where a node starts. While chevrotain records the grammar there are no nodes; then it does not matter. */
export function startOf(node: Expression): number {
  return node?.span?.start ?? 0;
}

export function binary(operator: BinaryOperator, left: Expression, right: Expression): Binary {
  const end = Math.max(left.span?.end ?? 0, right.span?.end ?? 0);
  return { kind: 'binary', operator, left, right, span: { start: startOf(left), end } };
}

export function unary(operator: Unary['operator'], start: number, operand: Expression): Unary {
  return { kind: 'unary', operator, operand, span: { start, end: Math.max(start + 1, operand.span?.end ?? 0) } };
}

function isMultiplicative(operator: BinaryOperator): boolean {
  return operator === '*' || operator === '/' || operator === '%';
}

/** `* / %` bind tighter than the rest, which T-SQL puts on one level; each level from the left. */
export function foldArithmetic(operands: readonly Expression[], operators: readonly BinaryOperator[]): Expression {
  let whole: Expression | null = null;
  let pending: BinaryOperator | null = null;
  let part = operands[0]!;
  for (const [index, operator] of operators.entries()) {
    const next = operands[index + 1]!;
    if (isMultiplicative(operator)) {
      part = binary(operator, part, next);
      continue;
    }
    whole = whole === null || pending === null ? part : binary(pending, whole, part);
    pending = operator;
    part = next;
  }
  return whole === null || pending === null ? part : binary(pending, whole, part);
}

/** AND binds tighter than OR. */
export function foldCondition(operands: readonly Expression[], operators: readonly BinaryOperator[]): Expression {
  const alternatives: Expression[] = [];
  let conjunction: Expression[] = [operands[0]!];
  for (const [index, operator] of operators.entries()) {
    if (operator === 'or') {
      alternatives.push(combine('and', conjunction));
      conjunction = [];
    }
    conjunction.push(operands[index + 1]!);
  }
  alternatives.push(combine('and', conjunction));
  return combine('or', alternatives);
}

function combine(operator: 'and' | 'or', parts: readonly Expression[]): Expression {
  if (parts.length <= balancedFrom) return parts.reduce((left, right) => binary(operator, left, right));
  const middle = parts.length >> 1;
  return binary(operator, combine(operator, parts.slice(0, middle)), combine(operator, parts.slice(middle)));
}
