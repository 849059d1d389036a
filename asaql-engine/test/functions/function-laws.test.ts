/** Laws between functions, for any arguments. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DateTime, type Value } from '@asaql/engine';
import type { TimeUnit } from '@asaql/parser';
import fc from 'fast-check';
import { call, callUnit } from './function-table.ts';

/** The same cases in every run. */
const seed = 20260824;
function law(name: string, property: fc.IRawProperty<unknown>): void {
  test(name, () => fc.assert(property, { seed, numRuns: 500 }));
}

const text = fc.string({ unit: 'binary', maxLength: 30 });
const count = fc.bigInt({ min: 0n, max: 40n });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
/** Well within the years 1 to 9999. */
const instant = fc
  .tuple(fc.integer({ min: Date.UTC(1000, 0), max: Date.UTC(3000, 0) }), fc.integer({ min: 0, max: 9999 }))
  .map(([ms, ticks]) => new DateTime(ms, ticks));

function length(value: Value): bigint {
  // LEN leaves trailing blanks out.
  return (call('LEN', `${String(value)}.`) as bigint) - 1n;
}

law(
  'LEFT and RIGHT are ends of the text and make it up again',
  fc.property(text, count, (whole, left) => {
    const size = length(whole);
    const right = size > left ? size - left : 0n;
    assert.equal(`${String(call('LEFT', whole, left))}${String(call('RIGHT', whole, right))}`, whole);
    assert.equal(length(call('LEFT', whole, left)) + right, size);
  }),
);

law(
  'SUBSTRING is RIGHT of LEFT',
  fc.property(text, fc.bigInt({ min: 1n, max: 40n }), count, (whole, start, taken) => {
    const end = start - 1n + taken;
    const size = length(whole);
    const reached = end < size ? end : size;
    const kept = reached >= start ? reached - start + 1n : 0n;
    assert.equal(call('SUBSTRING', whole, start, taken), call('RIGHT', call('LEFT', whole, end), kept));
  }),
);

law(
  'STUFF with what was there changes nothing',
  fc.property(text, fc.bigInt({ min: 1n, max: 40n }), count, (whole, start, taken) => {
    fc.pre(start <= length(whole));
    assert.equal(call('STUFF', whole, start, taken, call('SUBSTRING', whole, start, taken)), whole);
  }),
);

law(
  'REVERSE twice is the text, and as long',
  fc.property(text, (whole) => {
    assert.equal(call('REVERSE', call('REVERSE', whole)), whole);
    assert.equal(length(call('REVERSE', whole)), length(whole));
  }),
);

law(
  'UPPER, LOWER and TRIM done twice do nothing more, and case keeps the length',
  fc.property(text, (whole) => {
    for (const name of ['UPPER', 'LOWER', 'TRIM', 'LTRIM', 'RTRIM']) {
      const once = call(name, whole);
      assert.equal(call(name, once), once, name);
    }
    assert.equal(length(call('UPPER', whole)), length(whole));
    assert.equal(length(call('LOWER', whole)), length(whole));
    assert.equal(call('TRIM', whole), call('LTRIM', call('RTRIM', whole)));
  }),
);

law(
  'CHARINDEX points at an occurrence, and no earlier one is there',
  fc.property(
    fc.string({ unit: fc.constantFrom('a', 'B', '😀'), maxLength: 12 }),
    fc.string({ unit: fc.constantFrom('A', 'b', '😀'), minLength: 1, maxLength: 3 }),
    (whole, wanted) => {
      const found = call('CHARINDEX', wanted, whole) as bigint;
      const folded = (value: Value) => String(call('LOWER', value));
      if (found === 0n) assert.ok(!folded(whole).includes(folded(wanted)));
      else {
        assert.equal(folded(call('SUBSTRING', whole, found, length(wanted))), folded(wanted));
        assert.ok(!folded(call('LEFT', whole, found + length(wanted) - 2n)).includes(folded(wanted)));
        assert.equal(call('CHARINDEX', wanted, whole, found), found);
      }
      assert.equal(call('PATINDEX', `%${wanted}%`, whole), found);
      assert.equal(call('REGEXMATCH', whole, wanted), found);
    },
  ),
);

law(
  'REPLACE takes every occurrence away',
  fc.property(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 20 }), (whole) => {
    assert.equal(call('CHARINDEX', 'ab', call('REPLACE', whole, 'AB', 'c')), 0n);
    assert.equal(call('REPLACE', whole, 'b', 'b'), whole);
    assert.equal(call('TRANSLATE', whole, 'b', 'x'), call('REPLACE', whole, 'b', 'x'));
  }),
);

law(
  'UNICODE and NCHAR are inverse',
  fc.property(fc.integer({ min: 0, max: 0x10ffff }), (code) => {
    fc.pre(code < 0xd800 || code > 0xdfff);
    assert.equal(call('UNICODE', call('NCHAR', BigInt(code))), BigInt(code));
  }),
);

const fixedUnits: readonly TimeUnit[] = [
  'week',
  'day',
  'dayofyear',
  'weekday',
  'hour',
  'minute',
  'second',
  'millisecond',
  'microsecond',
];
const calendarUnits: readonly TimeUnit[] = ['year', 'quarter', 'month'];

law(
  'DATEDIFF counts what DATEADD added, and DATEADD goes back',
  fc.property(instant, fc.bigInt({ min: -20000n, max: 20000n }), fc.constantFrom(...fixedUnits), (start, amount, unit) => {
    const later = callUnit('DATEADD', unit, amount, start);
    assert.equal(callUnit('DATEDIFF', unit, start, later), amount);
    assert.equal(String(callUnit('DATEADD', unit, -amount, later)), String(start));
  }),
);

law(
  'DATEDIFF counts months, quarters and years that DATEADD added',
  fc.property(instant, fc.bigInt({ min: -900n, max: 900n }), fc.constantFrom(...calendarUnits), (start, amount, unit) => {
    assert.equal(callUnit('DATEDIFF', unit, start, callUnit('DATEADD', unit, amount, start)), amount);
  }),
);

law(
  'DATEDIFF changes sign with the order and adds up',
  fc.property(instant, instant, instant, fc.constantFrom(...fixedUnits, ...calendarUnits), (a, b, c, unit) => {
    const between = (from: DateTime, to: DateTime) => callUnit('DATEDIFF', unit, from, to) as bigint;
    assert.equal(between(a, b), -between(b, a));
    assert.equal(between(a, b) + between(b, c), between(a, c));
  }),
);

law(
  'DATETIMEFROMPARTS puts the parts of DATEPART together',
  fc.property(instant, (moment) => {
    const units: readonly TimeUnit[] = ['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond'];
    const parts = units.map((unit) => callUnit('DATEPART', unit, moment));
    assert.equal(String(call('DATETIMEFROMPARTS', ...parts)), String(new DateTime(moment.ms)));
    assert.equal(call('YEAR', moment), parts[0]);
    assert.equal(call('MONTH', moment), parts[1]);
    assert.equal(call('DAY', moment), parts[2]);
  }),
);

law(
  'ABS and SIGN make up a number; CEILING and FLOOR enclose it',
  fc.property(int64, fc.double({ noNaN: true, noDefaultInfinity: true }), (whole, fraction) => {
    if (whole !== -(2n ** 63n)) assert.equal((call('ABS', whole) as bigint) * (call('SIGN', whole) as bigint), whole);
    assert.equal((call('ABS', fraction) as number) * (call('SIGN', fraction) as number), fraction + 0);
    assert.ok((call('FLOOR', fraction) as number) <= fraction && fraction <= (call('CEILING', fraction) as number));
    assert.equal(call('ROUND', whole, 0n), whole);
  }),
);

law(
  'ROUND is within half a unit, and done twice does nothing more',
  fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.bigInt({ min: -3n, max: 6n }), (value, places) => {
    const rounded = call('ROUND', value, places) as number;
    const unit = 10 ** -Number(places);
    assert.ok(Math.abs(rounded - value) <= unit * 0.5000001 + 1e-9, `${value} ${places} ${rounded}`);
    assert.equal(call('ROUND', rounded, places), rounded);
  }),
);
