/** Pacing, by a clock that the test turns. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGenerator, type GeneratedEvent } from '@asaql/generator';
import fc from 'fast-check';
import type { EventSink } from '../../src/generate/event-sink.ts';
import type { PaceClock } from '../../src/generate/pace-clock.ts';
import { type PaceProgress, sendPaced } from '../../src/generate/paced-sender.ts';

const startTimeMs = Date.UTC(2026, 0, 15, 12);

/** Time passes only while somebody waits, and then a little more than asked, as on a real machine. */
class TurnedClock implements PaceClock {
  nowMs = 1_000;
  sleptMs = 0;
  readonly #overshootMs: number;

  constructor(overshootMs = 0) {
    this.#overshootMs = overshootMs;
  }

  monotonicMs(): number {
    return this.nowMs;
  }

  wallMs(): number {
    return startTimeMs + this.nowMs + this.sleptMs;
  }

  async wait(durationMs: number): Promise<void> {
    this.nowMs += durationMs + this.#overshootMs;
  }
}

class RecordingSink implements EventSink {
  readonly refused = 0;
  readonly received: { readonly event: GeneratedEvent; readonly atMs: number }[] = [];
  onSend: () => void = () => undefined;
  readonly #clock: TurnedClock;

  constructor(clock: TurnedClock) {
    this.#clock = clock;
  }

  get acknowledged(): number {
    return this.received.length;
  }

  async send(events: readonly GeneratedEvent[]): Promise<void> {
    for (const event of events) this.received.push({ event, atMs: this.#clock.nowMs - 1_000 });
    this.onSend();
  }

  async flush(): Promise<void> {}

  async close(): Promise<void> {}
}

function set(eventsPerSecond: number, overshootMs = 0) {
  const clock = new TurnedClock(overshootMs);
  const generator = createGenerator({ seed: 1, users: 100, eventsPerSecond, startTimeMs });
  const progress: PaceProgress[] = [];
  const stop = new AbortController();
  const base = { generator, clock, startTimeMs, signal: stop.signal, onProgress: (each: PaceProgress) => progress.push(each) };
  return { ...base, sink: new RecordingSink(clock), progress, stop };
}

test('a run has exactly rate times duration events, each sent when due and within two ticks, however clumsy the timer', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(0.5, 1, 7, 100, 333, 1000),
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom(0, 3.3, 17),
      async (eventsPerSecond, seconds, overshootMs) => {
        const run = set(eventsPerSecond, overshootMs);
        const { sent, elapsedMs } = await sendPaced({ ...run, durationMs: seconds * 1000 });
        assert.equal(sent, Math.ceil(eventsPerSecond * seconds));
        assert.ok(elapsedMs >= seconds * 1000 && elapsedMs < seconds * 1000 + 100);
        for (const { event, atMs } of run.sink.received) {
          const lateMs = atMs - (event.sendTimeMs - startTimeMs);
          assert.ok(lateMs >= 0 && lateMs <= 100 + overshootMs, `${lateMs} ms late`);
        }
      },
    ),
    { numRuns: 25 },
  );
});

test('what a stalled sink delayed is sent at once afterwards, and the schedule stays', async () => {
  const run = set(1000);
  let sends = 0;
  run.sink.onSend = () => {
    if (++sends === 20) run.clock.nowMs += 7_000;
  };
  const { sent } = await sendPaced({ ...run, durationMs: 20_000 });
  assert.equal(sent, 20_000);
  const lateMs = (index: number) => {
    const each = run.sink.received[index];
    return each ? each.atMs - (each.event.sendTimeMs - startTimeMs) : Number.NaN;
  };
  assert.ok(lateMs(1_500) > 5_000);
  assert.ok(lateMs(9_000) <= 100, `${lateMs(9_000)} ms late`);
});

test('the time in which the machine slept is left out', async () => {
  const run = set(100);
  let sends = 0;
  run.sink.onSend = () => {
    if (++sends === 40) run.clock.sleptMs += 3_600_000;
  };
  const { sent } = await sendPaced({ ...run, durationMs: 3_610_000 });
  assert.ok(sent >= 990 && sent <= 1_010, `${sent} sent`);
  for (const { event, atMs } of run.sink.received.slice(300)) {
    assert.ok(Math.abs(event.sendTimeMs - startTimeMs - atMs - 3_600_000) <= 100);
  }
});

test('progress is told once a second, with the rate of that second', async () => {
  const run = set(400);
  await sendPaced({ ...run, durationMs: 10_000 });
  assert.ok(run.progress.length >= 9);
  for (const { ratePerSecond } of run.progress.slice(1)) assert.ok(Math.abs(ratePerSecond - 400) < 25, `${ratePerSecond}`);
});

test('a run that is told to stop stops, and one whose sink fails fails', async () => {
  const stopped = set(100);
  stopped.sink.onSend = () => stopped.stop.abort();
  assert.ok((await sendPaced({ ...stopped, durationMs: Number.POSITIVE_INFINITY })).sent < 10);
  const failing = set(100);
  failing.sink.onSend = () => {
    throw new Error('the disk is full');
  };
  await assert.rejects(sendPaced({ ...failing, durationMs: 1_000 }), /the disk is full/);
});
