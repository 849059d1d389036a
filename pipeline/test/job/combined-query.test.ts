/** The one query of the job is made from the query files: every step once, every SELECT, nothing else. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse, type Query } from '@asaql/parser';
import { CombineError, combineQueries } from '@asaql/project';
import { readJobProject } from '../../src/job/project.ts';

const project = join(import.meta.dirname, '..', '..', '..', 'stream-analytics');

test('a step that several files hold stands once, before what reads it', () => {
  const shared = 'S AS (SELECT a FROM i)';
  const combined = combineQueries([
    { name: 'one.asaql', text: `WITH ${shared}, T AS (SELECT a FROM S)\nSELECT a INTO x FROM T` },
    { name: 'two.asaql', text: `WITH ${shared}\nSELECT a INTO y FROM S; SELECT a INTO z FROM S` },
  ]);
  const [query] = parse(combined).script.statements as readonly Query[];
  assert.deepEqual(
    query?.steps.map((step) => step.name.text),
    ['S', 'T'],
  );
  assert.deepEqual(
    query?.selects.map((select) => select.into?.text),
    ['x', 'y', 'z'],
  );
});

test('two steps of one name that differ are refused', () => {
  const files = [
    { name: 'one.asaql', text: 'WITH S AS (SELECT a FROM i) SELECT a INTO x FROM S' },
    { name: 'two.asaql', text: 'WITH s AS (SELECT b FROM i) SELECT b INTO y FROM s' },
  ];
  assert.throws(
    () => combineQueries(files),
    (error: Error) =>
      error instanceof CombineError && /two\.asaql: the step s differs from the one in one\.asaql/.test(error.message),
  );
});

test('a file that does not parse is named', () => {
  assert.throws(() => combineQueries([{ name: 'bad.asaql', text: 'SELECT FROM' }]), /^CombineError: bad\.asaql: /);
});

test('the query that is deployed is the one that the files make', () => {
  assert.equal(readFileSync(join(project, 'netflix-streaming.asaql'), 'utf8'), readJobProject(project).query);
});

test('every row for Cosmos DB carries id and aggregation_type', () => {
  const { query, outputs } = readJobProject(project);
  const selects = parse(query).script.statements.flatMap((statement) => (statement.kind === 'query' ? statement.selects : []));
  for (const output of outputs.filter((one) => one.kind === 'cosmos')) {
    const writing = selects.filter((select) => select.into?.text === output.name);
    assert.equal(writing.length, 1, output.name);
    const body = writing[0]?.body;
    const columns = body?.kind === 'select' ? body.items.map((item) => (item.kind === 'item' ? item.alias?.text : '*')) : [];
    assert.ok(columns.includes('id') && columns.includes(output.partitionKeyField), `${output.name}: ${columns.join(', ')}`);
  }
  const defined = new Set(outputs.map((output) => output.name));
  assert.deepEqual(
    selects.map((select) => select.into?.text).filter((name) => name === undefined || !defined.has(name)),
    [],
  );
});
