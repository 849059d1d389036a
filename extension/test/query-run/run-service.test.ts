/** Runs over samples: rows of outputs and steps, what became of events, and the way back of a row. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { PreviewResult, RowsPage, RowTrace } from '@asaql/webview/protocol';
import type { Focus, SampleFile, WorkerAnswer } from '../../src/query-run/messages.ts';
import { RunService } from '../../src/query-run/run-service.ts';

const policies = { lateArrivalMs: 60_000, outOfOrderMs: 10_000, earlyArrivalMs: 300_000, action: 'adjust' as const };
const repository = join(import.meta.dirname, '..', '..', '..');

/** A service with its answers as promises. */
function startService(files: readonly SampleFile[] = [], events = 2_000) {
  const waiting = new Map<number, { resolve: (answer: WorkerAnswer) => void }>();
  const service = new RunService({
    answer: (answer) => waiting.get(answer.kind === 'result' ? answer.run : answer.request)?.resolve(answer),
    loadFunctions: null,
    turn: () => new Promise((resolve) => setImmediate(resolve)),
  });
  service.receive({
    kind: 'sample',
    sample: { files, generated: { seed: 1, events, eventsPerSecond: 20, scenarios: ['late', 'malformed'] } },
  });
  let next = 1;
  const ask = (send: (number: number) => void): Promise<WorkerAnswer> =>
    new Promise((resolve) => {
      const number = next++;
      waiting.set(number, { resolve });
      send(number);
    });
  return {
    run: async (text: string, focus: Focus = { kind: 'all' }): Promise<PreviewResult> => {
      const answer = await ask((run) =>
        service.receive({ kind: 'run', run, text, focus, policies, compatibilityLevel: '1.2', functions: [] }),
      );
      assert.equal(answer.kind, 'result', JSON.stringify(answer));
      return (answer as Extract<WorkerAnswer, { kind: 'result' }>).result;
    },
    rows: async (run: number, table: string, point: number | null = null, count = 10_000): Promise<RowsPage> => {
      const answer = await ask((request) => service.receive({ kind: 'rows', request, run, table, from: 0, count, point }));
      return (answer as Extract<WorkerAnswer, { kind: 'answer' }>).value as RowsPage;
    },
    trace: async (run: number, table: string, row: number, column: string): Promise<RowTrace> => {
      const answer = await ask((request) => service.receive({ kind: 'trace', request, run, table, row, column }));
      return (answer as Extract<WorkerAnswer, { kind: 'answer' }>).value as RowTrace;
    },
  };
}

function lines(input: string, events: readonly object[], kind: SampleFile['kind'] = 'stream'): SampleFile {
  return {
    input,
    kind,
    name: `${input}.json`,
    format: 'json',
    bytes: new TextEncoder().encode(events.map((event) => JSON.stringify(event)).join('\n')),
  };
}

const at = (second: number) => new Date(Date.UTC(2026, 0, 15, 12, 0, second)).toISOString();
const clicks = lines('clicks', [
  { at: at(1), page: 'a', ms: 5 },
  { at: at(2), page: 'b', ms: 7 },
  { at: at(4), page: 'a', ms: 9 },
  { at: at(12), page: 'a', ms: 1 },
]);
const query = `WITH Slow AS (SELECT page, ms * 2 AS doubled FROM clicks TIMESTAMP BY at WHERE ms > 4)
SELECT page, COUNT(*) AS n, SUM(doubled) AS total INTO counts FROM Slow GROUP BY page, TumblingWindow(second, 10)`;

test('rows of every output and every step, and the events themselves', async () => {
  const service = startService([clicks]);
  const result = await service.run(query);
  assert.deepEqual(result.problems, []);
  assert.deepEqual(
    result.tables.map(({ id, rowCount }) => [id, rowCount]),
    [
      ['output:counts', 2],
      ['step:slow', 3],
      ['input:clicks', 4],
    ],
  );
  const { columns, rows } = await service.rows(result.run, 'output:counts');
  assert.deepEqual(columns, ['page', 'n', 'total']);
  assert.deepEqual([...rows].sort(), [
    ['a', 2, 28],
    ['b', 1, 14],
  ]);
  assert.deepEqual(result.tables[0]?.window, { kind: 'tumbling', sizeMs: 10_000, hopMs: 10_000, offsetMs: 0 });
});

test('a row is followed back to the very events that it came from, and its column to their fields', async () => {
  const service = startService([clicks]);
  const { run } = await service.run(query);
  const { rows } = await service.rows(run, 'output:counts');
  const trace = await service.trace(
    run,
    'output:counts',
    rows.findIndex(([page]) => page === 'a'),
    'total',
  );
  assert.equal(trace.reason, null);
  assert.deepEqual(trace.fields, ['ms']);
  assert.deepEqual(
    trace.events.map(({ number }) => number),
    [0, 2],
  );
  assert.match(trace.events[1]?.text ?? '', /"ms":9/);
});

test('a row of a join is followed back into both streams', async () => {
  const orders = lines('orders', [
    { at: at(1), id: 1 },
    { at: at(3), id: 2 },
  ]);
  const payments = lines('payments', [
    { at: at(2), id: 1 },
    { at: at(4), id: 2 },
  ]);
  const service = startService([orders, payments]);
  const { run, problems } = await service.run(
    'SELECT o.id AS id INTO paid FROM orders o TIMESTAMP BY at JOIN payments p TIMESTAMP BY at ON o.id = p.id AND DATEDIFF(second, o, p) BETWEEN 0 AND 5',
  );
  assert.deepEqual(problems, []);
  const { events } = await service.trace(run, 'output:paid', 1, 'id');
  assert.deepEqual(
    events.map(({ input, number }) => [input, number]),
    [
      ['orders', 1],
      ['payments', 1],
    ],
  );
});

test('the watermark moved back shows the rows that there were, and never more', async () => {
  const service = startService();
  const text = readFileSync(join(repository, 'stream-analytics/queries/realtime_viewer_count.asaql'), 'utf8');
  const result = await service.run(text);
  const table = 'output:cosmos-viewer-count';
  const all = await service.rows(result.run, table);
  let before = 0;
  for (const point of [0, 30, 60, 90, result.points.length - 1]) {
    const page = await service.rows(result.run, table, point);
    assert.ok(page.total >= before);
    assert.deepEqual(page.rows, all.rows.slice(0, page.total));
    before = page.total;
  }
  assert.equal(before, all.total);
});

test('what became of late and malformed events is told, each once', async () => {
  const service = startService();
  const result = await service.run('SELECT * INTO o FROM [hub] TIMESTAMP BY [timestamp]');
  const { adjusted, dropped, unreadable } = result.policies;
  assert.ok(adjusted > 0 && unreadable > 0, JSON.stringify(result.policies));
  const page = await service.rows(result.run, 'policies');
  assert.equal(page.total, adjusted + dropped + unreadable);
  const output = result.tables.find(({ id }) => id === 'output:o');
  assert.equal(output?.rowCount, result.events - dropped - unreadable);
});

test('one step alone, and a selection in the context of the steps', async () => {
  const service = startService([clicks]);
  const step = await service.run(query, { kind: 'step', name: 'slow' });
  assert.deepEqual(
    step.tables.map(({ id }) => id),
    ['step:slow', 'input:clicks'],
  );
  const text = `${query}\nSELECT page INTO later FROM Slow`;
  const start = text.indexOf('SELECT page INTO later');
  const selection = await service.run(text, { kind: 'selection', start, end: text.length });
  assert.deepEqual(
    selection.tables.map(({ id }) => id),
    ['output:later', 'input:clicks'],
  );
});

test('an error stands where it is in the document, also within a selection', async () => {
  const service = startService([clicks]);
  const [problem] = (await service.run('SELECT page\nINTO o FROM clicks GROUP BY')).problems;
  assert.equal(problem?.line, 2);
  const text = `${query}\n\nSELECT nope( INTO later FROM Slow`;
  const start = text.indexOf('SELECT nope');
  const [selected] = (await service.run(text, { kind: 'selection', start, end: text.length })).problems;
  assert.equal(selected?.line, 4);
});

test('each column of the diagram names what it is made from', async () => {
  const service = startService([clicks]);
  const { diagram } = await service.run(query);
  const columns = diagram?.nodes.find(({ id }) => id === 'output:counts')?.columns;
  assert.deepEqual(columns?.find(({ name }) => name === 'total')?.from, [{ node: 'step:slow', column: 'doubled' }]);
  assert.deepEqual(
    diagram?.nodes
      .find(({ id }) => id === 'input:clicks')
      ?.columns.map(({ name }) => name)
      .sort(),
    ['ms', 'page'],
  );
});
