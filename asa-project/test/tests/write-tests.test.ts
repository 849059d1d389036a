/** Tests are written: updated in place, recorded from what was seen, reported to build servers. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  eventOfDeadLetter,
  junitXml,
  readTestFile,
  readTests,
  recordCase,
  testResultSummary,
  updateExpectations,
} from '@asaql/project';
import { XMLParser } from 'fast-xml-parser';
import { environmentOf, resultsOf } from './support.ts';

const query =
  'SELECT k, COUNT(*) AS n, System.Timestamp() AS e INTO out FROM i TIMESTAMP BY t GROUP BY k, TumblingWindow(second, 10)';
const yaml = `# What it is for.
cases:
  - name: one # a comment
    inputs:
      i:
        - { t: +1s, k: a }   # the first
        - { t: +2s, k: b }
    expect:
      outputs:
        out:
          - { k: a, n: 1, e: +10s } # right
          - { k: b, n: 7, e: +10s } # wrong
`;

test('an update changes the rows that differ and nothing else, and then the case passes', async () => {
  const contents = { 'q.asaql': query, 'q.test.yaml': yaml };
  const updated = updateExpectations('q.test.yaml', yaml, await resultsOf('q.test.yaml', contents));
  assert.equal(updated, yaml.replace('          - { k: b, n: 7, e: +10s } # wrong\n', '          - { k: b, n: 1, e: +10s }\n'));
  const [after] = await resultsOf('q.test.yaml', { ...contents, 'q.test.yaml': updated });
  assert.equal(after?.status, 'passed');
  assert.equal(updateExpectations('q.test.yaml', updated, [after]), updated);
});

test('an update writes rows into empty lists, takes them out, and counts what was dropped', async () => {
  const update = async (text: string) =>
    updateExpectations('q.test.yaml', text, await resultsOf('q.test.yaml', { 'q.asaql': query, 'q.test.yaml': text }));
  const filled = yaml.replace(/ {8}out:[\s\S]*/, '        out: []\n');
  assert.equal(
    await update(filled),
    filled.replace('out: []', 'out:\n          - { k: a, n: 1, e: +10s }\n          - { k: b, n: 1, e: +10s }'),
  );
  const none = yaml.replace(/t: \+/g, 't: x');
  assert.equal(
    await update(none),
    `${none.replace(/ {10}- [\s\S]*/, '          []\n').replace('      outputs:', '      dropped: 2\n      outputs:')}`,
  );
});

test('what was seen becomes a case that passes: rows, times of arrival, exact texts', async () => {
  const events = [
    { text: '{"t":"2026-01-15T12:00:01Z","k":"a"}', arrivalTimeMs: Date.parse('2026-01-15T12:00:01Z') },
    { text: '{"t":"2026-01-15T12:00:02Z","k":9007199254740993}', arrivalTimeMs: Date.parse('2026-01-15T12:00:02Z') },
    { text: '{broken', arrivalTimeMs: Date.parse('2026-01-15T12:00:03Z') },
  ];
  const outputs = {
    out: [
      { k: 'a', n: 1, e: '2026-01-15T12:00:10.0000000Z' },
      { k: 9007199254740993n.toString() as unknown as number, n: 1, e: '2026-01-15T12:00:10.0000000Z' },
    ],
  };
  const recorded = {
    ...{ name: 'seen', description: null, query: 'q.asaql', startMs: Date.parse('2026-01-15T12:00:00Z') },
    ...{ inputs: { i: events }, reference: {}, outputs, dropped: 1, policies: 'none' as const },
  };
  const text = recordCase(null, recorded);
  assert.match(text, /\$raw: '\{"t":"2026-01-15T12:00:02Z","k":9007199254740993\}'/);
  const file = readTestFile('q.test.yaml', text);
  assert.deepEqual(file.problems, []);
  const results = await resultsOf('q.test.yaml', { 'q.asaql': query, 'q.test.yaml': text });
  assert.equal(results[0]?.counts.dropped, 1);
  assert.equal(results[0]?.actual.out?.length, 2);
  const both = recordCase(text, { ...recorded, name: 'seen again' });
  assert.deepEqual(
    readTestFile('q.test.yaml', both).cases.map(({ name }) => name),
    ['seen', 'seen again'],
  );
});

test('a dead letter gives its event back, to the last sign', () => {
  const letter = { original: { encoding: 'utf8', body: '{"a": "ü"' }, source: { enqueued_time: '2026-01-15T12:00:03.500Z' } };
  assert.deepEqual(eventOfDeadLetter(JSON.stringify(letter)), {
    text: '{"a": "ü"',
    arrivalTimeMs: Date.parse('2026-01-15T12:00:03.500Z'),
  });
  assert.equal(eventOfDeadLetter('{"original":{"encoding":"file"}}'), null);
  assert.equal(eventOfDeadLetter('no letter'), null);
});

describe('testConfig.json', () => {
  const config = {
    Script: '',
    TestCases: [
      {
        Name: 'Case 1',
        Inputs: [{ InputAlias: 'i', Type: 'Data Stream', Format: 'JSON', FilePath: 'in.json', ScriptType: 'InputMock' }],
        ExpectedOutputs: [
          { OutputAlias: 'out', FilePath: 'expected.json', Required: true },
          { OutputAlias: 'other', FilePath: 'Required', Required: false },
        ],
      },
    ],
  };
  const contents = {
    'asaproj.json': '{ "name": "p", "startFile": "p.asaql" }',
    'p.asaql': `${query}\nSELECT k INTO other FROM i TIMESTAMP BY t`,
    'test/testConfig.json': JSON.stringify(config, null, 2),
    'test/in.json': '{"t":"2020-01-01T00:00:01Z","k":"a"}\n{"t":"2020-01-01T00:00:00Z","k":"b"}\n',
    'test/expected.json': '[{"k":"b","n":1,"e":"2020-01-01T00:00:00Z"},{"k":"a","n":1,"e":"2020-01-01T00:00:10.0000000Z"}]',
  };
  const summaryOf = async (own: Readonly<Record<string, string>>) => {
    const all = { ...contents, ...own };
    const file = await readTests((await environmentOf(all)).files, 'test/testConfig.json');
    return testResultSummary(
      file,
      await resultsOf('test/testConfig.json', all),
      'p.asaql',
      (name, output) => `${name}/${output}.json`,
    );
  };

  test('passes without time policies, and leaves out what is not required', async () => {
    const summary = await summaryOf({});
    assert.equal(summary.Passed, 1);
    const [result] = summary.Results;
    assert.deepEqual(result?.OutputMatched, [
      { OutputAlias: 'out', ExpectedOutput: 'test/expected.json', Output: 'Case 1/out.json' },
    ]);
    assert.deepEqual(result?.OutputUnrequired, [{ OutputAlias: 'other', ExpectedOutput: '', Output: 'Case 1/other.json' }]);
    assert.match(summary.Time, /^00:00:00\.\d{7}$/);
  });

  test('tells rows that differ, that are missing, and outputs that nobody named', async () => {
    const differs = await summaryOf({ 'test/expected.json': '[]' });
    assert.equal(differs.Results[0]?.OutputNotEqual[0]?.OutputAlias, 'out');
    const missing = await summaryOf({ 'test/in.json': '' });
    assert.equal(missing.Results[0]?.OutputMissing[0]?.OutputAlias, 'out');
    const unnamed = { ...config, TestCases: [{ ...config.TestCases[0], ExpectedOutputs: [] }] };
    const unexpected = await summaryOf({ 'test/testConfig.json': JSON.stringify(unnamed) });
    assert.deepEqual(
      [unexpected.Failed, unexpected.Results[0]?.OutputUnexpected.map((each) => each.OutputAlias)],
      [1, ['out', 'other']],
    );
  });
});

test('JUnit holds every case, escaped, with what failed', async () => {
  const results = await resultsOf('q.test.yaml', { 'q.asaql': query, 'q.test.yaml': yaml.replace('one #', '"a <b> & \'c\'" #') });
  const problem = { path: 'bad.test.yaml', line: 3, column: 1, message: 'no "such" key' };
  const parsed = new XMLParser({ ignoreAttributes: false, isArray: (name) => name === 'testsuite' }).parse(
    junitXml(results, [problem]),
  );
  const [bad, own] = parsed.testsuites.testsuite;
  assert.equal(parsed.testsuites['@_failures'], '1');
  assert.equal(bad.testcase.error['@_message'], 'no "such" key');
  assert.equal(own.testcase['@_name'], "a <b> & 'c'");
  assert.match(own.testcase.failure['#text'], /- n {2}7/);
});
