/** What is wrong with a test file is told with line, column and what to do. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readTestFile, testFileSchema } from '@asaql/project';

/** A file, and `line:column part of the message`. */
const wrong: readonly (readonly [string, string])[] = [
  ['caes: []', "1:1 A test file has no key 'caes'. Did you mean 'cases'?"],
  ['query: a.asaql', "1:1 A test file has 'cases'"],
  ['cases:\n  - name: a\n    expekt: {}', "3:5 A case has no key 'expekt'. Did you mean 'expect'?"],
  ['cases:\n  - name: a\n    expect: {}', '2:5 The case expects nothing'],
  ['cases:\n  - expect: { dropped: 0 }', "2:5 A case has a 'name'"],
  ['cases:\n  - { name: a, expect: { outputs: { o: {} } } }', "2:37 'o' expects nothing: give rows, a file or a count"],
  ['cases:\n  - { name: a, expect: { outputs: { o: { order: random } } } }', "order' is one of any, exact, not 'random'"],
  ['start: noon\ncases: []', "1:8 'start' is an instant such as 2026-01-15T12:00:00Z, not 'noon'"],
  ['policies: { late: soon }\ncases: []', "1:19 'late' is a duration such as 10s or any"],
  ['cases:\n  - { name: a, inputs: { i: [{ $arives: +1s }] }, expect: { dropped: 0 } }', "2:32 An event has no key '$arives'"],
  [
    'cases:\n  - { name: a, inputs: { i: { rows: [], file: x } }, expect: { dropped: 0 } }',
    "'i' has rows and file: it takes one",
  ],
  ['cases:\n  - { name: a, expect: { dropped: -1 } }', "'dropped' is a whole number of at least 0, not -1"],
  ['cases:\n  - { name: a, policies: none, expect: { by: [] } }', "'by' needs time policies"],
  ['cases:\n  - { name: a, expect: { by: [{ at: +2s }, { at: +1s }] } }', 'written in the order of their times'],
  ['cases:\n  - { name: a, expect: { dropped: 0 } }\n  - { name: a, expect: { dropped: 0 } }', "Two cases are called 'a'"],
  ['cases: [', '1:9 This is no YAML'],
];

describe('readTestFile', () => {
  for (const [text, expected] of wrong) {
    test(expected, () => {
      const { problems } = readTestFile('tests/q.test.yaml', text);
      const told = problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
      assert.ok(
        told.some((each) => each.includes(expected)),
        told.join('\n'),
      );
    });
  }

  test('defaults, anchors and merged maps give the columns of an event; numbers stay as they are written', () => {
    const file = readTestFile(
      'tests/q.test.yaml',
      'inputs:\n  i:\n    defaults: &d { a: 1, b: x }\ncases:\n  - name: c\n    inputs: { i: [{ <<: *d, b: 5.0, n: null }] }\n    expect: { dropped: 0 }',
    );
    assert.deepEqual(file.problems, []);
    const source = file.cases[0]?.inputs[0]?.source;
    assert.deepEqual(source?.kind === 'rows' ? source.rows[0]?.members : null, [
      { name: 'a', json: '1' },
      { name: 'b', json: '5.0' },
      { name: 'n', json: 'null' },
    ]);
  });

  test('the schema of editors has every key that the reader takes, described', () => {
    const text = JSON.stringify(testFileSchema);
    assert.ok(!/:\{\}[,}]/.test(text.replace(/"properties":\{\}/g, '')), 'a key without a schema');
    const references = [...text.matchAll(/"#\/\$defs\/(\w+)"/g)].map((match) => match[1] as string);
    for (const name of references) assert.ok(name in (testFileSchema.$defs as object), name);
  });
});
