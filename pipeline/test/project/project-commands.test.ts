/** Projects by the command line: made, checked, extended, run, sampled and built. */
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runAsaql } from '../cli/asaql-process.ts';
import { commandFolder } from '../run/command-folder.ts';

const folder = commandFolder();
const root = join(import.meta.dirname, '..', '..', '..');

async function asaql(...argv: string[]) {
  const { code, output, errors } = await runAsaql(argv);
  return { code, output, errors, all: `${output}${errors}` };
}

test('a new project is clean, runs and builds; its parts are added and found', async () => {
  const shop = join(folder.path, 'shop');
  assert.equal((await asaql('new', shop)).code, 0);
  const checked = await asaql('check', shop);
  assert.deepEqual([checked.code, checked.output], [0, '']);
  const run = JSON.parse((await asaql('run', shop, '--json')).output);
  assert.deepEqual(run.output[0], { kind: 'click', window_end: '2026-01-15T12:00:00.0000000Z', events: 1 });
  for (const part of [
    ['output', 'alerts', '--kind', 'document-db'],
    ['function', 'score'],
    ['function', 'sum', '--aggregate'],
    ['input', 'prices', '--reference'],
  ])
    assert.equal((await asaql('add', ...part, '--project', shop)).code, 0, part.join(' '));
  folder.write(
    'shop/shop.asaql',
    'SELECT i.[user] AS id, udf.score(i.kind) AS kind, p.price\nINTO [alerts]\nFROM [input] i TIMESTAMP BY [time]\nJOIN [prices] p ON i.kind = p.kind\nSELECT uda.sum(1.0) AS n INTO [output] FROM [input] TIMESTAMP BY [time] GROUP BY TumblingWindow(minute, 1)\n',
  );
  const again = await asaql('check', shop);
  assert.equal(again.code, 0, again.all);
  const twice = await asaql('add', 'output', 'ALERTS', '--project', shop);
  assert.deepEqual([twice.code, twice.errors], [2, "asaql add: The output 'alerts' is there already (Outputs/alerts.json).\n"]);
  assert.equal((await asaql('new', shop)).code, 2);
});

test('build writes query, template and parameters, the same bytes each time', async () => {
  const source = join(root, 'asa-project', 'test', 'corpus', 'toll-road');
  const names = ['toll-road.asaql', 'toll-road.JobTemplate.json', 'toll-road.JobTemplate.parameters.json'];
  const [one, other] = [join(folder.path, 'one'), join(folder.path, 'other')];
  const first = await asaql('build', source, '--output', one, '--profile', 'prod');
  assert.equal(first.code, 0, first.errors);
  assert.deepEqual(
    first.output.trimEnd().split('\n'),
    names.map((name) => join(one, name)),
  );
  assert.match(first.errors, /To be given at the deployment, as they stand in no file: Output_Queues_sharedAccessPolicyKey\./);
  assert.equal((await asaql('build', source, '--output', other, '--profile', 'prod')).code, 0);
  for (const name of names) assert.equal(folder.read(join('one', name)), folder.read(join('other', name)));
  const missing = await asaql('build', source, '--output', one, '--profile', 'test');
  assert.deepEqual([missing.code, /no profile 'test'. It has: dev, prod\./.test(missing.errors)], [2, true]);
});

test('a project with an error is not built, and keys are never printed', async () => {
  const copy = join(folder.path, 'cold');
  cpSync(join(root, 'asa-project', 'test', 'corpus', 'cold-chain-vs'), copy, { recursive: true });
  const built = await asaql('build', copy, '--output', join(folder.path, 'built'));
  folder.write('cold/Outputs/Board.json', '{ "Name": "Board", "DataSourceType": "Power BI" "Password": "Not-A-Real-Passw0rd" }');
  const checked = await asaql('check', copy);
  assert.equal(checked.code, 1);
  assert.match(checked.output, /Board\.json:1:49 error PRJ0001 /);
  const json = await asaql('check', copy, '--json');
  const broken = JSON.parse(json.output).files.find(({ file }: { file: string }) => /Board/.test(file));
  const syntax = broken.diagnostics.find(({ code }: { code: string }) => code === 'PRJ0001');
  assert.equal(syntax.startColumn, 49);
  const refused = await asaql('build', copy, '--output', join(folder.path, 'built'));
  assert.equal(refused.code, 1);
  const run = await asaql('run', copy, '--json');
  assert.equal(run.code, 0, run.errors);
  assert.equal(JSON.parse(run.output).Warm.length, 1);
  assert.doesNotMatch([built, checked, json, refused, run].map(({ all }) => all).join(''), /Passw0rd|bm90LWEt/);
});

test('a query is clean whatever is wrong elsewhere in its project, which is told beside it', async () => {
  folder.write('half/asaproj.json', '{ "name": "half", "startFile": "q.asaql" }');
  folder.write('half/JobConfig.json', '{ "CompatibilityLevel": 3 }');
  const query = folder.write('half/q.asaql', 'SELECT a INTO o FROM i TIMESTAMP BY t\n');
  const { code, output, errors } = await asaql('check', query);
  assert.deepEqual([code, output], [0, '']);
  assert.match(errors, /JobConfig\.json:1:25 error PRJ0003 CompatibilityLevel: /);
  assert.equal((await asaql('check', join(folder.path, 'half'))).code, 1);
});

for (const [name, rows] of [
  ['stream-analytics', { 'cosmos-buffer-metrics': 1, 'datalake-raw': 130, 'cosmos-viewer-count': 64 }],
  ['asa-project/test/corpus/cold-chain-vs', { Warm: 1, Board: 4 }],
  ['asa-project/test/corpus/toll-road', { Charges: 6, Queues: 3 }],
] as const)
  test(`${name} runs on its own inputs`, async () => {
    const { code, output, errors } = await asaql('run', join(root, name), '--json');
    assert.equal(code, 0, errors);
    const found = JSON.parse(output) as Readonly<Record<string, readonly unknown[]>>;
    for (const [output, count] of Object.entries(rows)) assert.equal(found[output]?.length, count, output);
  });

test('a sample out of a file: its schema, the local input, and drift since', async () => {
  folder.write('taps/asaproj.json', '{\n  "name": "taps",\n  "configurations": []\n}\n');
  const taps = join(folder.path, 'taps');
  const day = folder.write(
    'day.json',
    '[{"at":"2026-01-15T12:00:00Z","l":1.5,"tap":{"id":1}},{"at":"2026-01-15T12:00:01Z","l":2,"tap":{"id":2}}]',
  );
  const first = await asaql('capture', 'flow', '--from', day, '--project', taps);
  assert.equal(first.code, 0, first.errors);
  assert.equal(first.output, 'at    nvarchar(max), a time\nl     float\ntap   record\n  id  bigint\n');
  assert.equal(folder.read('taps/Inputs/flow.sample.ndjson').split('\n').length, 3);
  assert.equal(JSON.parse(folder.read('taps/Inputs/Local_flow.json')).FilePath, 'flow.sample.ndjson');
  assert.deepEqual(JSON.parse(folder.read('taps/asaproj.json')).configurations, [
    { filePath: 'Inputs/Local_flow.json', subType: 'InputMock' },
  ]);
  const next = folder.write('next.json', '{"at":"2026-01-16T12:00:00Z","l":"1.5","tap":{"id":1,"room":"a"}}\n');
  const drift = await asaql('capture', 'flow', '--from', next, '--project', taps, '--drift');
  assert.equal(drift.code, 1);
  assert.match(
    drift.output,
    /\nbreaks l was float, and is nvarchar\(max\)\.\n {7}tap\.room is new: nvarchar\(max\), in 1 of 1\.\n$/,
  );
  assert.equal(folder.read('taps/Inputs/flow.sample.ndjson').split('\n').length, 3);
  assert.equal((await asaql('capture', 'flow', '--from', day, '--project', taps, '--drift')).code, 0);
  assert.equal((await asaql('capture', 'other', '--project', taps)).code, 2);
});
