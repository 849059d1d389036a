/** Schemas of events: nested, optional, conflicting; and what changed since an earlier sample. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inferSchema, printSchema, schemaColumns, schemaDrift } from '../src/index.ts';

const events = [
  {
    id: 'a',
    at: '2026-01-15T12:00:00Z',
    n: 1,
    place: { lat: 1.5, city: 'Oslo' },
    tags: [{ k: 'x' }, { k: 2 }],
    odd: 1,
    no: null,
  },
  { id: 'b', at: '2026-01-15T12:00:01.5Z', n: 2.5, place: { lat: 2 }, tags: [], odd: 'one', extra: true, no: null },
  { id: 'c', at: '2026-01-15T12:00:02+01:00', n: 3, place: null, tags: [{ k: 'y' }], odd: 2, no: null },
];

test('a schema shows what is nested, optional, NULL and of several types', () => {
  assert.equal(
    printSchema(inferSchema([...events, 5, [1]])),
    [
      'id      nvarchar(max)',
      'at      nvarchar(max), a time',
      'n       float',
      'place   record, NULL in 1',
      '  lat   float',
      '  city  nvarchar(max), in 1 of 2',
      'tags    array of record',
      '  k     CONFLICT nvarchar(max) (2), bigint (1)',
      'odd     CONFLICT bigint (2), nvarchar(max) (1)',
      'no      always NULL',
      'extra   bit, in 1 of 3',
      '',
    ].join('\n'),
  );
});

test('columns have the one type that all values agree on', () => {
  const columns = new Map(schemaColumns(inferSchema(events))?.map(({ name, type }) => [name, type]));
  assert.equal(columns.get('n')?.name, 'float');
  assert.equal(columns.get('odd')?.name, 'any');
  assert.deepEqual(
    columns.get('place')?.fields?.map(({ name }) => name),
    ['lat', 'city'],
  );
  assert.equal(schemaColumns(inferSchema([])), null);
});

test('drift tells what breaks queries from what does not', () => {
  const now = [
    { id: 1, n: 2, place: { lat: 'far', zip: '0150' }, tags: [{ k: 'z' }], odd: 'x' },
    { id: 2, at: '2026-01-15T13:00:00Z', n: 3, place: { lat: 'near' }, tags: [5], odd: 1 },
  ];
  assert.deepEqual(
    schemaDrift(inferSchema(events), inferSchema(now)).map(({ breaks, message }) => `${breaks ? '!' : ' '} ${message}`),
    [
      '! id was nvarchar(max), and is bigint.',
      '! at is in 1 of 2; before it was in every one.',
      '! place.lat was float, and is nvarchar(max).',
      '  place.city is in none of 2; before it was in 1 of 2.',
      '  place.zip is new: nvarchar(max), in 1 of 2.',
      '! tags[] was record, and is CONFLICT record (1), bigint (1).',
      '! no is gone: it was in every event before (always NULL), and is in none of 2.',
      '  extra is in none of 2; before it was in 1 of 3.',
    ],
  );
  assert.deepEqual(schemaDrift(inferSchema(events), inferSchema(events)), []);
  assert.deepEqual(schemaDrift(inferSchema([]), inferSchema(events)), []);
});
