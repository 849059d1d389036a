/** Diagnostics at their places, as marks below the text. */
import { describe, test } from 'node:test';
import type { JobDeclarations } from '../../src/index.ts';
import { checkMarks } from '../support/marks.ts';

const number = { name: 'float' } as const;
const job: JobDeclarations = {
  inputs: [
    { name: 'telemetry', kind: 'stream', columns: ['deviceId', 'reading', 'time'].map((name) => ({ name, type: number })) },
    { name: 'devices', kind: 'reference', columns: null },
  ],
  outputs: [{ name: 'alerts' }, { name: 'cosmos-totals', neededColumns: [{ name: 'id', role: 'document id' }] }],
  functions: [],
  compatibilityLevel: '1.2',
};

describe('marks', () => {
  test('names of columns, functions and outputs', () => {
    checkMarks(
      `SELECT deviceID, readin, MEDIAN(reading) AS m, udf.hash(deviceId) AS h
--               ^^^^^^ ASA0105
--                       ^^^^^^ ASA0109
--                                                 ^^^^ ASA0110
INTO alert
--   ^^^^^ ASA0112
FROM telemetry TIMESTAMP BY time
`,
      job,
    );
  });

  test('names of inputs', () => {
    checkMarks(
      `SELECT deviceId INTO alerts
FROM telemetri
--   ^^^^^^^^^ ASA0100
`,
      job,
    );
  });

  test('columns of steps are known', () => {
    checkMarks(`WITH totals AS (
    SELECT deviceId, SUM(reading) AS total, TopOne() OVER (ORDER BY t) AS newest
    FROM input TIMESTAMP BY t
    GROUP BY deviceId, TumblingWindow(minute, 1)
)
SELECT totals.totl, total, newest.anything, x
--            ^^^^ ASA0104
--                                          ^ ASA0104
FROM totals
`);
  });

  test('groups', () => {
    checkMarks(`SELECT deviceId, reading, *, COUNT(*) AS n, MAX(SUM(x)) AS m
--               ^^^^^^^ ASA0305
--                        ^ ASA0306
--                                              ^^^^^^ ASA0309
FROM input TIMESTAMP BY t
WHERE AVG(reading) > 1
--    ^^^^^^^^^^^^ ASA0307
GROUP BY deviceId, TumblingWindow(minute, 1), HoppingWindow(day, 8, 1)
--                                            ^^^^^^^^^^^^^^^^^^^^^^^^ ASA0301
--                                                          ^^^^^^ ASA0302
`);
  });

  test('time', () => {
    checkMarks(`SELECT a.x, COUNT(DISTINCT a.y) OVER (LIMIT DURATION(minute, 5)) AS n
--          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ASA0312
FROM l a TIMESTAMP BY System.Timestamp()
--                    ^^^^^^^^^^^^^^^^^^ ASA0501
JOIN r b TIMESTAMP BY t ON a.k = b.k
--   ^^^^^^^^^^^^^^^^^^ ASA0400
`);
  });

  test('several mistakes of syntax, each once', () => {
    checkMarks(`SELECT a, b[0], CASE WHEN a > 1 THEN 2 END AS c,
--         ^^^ ASA0013
--                                     ^^^ ASA0027
--                                             ^ ASA0025
FROM input
WHERE a == 1 OR
--      ^^ ASA0010
    GROUP BY a, SlidingWindow(second, 'x')
--  ^^^^^ ASA0001
--              ^^^^^^^^^^^^^^^^^^^^^^^^^^ ASA0028
    ORDER BY a
--  ^^^^^^^^^^ ASA0016
`);
  });

  test('what an output needs', () => {
    checkMarks(
      `SELECT deviceId AS [key] INTO [cosmos-totals]
--                            ^^^^^^^^^^^^^^^ ASA1008
FROM telemetry TIMESTAMP BY time
`,
      job,
    );
  });
});
