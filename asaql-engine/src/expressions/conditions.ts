/** Conditions compiled: comparisons, AND, OR, NOT, IN, LIKE, IS NULL. Must not know the syntax tree. */
import type { Batch } from '../batch/batch.ts';
import { type Column, Tag } from '../batch/column.ts';
import type { Dictionary } from '../batch/dictionary.ts';
import { textOf } from './conversion.ts';
import { anyMayFail, Condition, type Expression } from './expression.ts';
import { likePattern } from './like-pattern.ts';
import { type ComparisonOperator, compare, orderHolds } from './operations.ts';
import { Constant } from './references.ts';

export class Comparison extends Condition {
  readonly operator: ComparisonOperator;
  readonly left: Expression;
  readonly right: Expression;
  /** The right side, where it is a constant text that the left one is to be equal to, or not. */
  readonly #constantText: TextVerdicts | null;

  constructor(operator: ComparisonOperator, left: Expression, right: Expression) {
    super(left.dictionary, `(${left.key} ${operator} ${right.key})`, anyMayFail([left, right]));
    this.operator = operator;
    this.left = left;
    this.right = right;
    const text = right instanceof Constant && typeof right.value === 'string' ? right.value : null;
    const isEquality = operator === '=' || operator === '<>';
    this.#constantText = text === null || !isEquality ? null : new TextVerdicts([text], left.dictionary);
  }

  holds(batch: Batch, row: number): boolean {
    return compare(this.operator, this.left.at(batch, row), this.right.at(batch, row));
  }

  protected override fill(batch: Batch): Column {
    const left = this.left.column(batch);
    if (this.#constantText !== null) return this.#fillWithText(batch, left, this.#constantText);
    const right = this.right.column(batch);
    const result = this.scratch(batch);
    const { operator, dictionary } = this;
    const equality = operator === '=' || operator === '<>';
    for (let row = 0; row < batch.count; row += 1) {
      const leftTag = left.tags[row] as number;
      const rightTag = right.tags[row] as number;
      const a = left.nums[row] as number;
      const b = right.nums[row] as number;
      let holds: boolean;
      if (leftTag === Tag.null || rightTag === Tag.null) holds = false;
      else if (leftTag === Tag.text && rightTag === Tag.text && equality) {
        holds = (a === b || dictionary.fold(a) === dictionary.fold(b)) === (operator === '=');
      } else if (isPlain(leftTag, rightTag)) holds = orderHolds(operator, a - b);
      else holds = compare(operator, left.value(row), right.value(row));
      result.set(row, Tag.bit, holds ? 1 : 0);
    }
    return result;
  }

  /** Equal to one text, or not: of each text it is found out once. */
  #fillWithText(batch: Batch, left: Column, text: TextVerdicts): Column {
    const result = this.scratch(batch);
    const { tags, nums } = left;
    const equal = this.operator === '=';
    for (let row = 0; row < batch.count; row += 1) {
      const tag = tags[row];
      const holds = tag === Tag.text ? text.accepts(nums[row] as number) === equal : tag !== Tag.null && this.holds(batch, row);
      result.set(row, Tag.bit, holds ? 1 : 0);
    }
    return result;
  }
}

/** Which texts are, whatever their case, one of a few: decided once for each code. */
class TextVerdicts {
  readonly #dictionary: Dictionary;
  readonly #folds: ReadonlySet<number>;
  /** Of each code 0: not known yet, 1: no, 2: yes. */
  #known = new Uint8Array(256);

  constructor(texts: readonly string[], dictionary: Dictionary) {
    this.#dictionary = dictionary;
    this.#folds = new Set(texts.map((text) => dictionary.fold(dictionary.intern(text))));
  }

  accepts(code: number): boolean {
    const known = this.#known[code];
    return known === undefined || known === 0 ? this.#decide(code) : known === 2;
  }

  #decide(code: number): boolean {
    if (code >= this.#known.length) {
      const grown = new Uint8Array(Math.max(code + 1, this.#known.length * 2));
      grown.set(this.#known);
      this.#known = grown;
    }
    const accepted = this.#folds.has(this.#dictionary.fold(code));
    this.#known[code] = accepted ? 2 : 1;
    return accepted;
  }
}

/** Two numbers, or two of one kind that its number orders. */
function isPlain(left: number, right: number): boolean {
  if (left === Tag.int || left === Tag.float) return right === Tag.int || right === Tag.float;
  return left === right && (left === Tag.time || left === Tag.bit);
}

export class Both extends Condition {
  readonly parts: readonly Condition[];

  constructor(parts: readonly Condition[]) {
    super((parts[0] as Condition).dictionary, `(${parts.map((part) => part.key).join(' and ')})`, anyMayFail(parts));
    this.parts = parts;
  }

  holds(batch: Batch, row: number): boolean {
    for (const part of this.parts) if (!part.holds(batch, row)) return false;
    return true;
  }

  protected override fill(batch: Batch): Column {
    if (this.mayFail) return super.fill(batch);
    const result = this.scratch(batch);
    const columns = this.parts.map((part) => part.column(batch));
    const { count } = batch;
    result.copyRange(0, columns[0] as Column, 0, count);
    const held = result.nums;
    for (const { nums } of columns.slice(1)) {
      for (let row = 0; row < count; row += 1) if (nums[row] === 0) held[row] = 0;
    }
    return result;
  }
}

export class Either extends Condition {
  readonly parts: readonly Condition[];

  constructor(parts: readonly Condition[]) {
    super((parts[0] as Condition).dictionary, `(${parts.map((part) => part.key).join(' or ')})`, anyMayFail(parts));
    this.parts = parts;
  }

  holds(batch: Batch, row: number): boolean {
    for (const part of this.parts) if (part.holds(batch, row)) return true;
    return false;
  }

  protected override fill(batch: Batch): Column {
    if (this.mayFail) return super.fill(batch);
    const result = this.scratch(batch);
    const columns = this.parts.map((part) => part.column(batch));
    for (let row = 0; row < batch.count; row += 1) {
      let holds = 0;
      for (const column of columns) if (column.nums[row] !== 0) holds = 1;
      result.set(row, Tag.bit, holds);
    }
    return result;
  }
}

export class Not extends Condition {
  readonly part: Condition;

  constructor(part: Condition) {
    super(part.dictionary, `(not ${part.key})`, part.mayFail);
    this.part = part;
  }

  holds(batch: Batch, row: number): boolean {
    return !this.part.holds(batch, row);
  }
}

export class IsNullTest extends Condition {
  readonly operand: Expression;
  readonly negated: boolean;

  constructor(operand: Expression, negated: boolean) {
    super(operand.dictionary, `(${operand.key} is ${negated ? 'not ' : ''}null)`, operand.mayFail);
    this.operand = operand;
    this.negated = negated;
  }

  holds(batch: Batch, row: number): boolean {
    return (this.operand.at(batch, row) === null) !== this.negated;
  }

  protected override fill(batch: Batch): Column {
    const { tags } = this.operand.column(batch);
    const result = this.scratch(batch);
    for (let row = 0; row < batch.count; row += 1) result.set(row, Tag.bit, (tags[row] === Tag.null) !== this.negated ? 1 : 0);
    return result;
  }
}

/** IN: as `=` with any of the values. NOT IN of NULL is false, as `<>` is. */
export class InValues extends Condition {
  readonly operand: Expression;
  readonly values: readonly Expression[];
  readonly negated: boolean;
  /** The values, when all are constant texts. */
  readonly #texts: TextVerdicts | null;

  constructor(operand: Expression, values: readonly Expression[], negated: boolean, constantTexts: readonly string[] | null) {
    super(
      operand.dictionary,
      `(${operand.key} ${negated ? 'not ' : ''}in ${values.map((value) => value.key).join(',')})`,
      anyMayFail([operand, ...values]),
    );
    this.operand = operand;
    this.values = values;
    this.negated = negated;
    this.#texts = constantTexts === null ? null : new TextVerdicts(constantTexts, this.dictionary);
  }

  holds(batch: Batch, row: number): boolean {
    const operand = this.operand.at(batch, row);
    if (operand === null) return false;
    return this.values.some((value) => compare('=', operand, value.at(batch, row))) !== this.negated;
  }

  protected override fill(batch: Batch): Column {
    const texts = this.#texts;
    if (texts === null) return super.fill(batch);
    const { tags, nums } = this.operand.column(batch);
    const result = this.scratch(batch);
    for (let row = 0; row < batch.count; row += 1) {
      const tag = tags[row];
      const holds =
        tag === Tag.text ? texts.accepts(nums[row] as number) !== this.negated : tag !== Tag.null && this.holds(batch, row);
      result.set(row, Tag.bit, holds ? 1 : 0);
    }
    return result;
  }
}

/** LIKE on the text form of the operand; NULL on either side is false. */
export class LikeTest extends Condition {
  readonly operand: Expression;
  readonly pattern: Expression;
  readonly negated: boolean;
  #compiledFor = '';
  #compiled: RegExp | null = null;

  constructor(operand: Expression, pattern: Expression, negated: boolean) {
    super(operand.dictionary, `(${operand.key} ${negated ? 'not ' : ''}like ${pattern.key})`, anyMayFail([operand, pattern]));
    this.operand = operand;
    this.pattern = pattern;
    this.negated = negated;
  }

  holds(batch: Batch, row: number): boolean {
    const operand = this.operand.at(batch, row);
    const pattern = this.pattern.at(batch, row);
    if (operand === null || pattern === null) return false;
    return this.#expression(textOf(pattern)).test(textOf(operand)) !== this.negated;
  }

  #expression(pattern: string): RegExp {
    if (this.#compiled === null || this.#compiledFor !== pattern) {
      this.#compiled = likePattern(pattern);
      this.#compiledFor = pattern;
    }
    return this.#compiled;
  }
}

/** A bit used as a condition (`WHERE ST_WITHIN(…)` is an error; a column of type bit compared by nothing is accepted as = 1). */
export class Truth extends Condition {
  readonly operand: Expression;

  constructor(operand: Expression) {
    super(operand.dictionary, `(${operand.key} holds)`, operand.mayFail);
    this.operand = operand;
  }

  holds(batch: Batch, row: number): boolean {
    const value = this.operand.at(batch, row);
    return value === true || value === 1n || value === 1;
  }
}
