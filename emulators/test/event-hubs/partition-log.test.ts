// The log by itself, on real files: what survives, what is cut, what is refused, and that nothing comes back twice.
import assert from 'node:assert/strict';
import { appendFile, open, readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { FIRST_EVENT_AT, nextEventAt } from '../../src/event-hubs/log-frame.ts';
import {
  type LogCursor,
  LogWriteError,
  PartitionLog,
  type PartitionLogOptions,
  type ProducerOrderError,
} from '../../src/event-hubs/partition-log.ts';
import { writeFrames } from '../../src/event-hubs/write-frames.ts';
import { temporaryFolder, undo } from './emulator-under-test.ts';

const HOUR_MS = 3_600_000;

interface Opened {
  readonly log: PartitionLog;
  readonly notices: string[];
}

async function openLog(t: TestContext, directory: string, overrides: Partial<PartitionLogOptions> = {}): Promise<Opened> {
  const notices: string[] = [];
  const defaults = {
    segmentBytesMax: 1 << 20,
    retentionMs: HOUR_MS,
    now: () => 1000,
    notice: (line: string) => void notices.push(line),
  };
  const log = await PartitionLog.open(directory, { ...defaults, write: writeFrames, ...overrides });
  undo(t, () => log.close());
  return { log, notices };
}

function append(
  log: PartitionLog,
  texts: readonly string[],
  producer?: { id: number; epoch: number; firstSequence: number },
): Promise<void> {
  return log.append({ events: texts.map((text) => Buffer.from(text)), producer });
}

interface ReadEvent {
  readonly text: string;
  readonly sequence: number;
  readonly offset: number;
  readonly timeMs: number;
}

async function readFrom(log: PartitionLog, cursor: LogCursor): Promise<ReadEvent[]> {
  const events: ReadEvent[] = [];
  for (;;) {
    const frames = await log.read(cursor);
    if (frames.length === 0) return events;
    for (const { segment, position, bytes, content } of frames) {
      let sequence = content.firstSequence;
      for (let at = FIRST_EVENT_AT; at < bytes.length; at = nextEventAt(bytes, at)) {
        const offset = segment.baseOffset + position + at;
        if (sequence >= cursor.minSequence && offset >= cursor.minOffset) {
          const text = bytes.subarray(at + 4, nextEventAt(bytes, at)).toString();
          events.push({ text, sequence, offset, timeMs: content.enqueuedTimeMs });
        }
        sequence++;
      }
    }
  }
}

async function readAll(log: PartitionLog): Promise<ReadEvent[]> {
  return readFrom(log, await log.seek({ sequence: 0 }));
}

async function lastFile(directory: string): Promise<string> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.log')).sort();
  return join(directory, names.at(-1) ?? '');
}

test('numbers, offsets and times go on growing over restarts and segments, even if the clock falls back', async (t) => {
  const directory = await temporaryFolder(t);
  let nowMs = 5000;
  const written: string[] = [];
  for (let start = 0; start < 4; start++) {
    const { log } = await openLog(t, directory, { segmentBytesMax: 600, now: () => nowMs });
    for (let index = 0; index < 20; index++) {
      const texts = [`start ${start} event ${index}`, `and another ${index}`];
      await append(log, texts);
      written.push(...texts);
      nowMs += index % 5 === 0 ? -700 : 100;
    }
    await log.close();
  }
  assert.ok((await readdir(directory)).length > 10);
  const { log, notices } = await openLog(t, directory, { segmentBytesMax: 600, now: () => nowMs });
  const events = await readAll(log);
  assert.deepEqual(
    events.map(({ text }) => text),
    written,
  );
  events.forEach(({ sequence, offset, timeMs }, index) => {
    const previous = events[index - 1];
    assert.equal(sequence, index);
    if (previous) assert.ok(offset > previous.offset && timeMs >= previous.timeMs);
  });
  assert.deepEqual(log.state.lastSequence, 159);
  assert.equal(log.state.lastOffset, events.at(-1)?.offset);
  assert.deepEqual(notices, []);
});

test('any search finds what a walk over all events finds', async (t) => {
  const directory = await temporaryFolder(t);
  let nowMs = 1000;
  const { log } = await openLog(t, directory, { segmentBytesMax: 2000, now: () => nowMs });
  for (let index = 0; index < 150; index++) {
    await append(
      log,
      Array.from({ length: 1 + (index % 4) }, (_, item) => `${index}.${item}`),
    );
    nowMs += index % 3;
  }
  const events = await readAll(log);
  const target = fc.oneof(
    fc.record({ sequence: fc.integer({ min: -1, max: events.length + 1 }) }),
    fc.record({ offset: fc.integer({ min: -1, max: (events.at(-1)?.offset ?? 0) + 50 }) }),
    fc.record({ timeMs: fc.integer({ min: 990, max: nowMs + 5 }) }),
  );
  await fc.assert(
    fc.asyncProperty(target, async (wanted) => {
      const expected = events.filter(({ sequence, offset, timeMs }) => {
        if ('sequence' in wanted) return sequence >= wanted.sequence;
        return 'offset' in wanted ? offset >= wanted.offset : timeMs >= wanted.timeMs;
      });
      assert.deepEqual(await readFrom(log, await log.seek(wanted)), expected);
    }),
    { numRuns: 200 },
  );
});

test('whatever is torn off the end, whole batches remain and the log goes on', async (t) => {
  const directory = await temporaryFolder(t);
  const { log } = await openLog(t, directory);
  for (let index = 0; index < 5; index++) await append(log, [`${index} a`, `${index} b`, `${index} c`]);
  await log.close();
  const path = await lastFile(directory);
  for (let { size } = await stat(path); size > 0; size -= 7) {
    await truncate(path, size);
    const { log: again, notices } = await openLog(t, directory);
    const texts = (await readAll(again)).map(({ text }) => text);
    assert.equal(texts.length % 3, 0, `part of a batch came back at ${size} bytes`);
    assert.equal(again.state.lastSequence, texts.length - 1);
    for (const line of notices) assert.match(line, /cut a torn write of \d+ bytes off|whose first write was torn/);
    await again.close();
    if (notices.length > 0) size = (await stat(path)).size;
    if (texts.length === 0) break;
  }
});

test('half a frame of rubbish at the end is cut off, with one line; what is appended then is read back', async (t) => {
  const directory = await temporaryFolder(t);
  const { log } = await openLog(t, directory);
  await append(log, ['kept']);
  await log.close();
  await appendFile(await lastFile(directory), Buffer.alloc(100, 0x17));
  const { log: again, notices } = await openLog(t, directory);
  assert.equal(notices.length, 1);
  assert.match(notices[0] ?? '', /cut a torn write of 100 bytes/);
  await append(again, ['new']);
  assert.deepEqual(
    (await readAll(again)).map(({ text }) => text),
    ['kept', 'new'],
  );
});

test('damage in the middle is not taken for a torn write: the log refuses to start, and loses nothing', async (t) => {
  const directory = await temporaryFolder(t);
  const { log } = await openLog(t, directory);
  for (let index = 0; index < 3; index++) await append(log, [`event ${index} ${'x'.repeat(100)}`]);
  await log.close();
  const path = await lastFile(directory);
  const { size } = await stat(path);
  const file = await open(path, 'r+');
  await file.write(Buffer.from('#'), 0, 1, Math.floor(size / 2));
  await file.close();
  await assert.rejects(openLog(t, directory), /is damaged at byte \d+, with intact events behind it/);
  assert.equal((await stat(path)).size, size);
});

test('a full disk refuses the batch, keeps what was there, and goes on when there is space', async (t) => {
  const directory = await temporaryFolder(t);
  let bytesLeft = Number.POSITIVE_INFINITY;
  const write: PartitionLogOptions['write'] = async (segment, frames, position) => {
    const bytes = Buffer.concat([...frames]);
    const fitting = Math.min(bytes.length, bytesLeft);
    await (await segment.handle()).write(bytes, 0, fitting, position);
    bytesLeft -= fitting;
    if (fitting < bytes.length) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  };
  const { log } = await openLog(t, directory, { write, segmentBytesMax: 2000 });
  await append(log, ['before']);
  for (const left of [0, 1, 60, 150]) {
    bytesLeft = left;
    const refused = await Promise.allSettled([append(log, ['refused', 'x'.repeat(200)]), append(log, ['refused too'])]);
    for (const result of refused) {
      assert.equal(result.status, 'rejected');
      assert.ok(result.status === 'rejected' && result.reason instanceof LogWriteError);
      assert.equal(result.reason.code, 'ENOSPC');
    }
    bytesLeft = Number.POSITIVE_INFINITY;
    await append(log, [`after ${left}`]);
  }
  bytesLeft = 30;
  await assert.rejects(append(log, ['x'.repeat(1900)]), LogWriteError);
  bytesLeft = Number.POSITIVE_INFINITY;
  await append(log, ['at last', 'y'.repeat(1900)]);
  const expected = ['before', 'after 0', 'after 1', 'after 60', 'after 150', 'at last', 'y'.repeat(1900)];
  const texts = async (of: PartitionLog): Promise<string[]> => (await readAll(of)).map(({ text }) => text);
  assert.deepEqual(await texts(log), expected);
  await log.close();
  const { log: again, notices } = await openLog(t, directory);
  assert.deepEqual(await texts(again), expected);
  assert.deepEqual(notices, []);
});

test('duplicates of an idempotent producer are suppressed, also after a restart and over segments', async (t) => {
  const directory = await temporaryFolder(t);
  const producer = (firstSequence: number, epoch = 0): { id: number; epoch: number; firstSequence: number } => ({
    id: 7,
    epoch,
    firstSequence,
  });
  const { log } = await openLog(t, directory, { segmentBytesMax: 400 });
  await append(log, ['1', '2', '3'], producer(1));
  await Promise.all([append(log, ['4', '5'], producer(4)), append(log, ['4', '5'], producer(4))]);
  for (let index = 0; index < 10; index++) await append(log, [`other ${index} ${'x'.repeat(80)}`]);
  await log.close();
  const { log: again } = await openLog(t, directory, { segmentBytesMax: 400 });
  assert.equal(again.producer(7)?.lastSequence, 5);
  await append(again, ['4', '5'], producer(4));
  await append(again, ['5', '6'], producer(5));
  await append(again, ['5', '6'], producer(5));
  const gap = await append(again, ['9'], producer(9)).catch((error: ProducerOrderError) => error);
  assert.equal(gap?.reason, 'out-of-order');
  const reused = await append(again, ['other', 'events'], producer(6)).catch((error: ProducerOrderError) => error);
  assert.match(reused?.message ?? '', /sent sequence number 6 again, with other events/);
  await append(again, ['7'], producer(7, 1));
  const stale = await append(again, ['8'], producer(8)).catch((error: ProducerOrderError) => error);
  assert.equal(stale?.reason, 'stale-epoch');
  const numbered = (await readAll(again)).map(({ text }) => text).filter((text) => /^\d+$/.test(text));
  assert.deepEqual(numbered, ['1', '2', '3', '4', '5', '6', '7']);
});

test('a producer whose 32-bit numbers wrap is still in order', async (t) => {
  const { log } = await openLog(t, await temporaryFolder(t));
  const last = 2 ** 31 - 1;
  await append(log, ['a', 'b'], { id: 1, epoch: 0, firstSequence: last - 1 });
  await append(log, ['c'], { id: 1, epoch: 0, firstSequence: -(2 ** 31) });
  await append(log, ['b', 'c'], { id: 1, epoch: 0, firstSequence: last });
  assert.deepEqual(
    (await readAll(log)).map(({ text }) => text),
    ['a', 'b', 'c'],
  );
});

test('retention deletes whole old segments; numbers go on, and a reader in them goes on with the oldest', async (t) => {
  const directory = await temporaryFolder(t);
  let nowMs = 0;
  const { log } = await openLog(t, directory, { segmentBytesMax: 300, now: () => nowMs });
  for (let index = 0; index < 20; index++) {
    nowMs += HOUR_MS / 10;
    await append(log, [`event ${index} ${'x'.repeat(50)}`]);
  }
  const { beginSequence } = log.state;
  assert.ok(beginSequence > 5 && beginSequence < 12, `the log begins at ${beginSequence}`);
  const cursor = await log.seek({ sequence: 0 });
  nowMs += HOUR_MS / 2;
  await log.enforceRetention();
  const events = await readFrom(log, cursor);
  assert.equal(events[0]?.sequence, log.state.beginSequence);
  assert.ok(log.state.beginSequence > beginSequence);
  assert.equal(events.at(-1)?.sequence, 19);
  nowMs += 2 * HOUR_MS;
  await log.enforceRetention();
  assert.deepEqual([log.state.isEmpty, log.state.beginSequence, log.state.lastSequence], [true, 20, 19]);
  assert.equal((await readdir(directory)).length, 1);
  await log.close();
  const { log: again } = await openLog(t, directory, { now: () => nowMs });
  assert.equal(again.state.lastOffset, events.at(-1)?.offset);
  await append(again, ['next']);
  assert.deepEqual(
    (await readAll(again)).map(({ text, sequence }) => [text, sequence]),
    [['next', 20]],
  );
});

test('batches that arrive together are written together, each answered by itself', async (t) => {
  let writes = 0;
  const write: PartitionLogOptions['write'] = (segment, frames, position) => {
    writes++;
    return writeFrames(segment, frames, position);
  };
  const { log } = await openLog(t, await temporaryFolder(t), { write });
  writes = 0;
  await Promise.all(Array.from({ length: 500 }, (_, index) => append(log, [`event ${index}`])));
  assert.ok(writes <= 2, `${writes} writes`);
  assert.equal((await readAll(log)).length, 500);
});
