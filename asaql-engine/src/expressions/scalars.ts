/** Scalar expressions compiled: arithmetic, CASE, CAST, function calls. Must not know the syntax tree. */
import type { Batch } from '../batch/batch.ts';
import { type Column, Tag } from '../batch/column.ts';
import type { Dictionary } from '../batch/dictionary.ts';
import { convert, tryConvert } from './conversion.ts';
import { anyMayFail, type Condition, Expression } from './expression.ts';
import { type ArithmeticOperator, arithmetic, bitwiseNot, negate } from './operations.ts';
import { EvaluationError, type TypeName, type Value } from './value.ts';

export class Arithmetic extends Expression {
  readonly operator: ArithmeticOperator;
  readonly left: Expression;
  readonly right: Expression;

  constructor(operator: ArithmeticOperator, left: Expression, right: Expression) {
    super(left.dictionary, `(${left.key} ${operator} ${right.key})`, true);
    this.operator = operator;
    this.left = left;
    this.right = right;
  }

  at(batch: Batch, row: number): Value {
    return arithmetic(this.operator, this.left.at(batch, row), this.right.at(batch, row));
  }

  protected override fill(batch: Batch): Column {
    const left = this.left.column(batch);
    const right = this.right.column(batch);
    const result = this.scratch(batch);
    for (let row = 0; row < batch.count; row += 1) {
      const leftTag = left.tags[row] as number;
      const rightTag = right.tags[row] as number;
      if (leftTag === Tag.null || rightTag === Tag.null) {
        result.set(row, Tag.null, 0);
        continue;
      }
      const number = plainArithmetic(this.operator, leftTag, rightTag, left.nums[row] as number, right.nums[row] as number);
      if (number === undefined) result.setValue(row, arithmetic(this.operator, left.value(row), right.value(row)));
      else result.set(row, leftTag === Tag.int && rightTag === Tag.int ? Tag.int : Tag.float, number);
    }
    return result;
  }
}

/** The result where doubles are exact or the operands are floats; undefined where the careful way must be taken. */
function plainArithmetic(
  operator: ArithmeticOperator,
  leftTag: number,
  rightTag: number,
  left: number,
  right: number,
): number | undefined {
  const floats = leftTag === Tag.float || rightTag === Tag.float;
  if ((leftTag !== Tag.int && leftTag !== Tag.float) || (rightTag !== Tag.int && rightTag !== Tag.float)) return undefined;
  let result: number;
  if (operator === '+') result = left + right;
  else if (operator === '-') result = left - right;
  else if (operator === '*') result = left * right;
  else if (operator === '/' && right !== 0 && floats) result = left / right;
  else return undefined;
  return floats || Number.isSafeInteger(result) ? result : undefined;
}

export class Negation extends Expression {
  readonly operator: '-' | '~';
  readonly operand: Expression;

  constructor(operator: '-' | '~', operand: Expression) {
    super(operand.dictionary, `(${operator}${operand.key})`, true);
    this.operator = operator;
    this.operand = operand;
  }

  at(batch: Batch, row: number): Value {
    const value = this.operand.at(batch, row);
    return this.operator === '-' ? negate(value) : bitwiseNot(value);
  }
}

export class CaseChoice extends Expression {
  readonly branches: readonly { readonly when: Condition; readonly result: Expression }[];
  readonly otherwise: Expression;

  /** `mark` keeps apart what is alike otherwise. */
  constructor(branches: readonly { readonly when: Condition; readonly result: Expression }[], otherwise: Expression, mark = '') {
    super(
      otherwise.dictionary,
      `case${mark}(${branches.map(({ when, result }) => `${when.key}:${result.key}`).join(',')},${otherwise.key})`,
      anyMayFail([otherwise, ...branches.flatMap(({ when, result }) => [when, result])]),
    );
    this.branches = branches;
    this.otherwise = otherwise;
  }

  at(batch: Batch, row: number): Value {
    for (const { when, result } of this.branches) if (when.holds(batch, row)) return result.at(batch, row);
    return this.otherwise.at(batch, row);
  }

  protected override fill(batch: Batch): Column {
    if (this.mayFail) return super.fill(batch);
    const chosen = this.scratch(batch);
    chosen.copyRange(0, this.otherwise.column(batch), 0, batch.count);
    for (let index = this.branches.length - 1; index >= 0; index -= 1) {
      const { when, result } = this.branches[index] as { when: Condition; result: Expression };
      chosen.copyWhere(when.column(batch).nums, result.column(batch), batch.count);
    }
    return chosen;
  }
}

const tagOfType: { readonly [type in TypeName]: number } = {
  bigint: Tag.int,
  float: Tag.float,
  'nvarchar(max)': Tag.text,
  datetime: Tag.time,
  bit: Tag.bit,
  record: -1,
  array: -1,
};

export class Conversion extends Expression {
  readonly operand: Expression;
  readonly type: TypeName;
  readonly attempt: boolean;
  readonly text: string;

  /** `text` is the expression as written, for the message of a failure. */
  constructor(operand: Expression, type: TypeName, attempt: boolean, text: string) {
    super(operand.dictionary, `${attempt ? 'try_' : ''}cast(${operand.key} as ${type})`, operand.mayFail || !attempt);
    this.operand = operand;
    this.type = type;
    this.attempt = attempt;
    this.text = text;
  }

  at(batch: Batch, row: number): Value {
    return this.#convert(this.operand.at(batch, row));
  }

  protected override fill(batch: Batch): Column {
    const operand = this.operand.column(batch);
    const tag = tagOfType[this.type];
    let converted: Column | null = null;
    for (let row = 0; row < batch.count; row += 1) {
      const rowTag = operand.tags[row] as number;
      if (rowTag === tag || rowTag === Tag.null) continue;
      if (converted === null) {
        converted = this.scratch(batch);
        converted.copyRange(0, operand, 0, batch.count);
      }
      if (tag === Tag.float && rowTag === Tag.int) converted.tags[row] = Tag.float;
      else converted.setValue(row, this.#convert(operand.value(row)));
    }
    return converted ?? operand;
  }

  #convert(value: Value): Value {
    return this.attempt ? (tryConvert(value, this.type) ?? null) : convert(value, this.type, this.text);
  }
}

/** A call of a built-in or user function. `evaluate` gets the arguments' values. */
export class FunctionCall extends Expression {
  readonly parts: readonly Expression[];
  readonly #evaluate: (args: readonly Value[]) => Value;
  readonly #place: string;

  /** `name` must tell functions (and units) apart; `place` stands in front of a failure's message. */
  constructor(
    dictionary: Dictionary,
    name: string,
    parts: readonly Expression[],
    place: string,
    evaluate: (args: readonly Value[]) => Value,
  ) {
    super(dictionary, `${name}(${parts.map((part) => part.key).join(',')})`, true);
    this.parts = parts;
    this.#evaluate = evaluate;
    this.#place = place;
  }

  at(batch: Batch, row: number): Value {
    const args = this.parts.map((part) => part.at(batch, row));
    try {
      return this.#evaluate(args);
    } catch (error) {
      if (error instanceof EvaluationError) throw new EvaluationError(`${error.message} ${this.#place}`);
      throw error;
    }
  }
}

/** COALESCE: the first value that is not null; later ones are not worked out. */
export class Coalesce extends Expression {
  readonly parts: readonly Expression[];

  constructor(parts: readonly Expression[]) {
    super((parts[0] as Expression).dictionary, `coalesce(${parts.map((part) => part.key).join(',')})`, anyMayFail(parts));
    this.parts = parts;
  }

  at(batch: Batch, row: number): Value {
    for (const part of this.parts) {
      const value = part.at(batch, row);
      if (value !== null) return value;
    }
    return null;
  }

  protected override fill(batch: Batch): Column {
    if (this.mayFail) return super.fill(batch);
    const { count } = batch;
    const hasNull = (column: Column) => column.tags.subarray(0, count).includes(Tag.null);
    const first = (this.parts[0] as Expression).column(batch);
    if (!hasNull(first)) return first;
    const chosen = this.scratch(batch);
    chosen.copyRange(0, first, 0, count);
    for (let index = 1; index < this.parts.length && hasNull(chosen); index += 1) {
      const next = (this.parts[index] as Expression).column(batch);
      for (let row = 0; row < count; row += 1) if (chosen.tags[row] === Tag.null) chosen.copy(row, next, row);
    }
    return chosen;
  }
}
