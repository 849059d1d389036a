/**
 * The arguments of one call, read as the types a function wants, and the two ways most functions are declared.
 * Must not know any function.
 *
 * An argument of another type is converted where its value allows it ("try to implicitly cast types when needed":
 * https://learn.microsoft.com/azure/stream-analytics/input-validation); where not, the job stops with the service's words.
 */
import { textOf, tryConvert } from '../conversion.ts';
import { DateTime, EvaluationError, isArray, RecordValue, typeOf, type Value } from '../value.ts';
import type { FunctionContext, PlainFunction, UnitFunction } from './signature.ts';

const ordinals = ['1st', '2nd', '3rd'];

/** Positions are from 0. No argument is NULL: the functions that look at NULL do not read their arguments this way. */
export class CallArguments {
  readonly name: string;
  readonly values: readonly Value[];
  /** Arguments that stand before the first value: the unit word. */
  readonly #before: number;

  constructor(name: string, values: readonly Value[], before = 0) {
    this.name = name;
    this.values = values;
    this.#before = before;
  }

  get count(): number {
    return this.values.length;
  }

  value(position: number): Exclude<Value, null> {
    const value = this.values[position];
    if (value === undefined || value === null) throw new RangeError(`Function ${this.name} has no argument ${position}.`);
    return value;
  }

  /** Numbers, bits and datetimes have a text form; records and arrays are refused. */
  text(position: number): string {
    const value = this.value(position);
    if (typeof value === 'string') return value;
    if (isArray(value) || value instanceof RecordValue) throw this.wrongType(position, "'nvarchar(max)'");
    return textOf(value);
  }

  /** A fraction is cut off. */
  integer(position: number): bigint {
    const converted = tryConvert(this.value(position), 'bigint');
    if (typeof converted !== 'bigint') throw this.wrongType(position, "'bigint'");
    return converted;
  }

  float(position: number): number {
    const converted = tryConvert(this.value(position), 'float');
    if (typeof converted !== 'number') throw this.wrongType(position, "'float'");
    return converted;
  }

  /** A bigint or a float as it is: functions that return the type they are given convert nothing (the log of `round`). */
  number(position: number): bigint | number {
    const value = this.value(position);
    if (typeof value !== 'bigint' && typeof value !== 'number') throw this.wrongType(position, "'bigint', 'float'");
    return value;
  }

  datetime(position: number): DateTime {
    const converted = tryConvert(this.value(position), 'datetime');
    if (!(converted instanceof DateTime)) throw this.wrongType(position, "'datetime'");
    return converted;
  }

  record(position: number): RecordValue {
    const value = this.value(position);
    if (!(value instanceof RecordValue)) throw this.wrongType(position, "'record'");
    return value;
  }

  array(position: number): readonly Value[] {
    const value = this.value(position);
    if (!isArray(value)) throw this.wrongType(position, "'array'");
    return value;
  }

  /** `allowed` is a list of quoted type names. */
  wrongType(position: number, allowed: string): EvaluationError {
    const type = typeOf(this.value(position));
    return new EvaluationError(
      `The ${this.ordinal(position)} argument of function ${this.name} has invalid type '${type}'. Only ${allowed} is allowed.`,
    );
  }

  /** `fault` goes on after `The 2nd argument of function left `. */
  wrongValue(position: number, fault: string): EvaluationError {
    return new EvaluationError(`The ${this.ordinal(position)} argument of function ${this.name} ${fault}`);
  }

  ordinal(position: number): string {
    const place = position + this.#before;
    return ordinals[place] ?? `${place + 1}th`;
  }
}

/** How many arguments: a number, or the least and the most. */
type Arity = number | readonly [min: number, max: number];

/** A function that is NULL as soon as one of its arguments is: the rule of the language wherever a page says nothing else. */
export function nullIfAnyNull(
  name: string,
  arity: Arity,
  evaluate: (args: CallArguments, context: FunctionContext) => Value,
): PlainFunction {
  const [minArguments, maxArguments] = typeof arity === 'number' ? [arity, arity] : arity;
  const spoken = name.toLowerCase();
  return {
    name,
    minArguments,
    maxArguments,
    unitFirst: false,
    evaluate: (values, context) => (values.includes(null) ? null : evaluate(new CallArguments(spoken, values), context)),
  };
}

/** As `nullIfAnyNull`, for a function whose first argument is a bare unit word. */
export function unitFirst(
  name: string,
  valueArguments: number,
  evaluate: (unit: Parameters<UnitFunction['evaluate']>[0], args: CallArguments) => Value,
): UnitFunction {
  const spoken = name.toLowerCase();
  return {
    name,
    minArguments: valueArguments,
    maxArguments: valueArguments,
    unitFirst: true,
    evaluate: (unit, values) => (values.includes(null) ? null : evaluate(unit, new CallArguments(spoken, values, 1))),
  };
}
