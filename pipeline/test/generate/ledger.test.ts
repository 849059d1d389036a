/** Laws of the ledger: what is in it after any end, and what a reader makes of it. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createGenerator, scenarioNames } from '@asaql/generator';
import fc from 'fast-check';
import { Ledger, LedgerError } from '../../src/generate/ledger.ts';
import { type LedgerEntry, ledgerStartTimeMs, readLedger, readLedgerEntries } from '../../src/generate/read-ledger.ts';

const folder = mkdtempSync(join(tmpdir(), 'asaql-ledger-'));
after(() => rmSync(folder, { recursive: true }));
let files = 0;
const newPath = () => join(folder, 'made-when-needed', `ledger-${files++}.ndjson`);

const events = createGenerator({
  seed: 4,
  users: 50,
  eventsPerSecond: 100,
  startTimeMs: Date.UTC(2026, 0, 15),
  scenarios: scenarioNames,
}).take(3_000);
async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const bytesOf = (body: string | Uint8Array) => Buffer.from(body as Uint8Array);

test('what was acknowledged is acknowledged, byte for byte; what was not is not, in whatever order batches end', async () => {
  const batches = fc.array(
    fc.record({
      size: fc.integer({ min: 1, max: 40 }),
      end: fc.constantFrom('acknowledged', 'refused', 'uncertain'),
      when: fc.nat(1000),
    }),
    { minLength: 1, maxLength: 30 },
  );
  await fc.assert(
    fc.asyncProperty(batches, async (plan) => {
      const path = newPath();
      const ledger = new Ledger(path, { seed: 4, startTimeMs: 17 });
      let at = 0;
      const open = plan.map((batch) => {
        const range = ledger.intend(events.slice(at, at + batch.size));
        at += batch.size;
        return { ...batch, range };
      });
      for (const { range, end } of [...open].sort((left, right) => left.when - right.when)) {
        if (end === 'acknowledged') ledger.acknowledge(range);
        if (end === 'refused') ledger.refuse(range, 'too large');
      }
      ledger.close();
      const entries = await collect(readLedgerEntries(path));
      assert.deepEqual(
        entries.map((entry) => entry.status),
        plan.flatMap(({ size, end }) => new Array<string>(size).fill(end)),
      );
      for (const [index, entry] of entries.entries()) assertEntry(entry, index);
      const acknowledged = await collect(readLedger(path));
      assert.deepEqual(
        acknowledged,
        entries.filter((entry) => entry.status === 'acknowledged').map((entry) => entry.body),
      );
    }),
    { numRuns: 30 },
  );
});

function assertEntry(entry: LedgerEntry, index: number): void {
  const event = events[index];
  assert.ok(event);
  assert.deepEqual(entry.body, bytesOf(event.body));
  for (const key of ['kind', 'eventId', 'eventTimeMs', 'sendTimeMs', 'userId'] as const) assert.equal(entry[key], event[key]);
  assert.deepEqual(entry.scenarios, event.scenarios);
  assert.equal(entry.fault, event.kind === 'malformed' ? event.fault : undefined);
}

test('a ledger cut off anywhere is read up to there, and can be gone on with', async () => {
  const path = newPath();
  const ledger = new Ledger(path, {});
  for (let at = 0; at < 30; at += 10) ledger.acknowledge(ledger.intend(events.slice(at, at + 10)));
  ledger.close();
  const whole = readFileSync(path);
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length), async (length) => {
      const cut = newPath();
      new Ledger(cut, {}).close();
      writeFileSync(cut, whole);
      truncateSync(cut, length);
      const before = await collect(readLedgerEntries(cut));
      for (const [index, entry] of before.entries()) assertEntry(entry, index);
      // Only the last batch may be open: each is acknowledged before the next begins.
      assert.ok(before.slice(0, -10).every((entry) => entry.status === 'acknowledged'));
      const next = new Ledger(cut, {});
      next.acknowledge(next.intend(events.slice(100, 105)));
      next.close();
      const entries = await collect(readLedgerEntries(cut));
      assert.deepEqual(
        entries.slice(0, before.length).map((entry) => entry.status),
        before.map((entry) => entry.status),
      );
      const added = entries.slice(before.length);
      assert.equal(added.length, 5);
      added.forEach((entry, index) => {
        assertEntry(entry, 100 + index);
        assert.equal(entry.status, 'acknowledged');
      });
    }),
    { numRuns: 40 },
  );
});

test('runs of one ledger keep their numbers apart, and the first one says when it began', async () => {
  const path = newPath();
  assert.equal(await ledgerStartTimeMs(path), undefined);
  const first = new Ledger(path, { startTimeMs: 1_700_000_000_000 });
  first.intend(events.slice(0, 3));
  first.close();
  const second = new Ledger(path, { startTimeMs: 1_800_000_000_000 });
  second.acknowledge(second.intend(events.slice(3, 5)));
  second.close();
  const entries = await collect(readLedgerEntries(path));
  assert.deepEqual(
    entries.map(({ run, status }) => [run, status]),
    [
      [1, 'uncertain'],
      [1, 'uncertain'],
      [1, 'uncertain'],
      [2, 'acknowledged'],
      [2, 'acknowledged'],
    ],
  );
  assert.equal(await ledgerStartTimeMs(path), 1_700_000_000_000);
});

test('a file that is no ledger is named with its line, and a place that cannot be written with its path', async () => {
  const path = newPath();
  const ledger = new Ledger(path, {});
  ledger.close();
  appendFileSync(path, 'not a line\n{"acknowledged":[0,0]}\n');
  await assert.rejects(collect(readLedgerEntries(path)), /line 2: no line of a ledger/);
  assert.throws(
    () => new Ledger(folder, {}),
    (error: Error) => error instanceof LedgerError && error.message.includes(folder),
  );
});
