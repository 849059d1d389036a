/** Every kind of input and expectation, as a passing case and as one that fails. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { messagesOf, resultsOf } from './support.ts';

const plain = 'SELECT k, v INTO out FROM i TIMESTAMP BY t';

interface Kind {
  readonly name: string;
  readonly yaml: string;
  readonly query?: string;
  readonly files?: Readonly<Record<string, string>>;
  /** null: it passes. */
  readonly message: RegExp | null;
}

const one = (inputs: string, expect: string, more = '') =>
  `policies: none\n${more}cases:\n  - name: c\n    inputs: ${inputs}\n    expect: ${expect}`;
const rows = '{ i: [{ t: +1s, k: a, v: 1 }, { t: +2s, k: b, v: 2.5 }] }';

const kinds: readonly Kind[] = [
  { name: 'any order', yaml: one(rows, '{ outputs: { out: [{ k: b, v: 2.5 }, { k: a, v: 1 }] } }'), message: null },
  {
    name: 'exact order',
    yaml: one(rows, '{ outputs: { out: { order: exact, rows: [{ k: b, v: 2.5 }, { k: a, v: 1 }] } } }'),
    message: /in another order: expected row 1 came as row 2/,
  },
  {
    name: 'a column too many',
    yaml: one(rows, '{ outputs: { out: [{ k: a }, { k: b }] } }'),
    message: /- v {2}\(no such column\)\n\s+\+ v {2}1/,
  },
  {
    name: 'only named columns',
    yaml: one(rows, '{ outputs: { out: [{ k: a }, { k: b }] } }', 'compare: { columns: named }\n'),
    message: null,
  },
  {
    name: 'only these columns',
    yaml: one(rows, '{ outputs: { out: { columns: [v], rows: [{ k: z, v: 1 }, { v: 2.5 }] } } }'),
    message: null,
  },
  {
    name: 'within tolerance',
    yaml: one(rows, '{ outputs: { out: { tolerance: 0.1, rows: [{ k: a, v: 1.05 }, { k: b, v: 2.45 }] } } }'),
    message: null,
  },
  {
    name: 'tolerance of a column',
    yaml: one(rows, '{ outputs: { out: { tolerance: { v: 0.01 }, rows: [{ k: a, v: 1.05 }, { k: b, v: 2.5 }] } } }'),
    message: /- v {2}1.05\n\s+\+ v {2}1\n/,
  },
  {
    name: 'a number of rows',
    yaml: one(rows, '{ outputs: { out: { count: 3 } } }'),
    message: /output out: 3 rows expected, 2 came/,
  },
  {
    name: 'an output that there is not',
    yaml: one(rows, '{ outputs: { ot: [] } }'),
    message: /writes no output 'ot'. It writes out/,
  },
  {
    name: 'events and rows from files',
    yaml: one('{ i: { file: ../data/events.json } }', '{ outputs: { out: { file: rows.json } } }'),
    files: { 'data/events.json': '[{"t":"2026-01-15T12:00:01Z","k":"a","v":1}]', 'tests/rows.json': '{"k":"a","v":1}\n' },
    message: null,
  },
  {
    name: 'events from CSV with their arrival',
    yaml: `policies: { late: 5s, outOfOrder: 1m }\ncases:\n  - name: c\n    inputs: { i: { file: e.csv, arrival: a } }\n    expect: { adjusted: 1, outputs: { out: [{ k: "x, y", v: "1" }] } }`,
    files: { 'tests/e.csv': 't,k,v,a\n2026-01-15T12:00:01Z,"x, y",1,2026-01-15T12:00:11Z\n' },
    message: null,
  },
  {
    name: 'a file that is not there',
    yaml: one('{ i: { file: no.json } }', '{ dropped: 0 }'),
    message: /reads tests\/no.json, which is not there/,
  },
  {
    name: 'the generator',
    yaml: one('{ i: { generate: { seed: 7, eps: 2, duration: 3s } } }', '{ outputs: { out: { count: 6 } } }'),
    message: null,
  },
  {
    name: 'reference data',
    query: 'SELECT i.k, r.label INTO out FROM i TIMESTAMP BY t JOIN r ON i.k = r.k',
    yaml: one(
      '{ i: [{ t: +1s, k: a }, { t: +2s, k: z }], r: { kind: reference, rows: [{ k: a, label: A }] } }',
      '{ outputs: { out: [{ k: a, label: A }] } }',
    ),
    message: null,
  },
  {
    name: 'rows of a step',
    query: "WITH S AS (SELECT k, v FROM i TIMESTAMP BY t WHERE k = 'a') SELECT v INTO out FROM S",
    yaml: one(rows, '{ steps: { S: [{ k: a, v: 2 }] } }'),
    message: /step S: 1 row expected, 1 came[\s\S]*- v {2}2\n\s+\+ v {2}1/,
  },
  {
    name: 'diagnostics that are expected',
    query: 'SELECT x, COUNT(*) AS n INTO out FROM i TIMESTAMP BY t GROUP BY k, TumblingWindow(second, 10)',
    yaml: one('{}', '{ diagnostics: [{ code: ASA0305, line: 1 }] }'),
    message: null,
  },
  {
    name: 'diagnostics that there are not',
    yaml: one(rows, '{ diagnostics: [ASA0301] }'),
    message: /The query has no diagnostic ASA0301\. \(line 5\)/,
  },
  {
    name: 'a query with errors',
    query: 'SELECT k INTO out FROM',
    yaml: one('{}', '{ outputs: { out: [] } }'),
    message: /The query has errors\.[\s\S]*queries\/q.asaql:1 ASA/,
  },
  {
    name: 'a run that fails',
    query: 'SELECT CAST(k AS bigint) AS k INTO out FROM i TIMESTAMP BY t WHERE CAST(k AS bigint) > 0',
    yaml: one(rows, '{ error: nothing like it }'),
    message: /The run fails with another message: .*bigint/,
  },
  {
    name: 'by a moment',
    query: 'SELECT COUNT(*) AS n INTO out FROM i TIMESTAMP BY t GROUP BY TumblingWindow(second, 10)',
    yaml: 'policies: { late: 5s }\ncases:\n  - name: c\n    inputs: { i: [{ t: +1s }] }\n    expect:\n      by:\n        - { at: +15s, watermark: +10s, outputs: { out: [] } }\n        - { at: +16s, outputs: { out: [{ n: 1 }] } }',
    message: null,
  },
  {
    name: 'by a moment that is too early',
    query: 'SELECT COUNT(*) AS n INTO out FROM i TIMESTAMP BY t GROUP BY TumblingWindow(second, 10)',
    yaml: 'policies: { late: 5s }\ncases:\n  - name: c\n    inputs: { i: [{ t: +1s }] }\n    expect: { by: [{ at: +12s, outputs: { out: [{ n: 1 }] } }] }',
    message:
      /output out by 12:00:12: 1 row expected, 0 came[\s\S]*the watermark is 12:00:07 then: windows that end at it or later are still open/,
  },
];

describe('runTests', () => {
  for (const { name, yaml, query = plain, files = {}, message } of kinds) {
    test(name, async () => {
      const told = await messagesOf(yaml, query, files);
      if (message === null) assert.equal(told, '');
      else assert.match(told, message);
    });
  }

  test('policies and level come from the project, and a case may have its own', async () => {
    const contents = {
      'asaproj.json': '{ "name": "p" }',
      'JobConfig.json':
        '{ "EventsLateArrivalMaxDelayInSeconds": 1, "EventsOutOfOrderPolicy": "Drop", "ScriptType": "JobConfig" }',
      'q.asaql': plain,
      'q.test.yaml':
        'cases:\n  - name: project\n    inputs: { i: [{ t: +0s, k: a, v: 1, $arrives: +9s }] }\n    expect: { dropped: [{ row: 1, reason: LateInputEvent }], outputs: { out: [] } }\n' +
        '  - name: own\n    policies: { late: 20s }\n    inputs: { i: [{ t: +0s, k: a, v: 1, $arrives: +9s }] }\n    expect: { outputs: { out: [{ k: a, v: 1 }] } }',
    };
    const results = await resultsOf('q.test.yaml', contents);
    assert.deepEqual(
      results.map(({ status, counts }) => [status, counts.dropped]),
      [
        ['passed', 1],
        ['passed', 0],
      ],
    );
  });
});
