/** CSV lines: every field is a text, types come from CREATE TABLE or CAST; what does not fit is refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planOf, runEvents } from '../support/run-query.ts';

const inputs = { I: { format: 'csv' as const, csvColumns: ['id', 'name', 'v'] } };

test('fields are texts; quotes, delimiters in quotes and short lines are read', () => {
  const lines = ['1,plain,2.5', '2,"with, comma and ""quotes""",3', '3', '4,"ümläut",', '5,"open', '6,a,b,c'].map((body) => ({
    body,
  }));
  const { rows, rejected } = runEvents(planOf('SELECT id, NAME AS name, TRY_CAST(v AS float) AS v FROM I', { inputs }), {
    I: lines,
  });
  assert.deepEqual(rows.output, [
    { id: '1', name: 'plain', v: 2.5 },
    { id: '2', name: 'with, comma and "quotes"', v: 3 },
    { id: '3', name: null, v: null },
    { id: '4', name: 'ümläut', v: null },
  ]);
  assert.deepEqual(
    rejected.map(({ index, reason }) => [index, reason]),
    [
      [4, 'InputDeserializerError.InvalidData'],
      [5, 'InputDeserializerError.InvalidData'],
    ],
  );
});

test('CREATE TABLE gives types and drops rows that do not have them', () => {
  const query = 'CREATE TABLE I (id bigint, name nvarchar(max), v float) SELECT id + 1 AS id, * FROM I';
  const { rows, rejected } = runEvents(planOf(query, { inputs }), { I: [{ body: '1,a,2' }, { body: 'x,a,2' }] });
  assert.deepEqual(rows.output, [{ id: 2, name: 'a', v: 2 }]);
  assert.equal(rejected[0]?.reason, 'InputDeserializerError.TypeConversionError');
  assert.match(rejected[0]?.message ?? '', /Column 'id'/);
});
