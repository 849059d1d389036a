/** A failing test whose message alone lets a reader mend the query. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { messagesOf } from './support.ts';

const counted = (window: string) =>
  `SELECT k, COUNT(*) AS n, System.Timestamp() AS window_end\nINTO out\nFROM i TIMESTAMP BY t\nGROUP BY k, ${window}`;

const cases = (body: string, policies = 'none') => `policies: ${policies}\ncases:\n  - name: c\n${body}`;

describe('the message of a failing test', () => {
  test('a hopping window with the wrong hop: names the window and where its windows end', async () => {
    const message = await messagesOf(
      cases(`    inputs: { i: [{ t: +30s, k: a }] }
    expect:
      outputs:
        out:
          - { k: a, n: 1, window_end: +1m }
          - { k: a, n: 1, window_end: +2m }`),
      counted('HoppingWindow(minute, 5, 5)'),
    );
    assert.match(message, /output out: 2 rows expected, 1 came/);
    assert.match(message, /12:01:00 is no end of HoppingWindow\(minute, 5, 5\) \(line 4\): its windows end every 5 min/);
    assert.match(message, /12:02:00 is no end of/);
    assert.match(
      message,
      /window \(12:00:00, 12:05:00\] of HoppingWindow\(minute, 5, 5\), line 4\n.*made of event 1 \(12:00:30, line 4\)/,
    );
  });

  test('an event on the boundary: says to which window it belongs', async () => {
    const message = await messagesOf(
      cases(`    inputs: { i: [{ t: +10s, k: a }, { t: +15s, k: a }] }
    expect:
      outputs:
        out:
          - { k: a, n: 2, window_end: +20s }`),
      counted('TumblingWindow(second, 10)'),
    );
    assert.match(message, /the row of line 8 came with another n/);
    assert.match(message, /- n {2}2\n\s+\+ n {2}1\n/);
    assert.match(
      message,
      /event 1 \(12:00:10, line 4\) lies on the window's start, which does not belong to it: it counts in the window that ends there/,
    );
  });

  test('a late event that is not counted: names the decision of the policy', async () => {
    const late = `    inputs: { i: [{ t: +5s, k: a }, { t: +6s, k: a, $arrives: +30s }] }
    expect:
      dropped: 1
      outputs:
        out:
          - { k: a, n: 2, window_end: +10s }`;
    const dropped = await messagesOf(
      cases(late, '{ late: 10s, outOfOrder: 1m, action: drop }'),
      counted('TumblingWindow(second, 10)'),
    );
    assert.match(dropped, /event 2 \(arrived 12:00:30, line 4\): LateInputEvent: The event arrived more than 10 s late/);
    const moved = await messagesOf(
      cases(late.replace('dropped: 1', 'adjusted: 1'), '{ late: 10s, outOfOrder: 1m }'),
      counted('TumblingWindow(second, 10)'),
    );
    assert.match(moved, /event 2 \(12:00:06, arrived 12:00:30, 24 s late with 10 s allowed: moved to 12:00:20, line 4\)/);
    assert.match(moved, /window \(12:00:10, 12:00:20\] of TumblingWindow\(second, 10\)/);
  });

  test('a dropped event that the case does not expect is a failure of its own', async () => {
    const message = await messagesOf(
      cases('    inputs: { i: [{ t: never, k: a }] }\n    expect: { outputs: { out: [] } }', 'project'),
      counted('TumblingWindow(second, 10)'),
    );
    assert.match(
      message,
      /1 event was dropped, and the case does not expect it\. If it is meant so, write 'dropped: 1' below expect\./,
    );
    assert.match(message, /event 1 of i \(arrived 12:00:00, line 4\): InvalidInputTimeStamp: 'never' is no ISO 8601 timestamp/);
  });

  test('an event that a WHERE leaves out: names the step and its line', async () => {
    const message = await messagesOf(
      cases('    inputs: { i: [{ t: +1s, k: a }, { t: +2s, k: b }] }\n    expect: { outputs: { out: { count: 2 } } }'),
      `WITH S AS (\n  SELECT k FROM i TIMESTAMP BY t\n  WHERE k = 'a'\n)\nSELECT k INTO out FROM S`,
    );
    assert.match(message, /event 2 \(12:00:02, line 4\): not in step S: its WHERE \(line 3\) does not hold/);
  });

  test('events are followed through steps, joins and unions', async () => {
    const message = await messagesOf(
      cases(
        '    inputs: { i: [{ t: +1s, k: a, v: 1 }, { t: +2s, k: a, v: 2 }, { t: +3s, k: b, v: 3 }] }\n    expect: { outputs: { out: [{ n: 9 }] } }',
      ),
      `WITH A AS (SELECT k, v FROM i TIMESTAMP BY t WHERE v = 1),
        B AS (SELECT k, v FROM i TIMESTAMP BY t WHERE v > 1),
        J AS (SELECT A.k AS k FROM A JOIN B ON A.k = B.k AND DATEDIFF(second, A, B) BETWEEN 0 AND 5),
        U AS (SELECT k FROM J UNION SELECT k FROM B WHERE k = 'b')
      SELECT COUNT(*) AS n INTO out FROM U GROUP BY TumblingWindow(second, 10)`,
    );
    assert.match(message, /made of event 1 \(12:00:01, line 4\), event 2 \(12:00:02, line 4\), event 3 \(12:00:03, line 4\)/);
  });
});
