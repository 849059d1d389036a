/** Texts looked for in texts. Rows marked "page" are examples of the reference. */
import { record, table } from './function-table.ts';

const smile = '😀';

table('CHARINDEX', [
  [['us', 'Focus'], 4n],
  [['us', 'US of A'], 1n],
  [['x', 'abc'], 0n],
  [['', 'abc'], 0n],
  [['a', ''], 0n],
  [['a', 'banana', 3n], 4n],
  [['a', 'banana', 0n], 2n],
  [['a', 'banana', -7n], 2n],
  [['a', 'banana', 7n], 0n],
  [['a', 'banana', 2n ** 62n], 0n],
  [['b', `${smile}b`], 2n],
  [['b', `b${smile}b`, 2n], 3n],
  // A letter whose small form is longer does not move the position.
  [['b', 'İb'], 2n],
  [[2n, 123n], 2n],
  [[null, 'a'], null],
  [['a', null], null],
  [['a', 'a', null], null],
  [['a', 'a', 'x'], /The 3rd argument of function charindex has invalid type 'nvarchar\(max\)'\. Only 'bigint' is allowed\./],
  [['a', record({})], /The 2nd argument of function charindex has invalid type 'record'/],
]);

table('PATINDEX', [
  // page
  [['%100%', 'AB 100C'], 4n],
  [['%xyz%', 'abc'], 0n],
  [['ab%', 'abc'], 1n],
  [['bc%', 'abc'], 0n],
  [['%bc', 'abc'], 2n],
  [['%b', 'abc'], 0n],
  [['%bc', 'bc abc'], 5n],
  [['abc', 'ABC'], 1n],
  [['%[0-9]%', 'ab7'], 3n],
  [['%[^a-z]%', 'ab7'], 3n],
  [['%b_d%', 'abcd'], 2n],
  [['%.%', 'a.b'], 2n],
  [['%b%', `${smile}b`], 2n],
  [['%_b%', `x${smile}b`], 2n],
  [['%\n%', 'a\nb'], 2n],
  [['%%', 'abc'], 1n],
  [['%2%', 123n], 2n],
  [[null, 'a'], null],
  [['%a%', null], null],
  [['a'.repeat(8000), 'a'], 0n],
  [['a'.repeat(8001), 'a'], /The 1st argument of function patindex has 8001 characters\. No more than 8000 are allowed\./],
  [['%[z-a]%', 'a'], 0n],
  [['%a%', []], /The 2nd argument of function patindex has invalid type 'array'/],
]);

table('REGEXMATCH', [
  // page
  [['ABC 123', '[0-9][0-9][0-9]'], 5n],
  [['abc', 'B'], 2n],
  [['abc', 'x'], 0n],
  [['abc', '('], 0n],
  [['a\nb', 'a.b'], 1n],
  [['a\nb', '^b'], 0n],
  [['abc', ''], 1n],
  [[`${smile}b`, 'b'], 2n],
  [[123n, '2'], 2n],
  [[null, 'a'], null],
  [['a', null], null],
  [[record({}), 'a'], /The 1st argument of function regexmatch has invalid type 'record'/],
]);

table('REPLACE', [
  // page
  [['abcde', 'cd', 'xx'], 'abxxe'],
  [['cdabcd', 'cd', 'x'], 'xabx'],
  [['cd', 'cd', 'xxx'], 'xxx'],
  [['abcde', 'gh', 'xx'], 'abcde'],
  [['abcde', 'cde', ''], 'ab'],
  [['abcde', '', 'xxx'], 'abcde'],
  [['', 'cde', 'xxx'], ''],
  [[null, 'cde', 'xxx'], null],
  [['abcde', null, 'xxx'], null],
  [['abcde', 'cde', null], null],
  [['aaa', 'aa', 'b'], 'ba'],
  [['aXa', 'x', 'xx'], 'axxa'],
  // The replacement is no pattern.
  [['a.b', '.', '$&'], 'a$&b'],
  [['İb', 'B', smile], `İ${smile}`],
  [[121n, 1n, 0n], '020'],
  [['a'.repeat(5000), 'a', 'b'.repeat(5000)], /The result of function replace would be 25000000 characters long/],
  [['a', record({}), 'b'], /The 2nd argument of function replace has invalid type 'record'/],
]);

table('TRANSLATE', [
  // page
  [['2*[3+4]/{7-2}', '[]{}', '()()'], '2*(3+4)/(7-2)'],
  [['[137.4,72.3]', '[,]', '( )'], '(137.4 72.3)'],
  // No character is replaced twice, and the first counterpart counts.
  [['ab', 'ab', 'ba'], 'ba'],
  [['a', 'aa', 'xy'], 'x'],
  [[`a${smile}`, smile, '茶'], 'a茶'],
  [['abc', '', ''], 'abc'],
  [['', 'a', 'b'], ''],
  [[null, 'a', 'b'], null],
  [['a', null, 'b'], null],
  [['a', 'a', null], null],
  [['a', 'ab', 'x'], /The 3rd argument of function translate has 1 characters and the 2nd has 2: both must have as many\./],
  [['a', [], 'x'], /The 2nd argument of function translate has invalid type 'array'/],
]);
