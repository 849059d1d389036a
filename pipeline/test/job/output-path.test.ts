/** Path patterns of outputs: every token, by the row's own time, and values that must not break out of their place. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OutputPath } from '../../src/job/output-path.ts';

const at = Date.UTC(2024, 4, 3, 7, 8, 9);
const row = { Region: 'eu', user: { id: 9007199254740993n }, none: null, evil: '../x/y', dots: '..', empty: '' };

const patterns: readonly (readonly [string, string])[] = [
  ['archive/{date}/{time}', 'archive/2024-05-03/07'],
  ['{DATE}', '2024-05-03'],
  ['{datetime:yyyy}/{datetime:MM}/{datetime:dd}/{datetime:HH-mm-ss}', '2024/05/03/07-08-09'],
  ['{datetime:M}-{datetime:d}-{datetime:H}-{datetime:yy}', '5-3-7-24'],
  ['p{partition}/{PartitionId}', 'p3/3'],
  ['{region}/{User.ID}/{none}/{missing}', 'eu/9007199254740993/null/null'],
  ['{evil}/{dots}/{empty}', '.._x_y/__/_'],
  ['no token {', 'no token {'],
];
for (const [pattern, expected] of patterns) {
  test(`${pattern} becomes ${expected}`, () => {
    assert.equal(new OutputPath(pattern).of(row, at, 3), expected);
  });
}

test('date and time follow the formats of the output', () => {
  assert.equal(new OutputPath('{date}/{time}', { date: 'YYYY/MM/DD', time: 'HH-mm' }).of(row, at), '2024/05/03/07-08');
});
