/** Saved queries and alerts: KQL that Microsoft's language service understands, over the columns that there are, of fields that are logged. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { batchLogFields } from '@asaql/runtime';
import { kustoProblems, type Tables } from './support/kusto.ts';

const monitoring = join(dirname(dirname(import.meta.dirname)), 'monitoring');
const readJson = (name: string) => JSON.parse(readFileSync(join(monitoring, name), 'utf8'));
const { $comment: _, ...tables } = readJson('tables.json') as Record<string, Tables[string]>;
const files = globSync('{queries,alerts}/*.kql', { cwd: monitoring }).sort();

for (const file of files) {
  const query = readFileSync(join(monitoring, file), 'utf8');

  test(`${file} is sound`, () => {
    assert.deepEqual(kustoProblems(query, tables as Tables), []);
  });

  test(`${file} reads only fields that the functions log`, () => {
    const fields = new Set<string>(Object.values(batchLogFields));
    const read = [...query.matchAll(/\bline\.(\w+)/g)].map(([, field]) => field as string);
    assert.deepEqual(
      read.filter((field) => !fields.has(field)),
      [],
    );
    assert.equal(query.includes('"kind":"batch"'), read.length > 0, 'fields are of the lines of batches');
  });
}

test('every query has its title, and every alert its text', () => {
  const names = (folder: string) => files.filter((file) => file.startsWith(folder)).map((file) => basename(file, '.kql'));
  assert.deepEqual(
    names('queries'),
    readJson('queries.json')
      .map(({ name }: { name: string }) => name)
      .sort(),
  );
  assert.deepEqual(
    names('alerts'),
    readJson('alerts.json')
      .queries.map(({ name }: { name: string }) => name)
      .sort(),
  );
});

test('everything asked for is saved', () => {
  const asked = [
    'event-throughput',
    'job-input-output',
    'request-units',
    'function-errors',
    'function-durations',
    'dead-letters',
    'lake-write-latency',
    'end-to-end-latency',
  ];
  const saved = new Set(readJson('queries.json').map(({ name }: { name: string }) => name));
  assert.deepEqual(
    asked.filter((name) => !saved.has(name)),
    [],
  );
});

const mistakes: readonly (readonly [name: string, query: string, expected: RegExp])[] = [
  ['an unknown table', 'AppRequest | count', /AppRequest/],
  ['a column of another case', 'AppRequests | where success == false', /success/],
  ['an operator that is none', 'AppRequests | sumarize count()', /sumarize|expected/i],
  ['a function that is none', 'AppTraces | extend x = parse_jsonn(Message)', /parse_jsonn/],
  ['a type that does not fit', 'AppRequests | where DurationMs + Name > 5', /./],
];
for (const [name, query, expected] of mistakes) {
  test(`caught: ${name}`, () => {
    assert.match(kustoProblems(query, tables as Tables).join('\n'), expected);
  });
}
