/**
 * The operators of the language on values. Must not know the tree or columns.
 *
 * NULL: a comparison with NULL is false (WHERE reference page), arithmetic with NULL is NULL. What the reference leaves
 * open is chosen as T-SQL has it: bigint / bigint is a whole number, division by zero fails.
 */
import { tryConvert } from './conversion.ts';
import { checkedInt64, compareValues, DateTime, EvaluationError, typeOf, type Value, valuesEqual } from './value.ts';

export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>=';
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^';

export function compare(operator: ComparisonOperator, left: Value, right: Value): boolean {
  if (left === null || right === null) return false;
  const [a, b] = comparable(left, right);
  if (a === undefined || b === undefined) return operator === '<>';
  if (operator === '=') return looselyEqual(a, b);
  if (operator === '<>') return !looselyEqual(a, b);
  if (typeof a === 'object' && !(a instanceof DateTime)) return false;
  const order =
    typeof a === 'string' && typeof b === 'string' ? compareValues(a.toLowerCase(), b.toLowerCase()) : compareValues(a, b);
  return orderHolds(operator, order);
}

export function orderHolds(operator: ComparisonOperator, order: number): boolean {
  switch (operator) {
    case '=':
      return order === 0;
    case '<>':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

/** Texts are equal whatever their case: the documented fault and duration examples compare 'Start' with 'start'. */
function looselyEqual(left: Value, right: Value): boolean {
  if (typeof left === 'string' && typeof right === 'string') return left === right || left.toLowerCase() === right.toLowerCase();
  return valuesEqual(left, right);
}

/** Both sides as one kind: a text becomes a number, datetime or bit where the other side is one; undefined when it cannot. */
function comparable(left: Value, right: Value): readonly [Value | undefined, Value | undefined] {
  const leftType = typeof left;
  const rightType = typeof right;
  if (leftType === 'string' && rightType !== 'string') return [likeOther(left, right), right];
  if (rightType === 'string' && leftType !== 'string') return [left, likeOther(right, left)];
  if (leftType === 'boolean' && rightType !== 'boolean') return [left === true ? 1n : 0n, right];
  if (rightType === 'boolean' && leftType !== 'boolean') return [left, right === true ? 1n : 0n];
  return [left, right];
}

function likeOther(text: Value, other: Value): Value | undefined {
  if (typeof other === 'bigint') return tryConvert(text, 'bigint') ?? tryConvert(text, 'float');
  const type = typeOf(other);
  return type === null ? undefined : tryConvert(text, type);
}

export function arithmetic(operator: ArithmeticOperator, left: Value, right: Value): Value {
  if (left === null || right === null) return null;
  if (operator === '+' && (typeof left === 'string' || typeof right === 'string') && bothTextual(left, right)) {
    return `${left as string}${right as string}`;
  }
  const a = numeric(left, operator);
  const b = numeric(right, operator);
  if (operator === '&' || operator === '|' || operator === '^') return bitwise(operator, left, right);
  if (typeof a === 'bigint' && typeof b === 'bigint') return integerArithmetic(operator, a, b);
  return floatArithmetic(operator, Number(a), Number(b));
}

function bothTextual(left: Value, right: Value): boolean {
  return typeof left === 'string' && typeof right === 'string';
}

function numeric(value: Value, operator: string): bigint | number {
  if (typeof value === 'bigint' || typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'string') {
    const converted = tryConvert(value, 'bigint') ?? tryConvert(value, 'float');
    if (typeof converted === 'bigint' || typeof converted === 'number') return converted;
  }
  throw new EvaluationError(
    `Operator '${operator}' cannot be applied to a value of type '${typeOf(value)}'. Only 'bigint', 'float' is allowed.`,
  );
}

function integerArithmetic(operator: ArithmeticOperator, left: bigint, right: bigint): bigint {
  switch (operator) {
    case '+':
      return checkedInt64(left + right);
    case '-':
      return checkedInt64(left - right);
    case '*':
      return checkedInt64(left * right);
    case '/':
      if (right === 0n) throw divisionByZero();
      return checkedInt64(left / right);
    default:
      if (right === 0n) throw divisionByZero();
      return left % right;
  }
}

export function floatArithmetic(operator: ArithmeticOperator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      if (right === 0) throw divisionByZero();
      return left / right;
    default:
      if (right === 0) throw divisionByZero();
      return left % right;
  }
}

function divisionByZero(): EvaluationError {
  return new EvaluationError('Divide by zero. Guard the divisor with NULLIF(divisor, 0) or CASE.');
}

/** https://learn.microsoft.com/stream-analytics-query/bitwise-and-azure-stream-analytics: bit of two bits, else bigint. */
function bitwise(operator: '&' | '|' | '^', left: Value, right: Value): Value {
  const a = integerOf(left, operator);
  const b = integerOf(right, operator);
  const result = operator === '&' ? a & b : operator === '|' ? a | b : a ^ b;
  return typeof left === 'boolean' && typeof right === 'boolean' ? result !== 0n : BigInt.asIntN(64, result);
}

function integerOf(value: Value, operator: string): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  throw new EvaluationError(`Operator '${operator}' needs bigint or bit, not '${typeOf(value)}'. Use CAST.`);
}

export function negate(value: Value): Value {
  if (value === null) return null;
  const number = numeric(value, '-');
  return typeof number === 'bigint' ? checkedInt64(-number) : -number;
}

export function bitwiseNot(value: Value): Value {
  if (value === null) return null;
  return typeof value === 'boolean' ? !value : ~integerOf(value, '~');
}
