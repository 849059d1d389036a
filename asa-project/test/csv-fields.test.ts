/** CSV records as RFC 4180 writes them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvFields } from '../src/text/csv-fields.ts';

test('quotes keep delimiters, and doubled quotes are one', () => {
  assert.deepEqual(csvFields('a,"b,c","say ""hi""",,"', ','), ['a', 'b,c', 'say "hi"', '', '']);
  assert.deepEqual(csvFields('"x;y";2026-01-15T12:00:00Z', ';'), ['x;y', '2026-01-15T12:00:00Z']);
  assert.deepEqual(csvFields('', ','), ['']);
});
