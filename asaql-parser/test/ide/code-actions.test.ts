/** Quick fixes: each one mends what it is for and breaks nothing; some are looked at in full. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  applyEdits,
  catalogue,
  codeActions,
  createSnapshot,
  fixableCodes,
  fixesFor,
  type JobDeclarations,
  type Snapshot,
} from '../../src/index.ts';
import { corpus } from '../support/corpus.ts';
import { markedText } from '../support/cursor.ts';
import { ruleExamples } from '../support/rule-examples.ts';

function count(snapshot: Snapshot, code: string): number {
  return snapshot.model.diagnostics.filter((diagnostic) => diagnostic.code === code).length;
}

function errors(snapshot: Snapshot): string[] {
  return snapshot.model.diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message }) => `${code} ${message}`);
}

/** Every fix of every finding: the finding is gone and there are no more errors than before. Gives how many there were. */
function checkFixes(snapshot: Snapshot, code: string | null, declarations?: JobDeclarations): number {
  let found = 0;
  for (const diagnostic of snapshot.model.diagnostics) {
    if (code !== null && diagnostic.code !== code) continue;
    for (const { title, edits } of fixesFor(snapshot, diagnostic)) {
      found++;
      const text = applyEdits(snapshot.text, edits);
      const after = createSnapshot(text, declarations);
      assert.ok(count(after, diagnostic.code) < count(snapshot, diagnostic.code), `${title} leaves ${diagnostic.code}: ${text}`);
      assert.ok(errors(after).length <= errors(snapshot).length, `${title} breaks: ${text}\n${errors(after).join('\n')}`);
    }
  }
  return found;
}

describe('every rule that has fixes is mended by them', () => {
  for (const [name, rule] of Object.entries(catalogue)) {
    if (!fixableCodes.has(rule.code)) continue;
    test(`${rule.code} ${rule.title}`, () => {
      const { bad, job } = ruleExamples[name as keyof typeof catalogue];
      assert.ok(checkFixes(createSnapshot(bad, job), rule.code, job) > 0, 'there is no fix');
    });
  }
});

test('findings in the corpus are mended too', () => {
  for (const { text } of corpus) checkFixes(createSnapshot(text), null);
});

test('broken texts have fixes or none, never an exception', () => {
  for (const { text } of corpus) {
    for (let end = 0; end <= text.length; end += Math.max(5, Math.floor(text.length / 12))) {
      const snapshot = createSnapshot(text.slice(0, end) + text.slice(end + 3));
      for (const { edits } of codeActions(snapshot, { start: 0, end: snapshot.text.length })) applyEdits(snapshot.text, edits);
    }
  }
});

/** The first fix at the cursor. */
function checkFix(marked: string, expected: string, declarations?: JobDeclarations, title?: RegExp): void {
  const { snapshot, offset } = markedText(marked, declarations);
  const actions = codeActions(snapshot, { start: offset, end: offset }).filter(({ kind }) => kind === 'fix');
  const action = title === undefined ? actions[0] : actions.find((candidate) => title.test(candidate.title));
  assert.ok(action !== undefined, 'there is no fix');
  assert.equal(applyEdits(snapshot.text, action.edits), expected);
}

describe('what fixes write', () => {
  const number = { name: 'float' } as const;
  const job: JobDeclarations = {
    inputs: [
      {
        name: 'telemetry',
        kind: 'stream',
        columns: ['deviceId', 'reading', 'event time', 'eventTime'].map((name) => ({ name, type: number })),
      },
    ],
    outputs: [{ name: 'cold-store' }],
    functions: [{ name: 'score', kind: 'scalar' }],
    compatibilityLevel: '1.2',
  };

  test('a median', () =>
    checkFix(
      'SELECT k, med$0ian(x.y) AS m FROM i GROUP BY k, TumblingWindow(minute, 1)',
      'SELECT k, PERCENTILE_CONT(0.5) OVER (ORDER BY x.y) AS m FROM i GROUP BY k, TumblingWindow(minute, 1)',
    ));
  test('functions of other languages', () => {
    checkFix('SELECT ISNU$0LL(a, 0) AS b FROM i', 'SELECT COALESCE(a, 0) AS b FROM i');
    checkFix('SELECT IIF$0(a > 1, 2, 3) AS b FROM i', 'SELECT CASE WHEN a > 1 THEN 2 ELSE 3 END AS b FROM i');
    checkFix('SELECT GETDATE$0() AS b FROM i', 'SELECT System.Timestamp() AS b FROM i');
    checkFix('SELECT SUBSTRNG$0(a, 1, 2) AS b FROM i', 'SELECT SUBSTRING(a, 1, 2) AS b FROM i');
  });
  test('names of the job', () => {
    checkFix('SELECT reading INTO [cold-store] FROM telemetri$0', 'SELECT reading INTO [cold-store] FROM telemetry', job);
    checkFix('SELECT reading INTO cold_store$0 FROM telemetry', 'SELECT reading INTO [cold-store] FROM telemetry', job);
    checkFix(
      'SELECT udf.scor$0(reading) AS s INTO [cold-store] FROM telemetry',
      'SELECT udf.score(reading) AS s INTO [cold-store] FROM telemetry',
      job,
    );
    checkFix('SELECT readin$0 INTO [cold-store] FROM telemetry', 'SELECT reading INTO [cold-store] FROM telemetry', job);
  });
  test('TIMESTAMP BY', () =>
    checkFix(
      'SELECT deviceId INTO [cold-store] FROM telemetry$0 t GROUP BY deviceId, TumblingWindow(minute, 1)',
      'SELECT deviceId INTO [cold-store] FROM telemetry t TIMESTAMP BY eventTime GROUP BY deviceId, TumblingWindow(minute, 1)',
      job,
      /TIMESTAMP BY/,
    ));
  test('a bound beside OR', () =>
    checkFix(
      'SELECT a.x FROM l a TIMESTAMP BY t JOIN r$0 b TIMESTAMP BY t ON a.k = b.k OR a.j = b.j',
      'SELECT a.x FROM l a TIMESTAMP BY t JOIN r b TIMESTAMP BY t ON (a.k = b.k OR a.j = b.j) AND DATEDIFF(minute, a, b) BETWEEN 0 AND 10',
    ));
  test('unused steps, first, middle, last and only', () => {
    checkFix(
      'WITH a$0 AS (SELECT x FROM i), b AS (SELECT x FROM i) SELECT x FROM b',
      'WITH b AS (SELECT x FROM i) SELECT x FROM b',
    );
    checkFix(
      'WITH a AS (SELECT x FROM i), b$0 AS (SELECT x FROM i), c AS (SELECT x FROM a) SELECT x FROM c',
      'WITH a AS (SELECT x FROM i), c AS (SELECT x FROM a) SELECT x FROM c',
    );
    checkFix(
      'WITH a AS (SELECT x FROM i), b$0 AS (SELECT x FROM i) SELECT x FROM a',
      'WITH a AS (SELECT x FROM i) SELECT x FROM a',
    );
    checkFix('WITH a$0 AS (SELECT x FROM i) SELECT x FROM i', 'SELECT x FROM i');
  });
  test('NULL, quotes, casts', () => {
    checkFix('SELECT a FROM i WHERE a <$0> NULL', 'SELECT a FROM i WHERE a IS NOT NULL');
    checkFix(`SELECT a FROM i WHERE a = "it's$0"`, `SELECT a FROM i WHERE a = 'it''s'`);
    checkFix('SELECT CAST$0(a AS bigint) AS b FROM i', 'SELECT TRY_CAST(a AS bigint) AS b FROM i');
    checkFix('SELECT a AS end$0 FROM i', 'SELECT a AS [end] FROM i');
  });
  test('a key for GROUP BY', () =>
    checkFix(
      'SELECT k, x.y$0 FROM i GROUP BY k, TumblingWindow(minute, 1)',
      'SELECT k, x.y FROM i GROUP BY x.y, k, TumblingWindow(minute, 1)',
    ));
  test('several windows', () =>
    checkFix(
      'SELECT k FROM i GROUP BY k, TumblingWindow(minute, 1), Sliding$0Window(minute, 1)',
      'SELECT k FROM i GROUP BY k, Windows(TumblingWindow(minute, 1), SlidingWindow(minute, 1))',
    ));
  test('rules are switched off by a comment above the line, indented like it', () => {
    const { snapshot, offset } = markedText('SELECT\n    System.Timestamp$0 AS t\nFROM i');
    const [line, file] = codeActions(snapshot, { start: offset, end: offset }).filter(({ kind }) => kind === 'disable');
    const text = applyEdits(snapshot.text, line?.edits ?? []);
    assert.equal(text, 'SELECT\n    -- asaql-disable-next-line ASA1015\n    System.Timestamp AS t\nFROM i');
    for (const edited of [text, applyEdits(snapshot.text, file?.edits ?? [])])
      assert.deepEqual(createSnapshot(edited).model.diagnostics, []);
  });
});
