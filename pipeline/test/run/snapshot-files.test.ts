/** Reference data by date and time in the path: which files, from when, and what is no such path. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { withSnapshots } from '../../src/run/snapshot-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'asaql-snapshots-'));
after(() => rmSync(folder, { recursive: true, force: true }));
for (const path of [
  'p/2024-05-02/12-30/list.json',
  'p/2024-05-01/23-59/list.json',
  'p/2024-05-01/23-59/other.json',
  'q/2024/05/03/07/x.csv',
  'q/readme.txt',
  'single.json',
]) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), '[]');
}
const of = (path: string) => withSnapshots({ name: 'R', paths: [`${folder}/${path}`] });

test('a pattern finds its files in order of their moments', () => {
  const found = of('p/{date}/{time}/list.json');
  assert.deepEqual(
    found.paths,
    ['p/2024-05-01/23-59/list.json', 'p/2024-05-02/12-30/list.json'].map((path) => join(folder, path)),
  );
  assert.deepEqual(found.snapshotsMs, [Date.UTC(2024, 4, 1, 23, 59), Date.UTC(2024, 4, 2, 12, 30)]);
  assert.deepEqual(of('q/{date}/{time}/x.csv').snapshotsMs, [Date.UTC(2024, 4, 3, 7)]);
});

test('a folder is searched for such paths, a file stays a file, and none is told', () => {
  assert.deepEqual(of('q').snapshotsMs, [Date.UTC(2024, 4, 3, 7)]);
  assert.deepEqual(of('single.json'), { name: 'R', paths: [`${folder}/single.json`] });
  assert.throws(() => of('r/{date}/x.json'), /cannot be read/);
  assert.throws(() => of('p/{date}/x.json'), /no file with a date in its path/);
});
