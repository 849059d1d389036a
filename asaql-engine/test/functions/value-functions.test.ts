/** Functions that choose values, tell their types, or look into arrays, records and JSON texts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecordValue } from '@asaql/engine';
import { call, callAt, date, level10, record, table } from './function-table.ts';

table('COALESCE', [
  // page: the type is that of the first value
  [[0n, 'a'], 0n],
  [[null, null, 'x'], 'x'],
  [[null, false, true], false],
  [[null, ''], ''],
  [[null, null], null],
]);

table('NULLIF', [
  // page
  [[4n, 4n], null],
  [[5n, 7n], 5n],
  [[null, 1n], null],
  [[1n, null], 1n],
  [[null, null], null],
  [[1n, 1], null],
  [['a', 'A'], null],
  [['1', 1n], null],
  [['x', 1n], 'x'],
  [[0n, 0n], null],
  [[date('2024-01-01'), '2024-01-01'], null],
  [[record({ a: 1n }), record({ A: 1 })], null],
  [[[1n], [2n]], [1n]],
]);

table('GetType', [
  [[1n], 'bigint'],
  [[1.5], 'float'],
  [['x'], 'nvarchar(max)'],
  [[true], 'bit'],
  // page
  [[date('2024-01-01')], 'datetime'],
  [[record({})], 'record'],
  [[[]], 'array'],
  [[null], null],
]);

table('JSON_PARSE', [
  // page
  [['{"SalesOrderID":"65191","SalesOrderDetailID":"89090"}'], record({ SalesOrderID: '65191', SalesOrderDetailID: '89090' })],
  [[' {"a":[1,1.5,null,true],"b":{"c":"x"}} '], record({ a: [1n, 1.5, null, true], b: record({ c: 'x' }) })],
  [['{"n":9223372036854775807}'], record({ n: 9223372036854775807n })],
  [['{"n":9223372036854775808}'], null],
  [['{}'], record({})],
  [['[1]'], null],
  [['1'], null],
  [['{"a":'], null],
  [[''], null],
  [[5n], null],
  [[record({})], null],
  [[null], null],
]);

test('JSON_PARSE: a boolean is a bigint below level 1.2', () => {
  const parsed = callAt(level10, 'JSON_PARSE', '{"a":true}');
  assert.ok(parsed instanceof RecordValue);
  assert.equal(parsed.get('a'), 1n);
});

table('GetArrayElement', [
  // page
  [[[1n, 1n, 0n], 0n], 1n],
  [[[0n, 1n, 0n], 1n], 1n],
  [[['a', [2n]], 1n], [2n]],
  [[[1n], 1n], null],
  [[[1n], -1n], null],
  [[[1n], 2n ** 62n], null],
  [[[null], 0n], null],
  [[[], 0n], null],
  [[['a', 'b'], 1.9], 'b'],
  [[null, 0n], null],
  [[[1n], null], null],
  [[record({}), 0n], /The 1st argument of function getarrayelement has invalid type 'record'\. Only 'array' is allowed\./],
  [[[1n], 'x'], /The 2nd argument of function getarrayelement has invalid type 'nvarchar\(max\)'\. Only 'bigint' is allowed\./],
]);

table('GetArrayLength', [
  [[[1n, null, 'x']], 3n],
  [[[]], 0n],
  [[null], null],
  [['abc'], /The 1st argument of function getarraylength has invalid type 'nvarchar\(max\)'\. Only 'array' is allowed\./],
]);

table('GetRecordPropertyValue', [
  [[record({ Temperature: 80n, Humidity: 70n }), 'Humidity'], 70n],
  [[record({ Temperature: 80n }), 'temperature'], 80n],
  // The exact spelling comes first.
  [[record({ a: 1n, A: 2n }), 'A'], 2n],
  [[record({ '[my][Field]': 1n }), '[my][Field]'], 1n],
  [[record({ a: record({ b: 1n }), 'a.b': 2n }), 'a.b'], 2n],
  [[record({ a: 1n }), 'b'], null],
  [[record({ a: null }), 'a'], null],
  [[record({ '1': 'x' }), 1n], 'x'],
  [[null, 'a'], null],
  [[record({ a: 1n }), null], null],
  [[[], 'a'], /The 1st argument of function getrecordpropertyvalue has invalid type 'array'\. Only 'record' is allowed\./],
  [[record({}), []], /The 2nd argument of function getrecordpropertyvalue has invalid type 'array'/],
]);

test('a property of a record that JSON_PARSE made', () => {
  assert.equal(
    call('GetRecordPropertyValue', call('JSON_PARSE', '{"ProductName":"Touring-2000 Blue, 54"}'), 'ProductName'),
    'Touring-2000 Blue, 54',
  );
});
