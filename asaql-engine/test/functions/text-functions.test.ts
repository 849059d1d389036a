/** Texts made of texts. Rows marked "page" are examples of the reference. */
import { date, record, table } from './function-table.ts';

const tea = '茶';
const smile = '😀';
const notText = /The 1st argument of function \w+ has invalid type 'record'\. Only 'nvarchar\(max\)' is allowed\./;

table('CONCAT', [
  [['a', 'b', 'c'], 'abc'],
  [['a', null, 'c'], 'ac'],
  [[null, null], ''],
  [['n', 1n, 1.5, true, date('2024-01-01')], 'n11.512024-01-01T00:00:00.0000000Z'],
  [['a'.repeat(2 ** 23), 'b'.repeat(2 ** 23 + 1)], /would be 16777217 characters long/],
]);

table('CONCAT_WS', [
  // page
  [[', ', '1 Microsoft Way', null, 'Redmond', 'WA', '98052', null], '1 Microsoft Way, Redmond, WA, 98052'],
  [[', ', null, null], ''],
  [[', ', '', ''], ', '],
  [[null, 'a', 'b'], 'ab'],
  [[0n, 1n, 2n], '102'],
  [['-', 'a'.repeat(2 ** 23), 'b'.repeat(2 ** 23)], /The result of function concat_ws would be 16777217 characters long/],
]);

table('LEFT', [
  // page
  [['abcdefg', 2n], 'ab'],
  [['ab', 10n], 'ab'],
  [['ab', 0n], ''],
  [['', 3n], ''],
  [[`${smile}${tea}x`, 1n], smile],
  [['ab', 2n ** 62n], 'ab'],
  [['abc', 2.9], 'ab'],
  [['abc', '2'], 'ab'],
  [[12345n, 2n], '12'],
  [[null, 2n], null],
  [['ab', null], null],
  [['ab', -1n], /The 2nd argument of function left is -1: a length cannot be negative\./],
  [['ab', 'x'], /The 2nd argument of function left has invalid type 'nvarchar\(max\)'\. Only 'bigint' is allowed\./],
  [[record({}), 1n], notText],
  [[[], 1n], /has invalid type 'array'/],
]);

table('RIGHT', [
  [['abcdefg', 2n], 'fg'],
  [['ab', 10n], 'ab'],
  [['ab', 0n], ''],
  [[`x${tea}${smile}`, 1n], smile],
  [[`x${smile}${tea}`, 2n], `${smile}${tea}`],
  [[null, 2n], null],
  [['ab', null], null],
  [['ab', -1n], /The 2nd argument of function right is -1/],
  [[record({}), 1n], notText],
]);

table('SUBSTRING', [
  [['abcdef', 2n, 3n], 'bcd'],
  [['abcdef', 1n, 200n], 'abcdef'],
  // A start before the first character: start + length - 1 characters.
  [['abcdef', 0n, 3n], 'ab'],
  [['abcdef', -1n, 4n], 'ab'],
  [['abcdef', -5n, 3n], ''],
  [['abcdef', 7n, 1n], ''],
  [['abcdef', 6n, 1n], 'f'],
  [['abcdef', 3n, 0n], ''],
  [['', 1n, 1n], ''],
  [['abcdef', 2n ** 63n - 1n, 2n ** 63n - 1n], ''],
  [[`a${smile}b`, 2n, 1n], smile],
  [[`a${smile}b`, 3n, 1n], 'b'],
  [[null, 1n, 1n], null],
  [['a', null, 1n], null],
  [['a', 1n, null], null],
  [['a', 1n, -1n], /The 3rd argument of function substring is -1/],
  [['a', 'x', 1n], /The 2nd argument of function substring has invalid type/],
  [[record({}), 1n, 1n], notText],
]);

table('STUFF', [
  // page
  [['abcdef', 2n, 3n, 'ijklmn'], 'aijklmnef'],
  [['abcdef', 2n, 0n, 'X'], 'aXbcdef'],
  [['abcdef', 2n, 100n, 'X'], 'aX'],
  [['abcdef', 6n, 1n, 'X'], 'abcdeX'],
  [['abcdef', 7n, 0n, 'X'], ''],
  [['abcdef', 0n, 2n, 'X'], 'Xcdef'],
  [['abcdef', -3n, 2n, 'X'], 'Xcdef'],
  [['', 1n, 0n, 'X'], ''],
  [[`a${smile}b`, 2n, 1n, tea], `a${tea}b`],
  [[null, 1n, 1n, 'X'], null],
  [['a', 1n, 1n, null], null],
  [['a', 1n, -1n, 'X'], /The 3rd argument of function stuff is -1/],
  [['a', 1n, 1n, record({})], /The 4th argument of function stuff has invalid type 'record'/],
]);

table('REPLICATE', [
  // page: CONCAT(REPLICATE('0', 4 - LEN(x)), x)
  [['0', 3n], '000'],
  [['0', -5n], null],
  [['ab', 0n], ''],
  [['', 2n ** 62n], ''],
  [[smile, 2n], smile + smile],
  [[7n, 2n], '77'],
  [[null, 2n], null],
  [['a', null], null],
  [['ab', 2n ** 40n], /The result of function replicate would be 2199023255552 characters long/],
  [[record({}), 1n], notText],
]);

table('SPACE', [
  [[1n], ' '],
  [[0n], ''],
  [[-1n], null],
  [[null], null],
  [['x'], /The 1st argument of function space has invalid type 'nvarchar\(max\)'\. Only 'bigint' is allowed\./],
  [[2n ** 62n], /No more than 16777216 are allowed/],
]);

table('REVERSE', [
  // page
  [['abcdefg'], 'gfedcba'],
  [[''], ''],
  [[`a${smile}${tea}`], `${tea}${smile}a`],
  [[120n], '021'],
  [[null], null],
  [[record({})], notText],
]);

table('LEN', [
  [['abc'], 3n],
  [['abc  '], 3n],
  [['  abc'], 5n],
  [['    '], 0n],
  [[''], 0n],
  // Only blanks are left out.
  [['a\t'], 2n],
  [['a\u00a0'], 2n],
  [[`${smile}${tea}`], 2n],
  [[-12n], 3n],
  [[null], null],
  [[record({})], notText],
]);

table('LOWER', [
  [['ABC Äß'], 'abc äß'],
  [['ΟΔΟΣ'], 'οδοσ'],
  [[true], '1'],
  [[null], null],
  [[record({})], notText],
]);

table('UPPER', [
  [['abc ä'], 'ABC Ä'],
  // One character for one.
  [['straße ﬁ'], 'STRAßE ﬁ'],
  [['𐐨'], '𐐀'],
  [[null], null],
  [[record({})], notText],
]);

// All of the page's list, and two that are no white space there.
const white = '\u0009\u000a\u000b\u000c\u000d\u0085\u0020\u00a0\u1680\u2000\u2003\u200a\u2028\u2029\u202f\u205f\u3000';
const notWhite = '\ufeff\u200b';

table('LTRIM', [
  // page
  [['      Left test'], 'Left test'],
  [[`${white}a${white}`], `a${white}`],
  [[`${notWhite} a`], `${notWhite} a`],
  [[' '], ''],
  [[''], ''],
  [[null], null],
  [[record({})], notText],
]);

table('RTRIM', [
  [['Right test      '], 'Right test'],
  [[`${white}a${white}`], `${white}a`],
  [[`a ${notWhite}`], `a ${notWhite}`],
  [[' '], ''],
  [[null], null],
  [[record({})], notText],
]);

table('TRIM', [
  [['  Both  '], 'Both'],
  [[`${white}a b${white}`], 'a b'],
  [[white], ''],
  [[null], null],
  [[record({})], notText],
]);

table('NCHAR', [
  // page
  [[33590n], tea],
  [[128512n], smile],
  [[0n], '\u0000'],
  [[1114111n], '\u{10ffff}'],
  [[1114112n], null],
  [[-1n], null],
  [[0xd800n], null],
  [['65'], 'A'],
  [[null], null],
  [['x'], /The 1st argument of function nchar has invalid type/],
]);

table('UNICODE', [
  // page
  [[tea], 33590n],
  [[`${smile}x`], 128512n],
  [['AB'], 65n],
  [[''], null],
  [[5n], 53n],
  [[null], null],
  [[record({})], notText],
]);
