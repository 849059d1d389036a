// What SQLite decides on the stored text and what the evaluator decides on whole documents must be one: the same random queries both ways.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../src/cosmos/json.ts';
import { compileQuery } from '../../src/cosmos/sql/compile-query.ts';
import { parseQuery } from '../../src/cosmos/sql/parse-query.ts';
import { newContainer, startForFile } from './cosmos-under-test.ts';

const values: (Json | undefined)[] = [
  ...[undefined, null, true, false, 0, 1, -1, 2.5, 0.1, 1e21, 2 ** 60, -0.30000000000000004, 2 ** 53 + 2, 123456789.12345679],
  ...[
    '',
    'a',
    'ab',
    'B',
    '1',
    '1.0',
    'true',
    'null',
    '[1]',
    '{"a":1}',
    'é',
    '😀',
    '\uffee',
    'a\u0000b',
    "it's",
    '%',
    'a"b',
    '\ud800',
  ],
  ...[[], [1], ['a', null], {}, { a: 1 }, { x: { y: 'a' } }],
];

/** A small linear congruential generator: the test is the same each time. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const random = randomFrom(20260115);
const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
const paths = ['c.a', 'c.b', 'c.o.x', 'c["odd name"]', 'c.list[0]', 'c.pk', 'c.id', 'c.absent', 'c.o'];

function literal(value: Json | undefined): string {
  return value === undefined ? 'undefined' : JSON.stringify(value).replaceAll('\\ud800', '\\uD800');
}

function condition(depth: number): string {
  const kind = random(depth > 0 ? 12 : 9);
  const path = pick(paths);
  switch (kind) {
    case 0:
    case 1:
    case 2:
      return `${path} ${pick(['=', '!=', '<', '<=', '>', '>='])} ${literal(pick(values))}`;
    case 3:
      return `${literal(pick(values))} ${pick(['=', '!=', '<', '>='])} ${path}`;
    case 4:
      return `${path} IN (${literal(pick(values))}, ${literal(pick(values))})`;
    case 5:
      return `${path} BETWEEN ${literal(pick(values))} AND ${literal(pick(values))}`;
    case 6:
      return `${pick(['IS_DEFINED', 'IS_NULL', 'IS_STRING', 'IS_NUMBER', 'IS_BOOL', 'IS_ARRAY', 'IS_OBJECT'])}(${path})`;
    case 7:
      return `${pick(['STARTSWITH', 'CONTAINS', 'ENDSWITH'])}(${path}, ${literal(pick(['', 'a', 'é', '😀', '1', '%']))})`;
    case 8:
      return pick([path, `${path} = ${pick(paths)}`, `ARRAY_CONTAINS([1, "a", null], ${path})`]);
    case 9:
      return `NOT (${condition(depth - 1)})`;
    default:
      return `(${condition(depth - 1)} ${kind === 10 ? 'AND' : 'OR'} ${condition(depth - 1)})`;
  }
}

const cosmos = await startForFile();
const container = await newContainer(cosmos);
const documents: Json[] = [];

test('random conditions over every kind of value', async () => {
  for (let n = 0; n < 150; n++) {
    const document: { id: string; [name: string]: unknown } = {
      id: pick(['a', 'b']) + n,
      pk: pick(['a', 'b', 1, null, true]),
      a: pick(values),
      b: pick(values),
      'odd name': pick(values),
      o: pick([{ x: pick(values) }, pick(values)]),
      list: pick([[pick(values) ?? 0, 2], pick(values)]),
    };
    const { resource } = await container.items.create(document);
    documents.push(JSON.parse(JSON.stringify(resource)) as Json);
  }
  let matched = 0;
  for (let n = 0; n < 300; n++) {
    const query = `SELECT VALUE c.id FROM c WHERE ${condition(3)}`;
    const expected = compileQuery(parseQuery(query), new Map()).run(documents);
    const { resources } = await container.items.query<Json>(query).fetchAll();
    assert.deepEqual(resources, expected, query);
    const [counted] = (await container.items.query<number>(query.replace('VALUE c.id', 'VALUE COUNT(1)')).fetchAll()).resources;
    assert.equal(counted, expected.length, query);
    matched += expected.length;
  }
  assert.ok(matched > 2500, `only ${matched} matches: the conditions are too narrow to prove anything`);
});

test('random orders over every kind of value', async () => {
  for (let n = 0; n < 60; n++) {
    const keys = [pick(paths), pick(paths)].map((path) => `${path} ${pick(['ASC', 'DESC'])}`).join(', ');
    const query = `SELECT VALUE c.id FROM c WHERE ${condition(1)} ORDER BY ${keys}`;
    const expected = compileQuery(parseQuery(query), new Map()).run(documents);
    const { resources } = await container.items.query<Json>(query, { maxItemCount: 40 }).fetchAll();
    assert.deepEqual(resources, expected, query);
  }
});
