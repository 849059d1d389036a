/** The Power BI project: its columns are what the queries emit, its measures and visuals lead somewhere, and nothing retired is used. */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { createSnapshot, stepGraph } from '@asaql/parser';
import { environments } from '../src/compiled-files.ts';
import { readSnapshot, valueAt } from '../src/resource.ts';
import { daxProblems, readModel, readPages, visualProblems } from './support/power-bi.ts';

const root = dirname(dirname(import.meta.dirname));
const project = join(root, 'powerbi');
const readJson = (path: string) => JSON.parse(readFileSync(join(project, path), 'utf8'));
const model = readModel(join(project, 'netflix-streaming.SemanticModel', 'definition'));
const pages = readPages(join(project, 'netflix-streaming.Report', 'definition'));
const aggregates = [...model.tables.values()].filter(({ name }) => name !== 'Measures');

/** The columns that the queries emit, by aggregation type. */
const emitted = new Map<string, ReadonlySet<string>>();
for (const file of globSync('stream-analytics/queries/*.asaql', { cwd: root })) {
  const text = readFileSync(join(root, file), 'utf8');
  const types = [...text.matchAll(/'(\w+)' AS aggregation_type/g)].map(([, type]) => type as string);
  const outputs = stepGraph(createSnapshot(text)).nodes.filter(
    ({ kind, name }) => kind === 'output' && name.startsWith('cosmos-'),
  );
  outputs.forEach((output, index) => {
    emitted.set(types[index] as string, new Set(output.columns.map(({ name }) => name)));
  });
}

test('every query has its table', () => {
  const read = new Set(aggregates.map(({ source }) => /aggregation_type = '(\w+)'/.exec(source)?.[1]));
  assert.deepEqual([...read].sort(), [...emitted.keys()].sort());
});

for (const table of aggregates) {
  test(`${table.name} holds what its query emits`, () => {
    const [, selected = '', type = ''] =
      /SELECT (?:DISTINCT )?(.*?) FROM c WHERE c\.aggregation_type = '(\w+)'/.exec(table.source) ?? [];
    const fields = selected.split(', ').map((field) => field.replace(/^c\./, ''));
    assert.deepEqual(fields, [...table.columns.keys()]);
    assert.deepEqual(
      fields.filter((field) => !emitted.get(type)?.has(field)),
      [],
    );
    // Each column is expanded, and given the type that the model says.
    const types: Record<string, string> = {
      string: 'type text',
      int64: 'Int64.Type',
      double: 'type number',
      dateTime: 'type datetime',
    };
    for (const [column, dataType] of table.columns) assert.ok(table.source.includes(`{"${column}", ${types[dataType]}}`), column);
    assert.match(table.source, /CosmosEndpoint,\s+"netflix-streaming",\s+"aggregations",/);
  });
}

for (const [name, expression] of model.tables.get('Measures')?.measures ?? []) {
  test(`measure ${name} leads somewhere`, () => {
    assert.deepEqual(daxProblems(expression, model), []);
  });
}

test('every measure asked for is there', () => {
  const asked = [
    'Active Viewers',
    'Active Titles',
    'Watch Hours',
    'Completion Rate',
    'Buffer Rate',
    'Trending Rank',
    'Viewer Growth',
    'Top Country',
    'Device Share',
    'Average Bitrate',
    'Power Viewers',
    'Segment Share',
  ];
  assert.deepEqual(
    asked.filter((name) => !model.tables.get('Measures')?.measures.has(name)),
    [],
  );
});

test('segments are those that the query gives', () => {
  const query = readFileSync(join(root, 'stream-analytics', 'queries', 'engagement_scoring.asaql'), 'utf8');
  const given = [...query.matchAll(/(?:THEN|ELSE) '(\w+)'/g)].map(([, segment]) => segment);
  const counted = [...(model.tables.get('Measures')?.measures.values() ?? [])].flatMap((expression) =>
    [...expression.matchAll(/\[segment\] = "(\w+)"/g)].map(([, segment]) => segment),
  );
  assert.deepEqual(counted.sort(), given.sort());
});

test('relationships join columns that exist, and the model names every table', () => {
  for (const end of model.relationships.flat()) {
    const [table = '', column = ''] = end.split('.');
    assert.ok(model.tables.get(table)?.columns.has(column), end);
  }
  assert.equal(model.relationships.length, 5);
  assert.deepEqual(model.referenced.toSorted(), [...model.tables.keys()].sort());
});

for (const { folder, page, visuals } of pages) {
  test(`page ${folder} shows what exists`, () => {
    assert.equal(page.name, folder);
    assert.equal(page.displayOption, 'FitToPage');
    assert.ok(visuals.length > 0);
    for (const { folder: name, visual } of visuals) assert.equal(visual.name, name);
    assert.deepEqual(
      visuals.flatMap(({ visual }) => visualProblems(visual, page, model)),
      [],
    );
  });
}

test('the parts of the project find each other', () => {
  const report = readJson('netflix-streaming.pbip').artifacts[0].report.path;
  const reference = readJson(`${report}/definition.pbir`).datasetReference.byPath.path;
  assert.ok(existsSync(join(project, report, reference, 'definition.pbism')));
  const onDisk = globSync('pages/*/page.json', { cwd: join(project, report, 'definition') }).map(
    (file) => dirname(file).split('/')[1],
  );
  assert.deepEqual(onDisk.sort(), pages.map(({ folder }) => folder).sort());
  for (const file of globSync('**/*.{json,pbir,pbism,pbip}', { cwd: project }))
    assert.match(
      readJson(file).$schema,
      /^https:\/\/developer\.microsoft\.com\/json-schemas\/fabric\/.*\/\d+\.\d+\.\d+\/schema\.json$/,
      file,
    );
  const tags = globSync('**/*.tmdl', { cwd: project }).flatMap(
    (file) => readFileSync(join(project, file), 'utf8').match(/lineageTag: \S+/g) ?? [],
  );
  assert.equal(new Set(tags).size, tags.length, 'two objects have one tag');
});

test('nothing retired is used: no streaming or push data set, no Power BI output of the job', () => {
  const text = globSync('**/*.{json,tmdl,pbir,pbism,pbip}', { cwd: project }).map((file) =>
    readFileSync(join(project, file), 'utf8'),
  );
  assert.doesNotMatch(text.join('\n'), /defaultMode|pushStreaming|"Push"|AccountKey|Key=/);
  for (const environment of environments) {
    const types = readSnapshot(environment).predictedResources.map(({ properties }) => valueAt(properties, 'datasource.type'));
    assert.ok(!types.includes('PowerBI'));
  }
});

const mistakes: readonly (readonly [name: string, dax: string, expected: RegExp])[] = [
  ['a column that no query emits', 'SUM(ViewerCount[viewer])', /no ViewerCount\[viewer\]/],
  ['an unknown table', 'COUNTROWS(Viewers)', /Viewers is no table/],
  ['a measure that is none', '[Active Viewer] + 1', /no measure \[Active Viewer\]/],
  ['a misspelt function', 'DISTINCTCOUNTS(Engagement[user_id])', /DISTINCTCOUNTS is no function/],
  ['an argument too many', 'SUM(Trending[viewers], Trending[events])', /SUM takes 1 to 1/],
  ['a bracket left open', 'SUM(Trending[viewers]', /never closes/],
  ['a variable that is none', 'VAR Newest = MAX(Trending[window_end]) RETURN Newst', /Newst is no table/],
];
for (const [name, dax, expected] of mistakes) {
  test(`caught: ${name}`, () => {
    assert.match(daxProblems(dax, model).join('\n'), expected);
  });
}

test('caught: a visual of a field that is not there, off its page, in a role that is none', () => {
  const [{ page, visuals: [first] = [] } = assert.fail()] = pages;
  const field = { Column: { Expression: { SourceRef: { Entity: 'Titles' } }, Property: 'title' } };
  const spoilt = {
    name: 'spoilt',
    position: { ...(first ?? assert.fail()).visual.position, x: 1200 },
    visual: { visualType: 'card', query: { queryState: { Y: { projections: [{ field, queryRef: 'Titles.title' }] } } } },
  };
  assert.deepEqual(visualProblems(spoilt, page, model), [
    'spoilt leaves its page.',
    'spoilt: a card has no Y.',
    'spoilt: there is no column Titles.title.',
  ]);
});
