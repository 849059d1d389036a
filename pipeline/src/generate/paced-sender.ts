/**
 * Sends a generator's events when they are due. The schedule is absolute, counted from the start of the run: a late wake-up
 * or a stalled hub delays events but never shifts the schedule, and what was missed is sent as soon as it can be.
 */
import type { Generator } from '@asaql/generator';
import type { EventSink } from './event-sink.ts';
import type { PaceClock } from './pace-clock.ts';

export interface PaceOptions {
  readonly generator: Generator;
  readonly sink: EventSink;
  readonly clock: PaceClock;
  /** The generator's start time: what it calls the first moment of the run. */
  readonly startTimeMs: number;
  /** The run ends with the last event that is due before this; Infinity for a run without end. */
  readonly durationMs: number;
  /** Ends the run early. */
  readonly signal: AbortSignal;
  /** About once a second. */
  readonly onProgress: (progress: PaceProgress) => void;
}

export interface PaceProgress {
  readonly sent: number;
  readonly acknowledged: number;
  /** Events sent per second since the last report. */
  readonly ratePerSecond: number;
}

export interface PaceResult {
  readonly sent: number;
  readonly elapsedMs: number;
}

/** Events are sent in bunches: each costs the hub, and nobody sees a twentieth of a second. */
const tickMs = 50;
const bunchMax = 2_000;
const progressEveryMs = 1_000;
/** A wall clock that has moved on by so much more than the monotonic one tells of a machine that slept. */
const sleepMs = 5_000;

/** Runs until the duration is over or `signal` says so, with everything handed to the sink. Rejects when the sink does. */
export async function sendPaced(options: PaceOptions): Promise<PaceResult> {
  const { generator, sink, clock, startTimeMs, signal } = options;
  const endTimeMs = startTimeMs + options.durationMs;
  const beganMs = clock.monotonicMs();
  const report = createReporter(options, beganMs);
  const sleptMs = createSleepMeter(clock);
  let skippedMs = 0;
  let sent = 0;
  while (!signal.aborted && generator.nextSendTimeMs < endTimeMs) {
    const napMs = sleptMs();
    if (napMs > 0) {
      skippedMs += napMs;
      // Nobody watched while the machine slept, and hours of events at once would all be late.
      generator.skipTo(startTimeMs + clock.monotonicMs() - beganMs + skippedMs);
    }
    const dueTimeMs = Math.min(endTimeMs, startTimeMs + clock.monotonicMs() - beganMs + skippedMs);
    const events = generator.takeUntil(dueTimeMs, bunchMax);
    if (events.length > 0) await sink.send(events);
    sent += events.length;
    report(sent);
    if (events.length < bunchMax && generator.nextSendTimeMs < endTimeMs) {
      const untilNextMs = generator.nextSendTimeMs - dueTimeMs;
      await clock.wait(Math.max(tickMs, Math.min(progressEveryMs, untilNextMs)), signal);
    }
  }
  // A run of ten seconds takes ten seconds, though its last event is due before they are over.
  const restMs = options.durationMs - skippedMs - (clock.monotonicMs() - beganMs);
  if (restMs > 0 && !signal.aborted) await clock.wait(restMs, signal);
  return { sent, elapsedMs: clock.monotonicMs() - beganMs };
}

/** As fast as the sink takes them, without a clock: for files, whose time is only told. */
export async function sendAtOnce({
  generator,
  sink,
  startTimeMs,
  durationMs,
  signal,
}: Omit<PaceOptions, 'clock' | 'onProgress'>): Promise<number> {
  let sent = 0;
  while (!signal.aborted) {
    const events = generator.takeUntil(startTimeMs + durationMs, bunchMax);
    if (events.length === 0) break;
    await sink.send(events);
    sent += events.length;
  }
  return sent;
}

function createReporter({ clock, sink, onProgress }: PaceOptions, beganMs: number): (sent: number) => void {
  let lastMs = beganMs;
  let lastSent = 0;
  return (sent) => {
    const elapsedMs = clock.monotonicMs() - lastMs;
    if (elapsedMs < progressEveryMs) return;
    onProgress({ sent, acknowledged: sink.acknowledged, ratePerSecond: ((sent - lastSent) * 1000) / elapsedMs });
    lastMs += elapsedMs;
    lastSent = sent;
  };
}

/** How long the machine has slept since the last question; 0 for less than some seconds. */
function createSleepMeter(clock: PaceClock): () => number {
  let aheadMs = clock.wallMs() - clock.monotonicMs();
  return () => {
    const nowAheadMs = clock.wallMs() - clock.monotonicMs();
    const napMs = nowAheadMs - aheadMs;
    if (napMs < sleepMs) return 0;
    aheadMs = nowAheadMs;
    return napMs;
  };
}
