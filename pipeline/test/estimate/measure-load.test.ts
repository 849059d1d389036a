/** A job measured over the generator in simulated time: what must be true of the figures whatever the machine. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { busiestAverage, DocumentWrites } from '../../src/estimate/document-writes.ts';
import { type LoadOptions, measureLoad } from '../../src/estimate/measure-load.ts';
import { readJobProject } from '../../src/job/project.ts';

const project = readJobProject(join(import.meta.dirname, '../../../stream-analytics'));

function options(changes: Partial<LoadOptions> = {}): LoadOptions {
  let tick = 0;
  return {
    project,
    eventsPerSecond: 20,
    users: 200,
    seed: 3,
    warmUpSeconds: 120,
    measuredSeconds: 60,
    clockMs: () => tick++,
    ...changes,
  };
}

test('every event is stored and archived, and the windows give what their length says', () => {
  const load = measureLoad(options());
  assert.equal(load.events, 20 * 180);
  assert.equal(load.processed.writesPerSecond, 20);
  assert.equal(load.processed.newDocumentsPerSecond, 20);
  const byName = new Map(load.outputs.map((output) => [output.output, output]));
  assert.equal(byName.get('datalake-raw')?.rowsPerSecond, 20);
  assert.equal(byName.get('datalake-raw')?.writes, null);
  // Twenty titles every five seconds at most.
  assert.ok((byName.get('cosmos-watch-time')?.rowsPerSecond ?? 0) <= 4);
  const devices = byName.get('cosmos-device-distribution');
  assert.equal((devices?.rowsPerSecond ?? 0) * 60, 6, 'one window of a minute ends in the measured minute, with six devices');
  assert.deepEqual(
    load.outputs.map(({ target }) => target).filter((target) => !['raw', 'aggregations'].includes(target)),
    [],
  );
});

test('the same seed gives the same figures', () => {
  assert.deepEqual(measureLoad(options()), measureLoad(options()));
});

test('ten times the rate writes ten times the events, but no more rows of a title', () => {
  const [few, many] = [measureLoad(options({ users: 2000 })), measureLoad(options({ users: 2000, eventsPerSecond: 200 }))];
  assert.equal(many.processed.writesPerSecond, 10 * few.processed.writesPerSecond);
  const rows = (load: typeof few) => load.outputs.find(({ output }) => output === 'cosmos-trending')?.rowsPerSecond ?? 0;
  assert.ok(rows(many) <= 1.5 * rows(few) && rows(many) > 0);
});

test('a query that cannot be run is named, not measured', () => {
  const broken = { ...project, query: 'SELECT FROM' };
  assert.throws(() => measureLoad(options({ project: broken })), /cannot be run, so nothing can be measured: ASA\d+ /);
});

test('it ends when it is told to', () => {
  const stop = new Error('stop');
  const seen: number[] = [];
  const onSecond = (second: number) => {
    seen.push(second);
    if (second === 3) throw stop;
  };
  assert.throws(() => measureLoad(options({ onSecond })), stop);
  assert.deepEqual(seen, [0, 1, 2, 3]);
});

test('a document that is written again costs twice, and what was before the measured time does not weigh', () => {
  const writes = new DocumentWrites(4, 2);
  const document = { id: 'a', kind: 'k' };
  writes.write(0, document, 'a', 'k');
  writes.write(2, document, 'a', 'k');
  writes.write(3, { id: 'b', kind: 'k' }, 'b', 'k');
  writes.write(4, document, 'a', 'k');
  const { writesPerSecond, newDocumentsPerSecond, documents, averageRequestUnits, busiestRequestUnits } = writes.load();
  assert.deepEqual(
    { writesPerSecond, newDocumentsPerSecond, documents },
    { writesPerSecond: 1, newDocumentsPerSecond: 0.5, documents: 2 },
  );
  // Two fields: 5.08 RU new, 10.16 RU again.
  assert.ok(Math.abs(averageRequestUnits - (10.16 + 5.08) / 2) < 1e-9);
  assert.equal(busiestRequestUnits, averageRequestUnits);
});

test('the busiest ten seconds are found wherever they are', () => {
  const units = Float64Array.from({ length: 40 }, (_, second) => (second >= 13 && second < 23 ? 100 : 1));
  assert.equal(busiestAverage(units), 100);
  assert.equal(busiestAverage(Float64Array.of(4, 8)), 6);
  assert.equal(busiestAverage(new Float64Array(0)), 0);
});
