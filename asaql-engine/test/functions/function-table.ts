/** Tables of calls and what they give: one test a function. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DateTime, EvaluationError, RecordValue, tryConvert, type Value } from '@asaql/engine';
import type { TimeUnit } from '@asaql/parser';
import { type FunctionContext, scalarFunctions } from '../../src/expressions/functions/index.ts';
import { valueText } from '../../src/expressions/value.ts';

/** A call's arguments and its result, or what the message of its failure says. */
export type Row = readonly [args: readonly Value[], expected: Value | RegExp];

export const level12: FunctionContext = { compatibilityLevel: '1.2' };
export const level10: FunctionContext = { compatibilityLevel: '1.0' };

export function call(name: string, ...args: readonly Value[]): Value {
  return callAt(level12, name, ...args);
}

export function callAt(context: FunctionContext, name: string, ...args: readonly Value[]): Value {
  const known = scalarFunctions.get(name.toLowerCase());
  assert.ok(known !== undefined && !known.unitFirst, `${name} takes values only`);
  assert.ok(args.length >= known.minArguments && args.length <= known.maxArguments, `${name} with ${args.length} arguments`);
  return known.evaluate(args, context);
}

export function callUnit(name: string, unit: TimeUnit, ...args: readonly Value[]): Value {
  const known = scalarFunctions.get(name.toLowerCase());
  assert.ok(known?.unitFirst === true, `${name} takes a unit first`);
  return known.evaluate(unit, args, level12);
}

export function check(evaluate: () => Value, expected: Value | RegExp, label: string): void {
  if (expected instanceof RegExp) {
    assert.throws(
      evaluate,
      (error) => {
        assert.ok(error instanceof EvaluationError, `${label} throws ${String(error)}`);
        assert.match(error.message, expected, label);
        return true;
      },
      label,
    );
  } else assert.deepEqual(plain(evaluate()), plain(expected), label);
}

/** One test of a function, a row a call. */
export function table(name: string, rows: readonly Row[]): void {
  test(name, () => {
    for (const [args, expected] of rows) check(() => call(name, ...args), expected, `${name}(${args.map(shown).join(', ')})`);
  });
}

/** As `table`, for a function with a unit. */
export function unitTable(name: string, rows: readonly (readonly [unit: TimeUnit, ...Row])[]): void {
  test(name, () => {
    for (const [unit, args, expected] of rows) {
      check(() => callUnit(name, unit, ...args), expected, `${name}(${unit}, ${args.map(shown).join(', ')})`);
    }
  });
}

export function date(text: string): DateTime {
  const converted = tryConvert(text, 'datetime');
  assert.ok(converted instanceof DateTime, text);
  return converted;
}

export function record(properties: { readonly [name: string]: Value }): RecordValue {
  return new RecordValue(Object.entries(properties));
}

/** With records and datetimes as plain objects, so that they compare by content; -0 stays different from 0. */
function plain(value: Value): unknown {
  if (value instanceof RecordValue) return Object.fromEntries(value.entries().map(([name, item]) => [name, plain(item)]));
  if (value instanceof DateTime) return { datetime: value.toString() };
  return Array.isArray(value) ? value.map(plain) : value;
}

function shown(value: Value): string {
  if (typeof value === 'string') return `'${value.length > 40 ? `${value.slice(0, 40)}…` : value}'`;
  return valueText(value);
}
