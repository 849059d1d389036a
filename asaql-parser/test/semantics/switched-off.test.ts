/** Rules switched off by setting and by comment. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyze, parse, unknownJob } from '../../src/index.ts';
import { checkMarks } from '../support/marks.ts';

function codes(text: string, disabled: readonly string[] = []): string[] {
  return analyze(parse(text), undefined, { disabledRules: new Set(disabled) }).diagnostics.map(({ code }) => code);
}

test('by setting, but never errors', () => {
  assert.deepEqual(codes('SELECT System.Timestamp AS t FROM i'), ['ASA1015']);
  assert.deepEqual(codes('SELECT System.Timestamp AS t FROM i', ['ASA1015']), []);
  assert.deepEqual(codes('SELECT a FROM', ['ASA0001']), ['ASA0001']);
});

test('a rule that is switched off by setting and by comment needs neither more', () => {
  assert.deepEqual(codes('-- asaql-disable ASA1015\nSELECT System.Timestamp AS t FROM i', ['ASA1015']), []);
  assert.deepEqual(codes('-- asaql-disable ASA1015\nSELECT a FROM i', ['ASA1032']), []);
});

test('what is said of a job is not said of a part of its query', () => {
  const job = { ...unknownJob, outputs: [{ name: 'o' }, { name: 'p' }], compatibilityLevel: '1.1' } as const;
  const query = parse('SELECT a INTO o FROM i');
  const found = (isPart: boolean): string[] => analyze(query, job, { isPart }).diagnostics.map(({ code }) => code);
  assert.deepEqual(found(false), ['ASA1004', 'ASA1009']);
  assert.deepEqual(found(true), []);
});

test('by comment, for the text and for a line', () => {
  assert.deepEqual(codes('SELECT System.Timestamp AS t FROM i -- asaql-disable ASA1015 because it is old'), []);
  assert.deepEqual(
    codes(
      'SELECT\n-- asaql-disable-next-line ASA1015\nSystem.Timestamp AS t, System.Timestamp AS u,\nSystem.Timestamp AS v FROM i',
    ),
    ['ASA1015'],
  );
  assert.deepEqual(
    codes(
      '-- asaql-disable-next-line ASA1015\n-- asaql-disable-next-line ASA1016, asa1002\nSELECT System.Timestamp AS t, 1 / 2 + 1 FROM i',
    ),
    [],
  );
  assert.deepEqual(codes("SELECT '-- asaql-disable ASA1015' AS t, System.Timestamp AS u FROM i"), ['ASA1015']);
});

test('comments that do nothing are told', () => {
  checkMarks(`-- asaql-disable ASA1003, ASA9999, ASA0104
--               ^^^^^^^ ASA1032
--                        ^^^^^^^ ASA1031
--                                 ^^^^^^^ ASA1031
SELECT a FROM i
`);
  checkMarks(`SELECT a FROM i
-- asaql-disable-next-line ASA1015
--                         ^^^^^^^ ASA1032
`);
  assert.deepEqual(codes('-- asaql-disable\nSELECT a FROM i'), ['ASA1031']);
  assert.deepEqual(codes('-- asaql-disabled ASA1\nSELECT a FROM i'), []);
});
