/** A run of the generator, from its options to its summary: events go to a hub, a file or the screen at the asked rate. */
import process from 'node:process';
import { createGenerator, type Generator, meanSessionSeconds } from '@asaql/generator';
import type { EventSink } from './event-sink.ts';
import type { GenerateOptions, GenerateSummary, LogLevel } from './generate-options.ts';
import { logLevels } from './generate-options.ts';
import { HubSink } from './hub-sink.ts';
import { Ledger } from './ledger.ts';
import { systemPaceClock } from './pace-clock.ts';
import { type PaceProgress, sendAtOnce, sendPaced } from './paced-sender.ts';
import { StreamSink } from './stream-sink.ts';

/** How long a run that is told to stop still waits for the hub. */
const lastWordsMs = 10_000;

/**
 * Generates until the duration is over or the signal says stop, and resolves with what came of it. Rejects with one
 * clear line where the target cannot be reached or written at all; a hub that comes and goes is waited for.
 */
export async function generateCommand(options: GenerateOptions): Promise<GenerateSummary> {
  const log = createLog(options);
  const signal = options.signal ?? new AbortController().signal;
  const { ledger, sink } = await openSink(options, log, signal);
  const lastWords = limitLastWords(sink, signal, log);
  try {
    // Only now, with the hub in reach: time that passed before is no part of the run.
    const startTimeMs = options.target.kind === 'hub' ? Date.now() : (options.startTimeMs ?? Date.now());
    const { eventsPerSecond, users, seed, scenarios, stateless } = options;
    const generator = createGenerator({ eventsPerSecond, users, seed, scenarios, stateless, startTimeMs });
    log('info', describeRun(options, generator));
    const run = await send(options, generator, sink, startTimeMs, signal, log);
    await sink.flush();
    const summary = {
      seed,
      startTimeMs,
      speedFactor: generator.speedFactor,
      sent: run.sent,
      acknowledged: sink.acknowledged,
      refused: sink.refused,
      elapsedSeconds: run.elapsedMs / 1000,
      ratePerSecond: (sink.acknowledged * 1000) / Math.max(1, run.elapsedMs),
    };
    log('info', describeEnd(summary));
    return summary;
  } finally {
    lastWords.clear();
    await sink.close();
    ledger?.close();
  }
}

type Log = (level: LogLevel, line: string) => void;

function createLog({ logLevel, onLog }: GenerateOptions): Log {
  const write = onLog ?? ((line: string) => process.stderr.write(`${line}\n`));
  return (level, line) => {
    if (logLevels.indexOf(level) <= logLevels.indexOf(logLevel)) write(line);
  };
}

async function openSink(
  options: GenerateOptions,
  log: Log,
  signal: AbortSignal,
): Promise<{ ledger: Ledger | null; sink: EventSink }> {
  const { target } = options;
  if (target.kind === 'file') return { ledger: null, sink: await StreamSink.toFile(target.path) };
  if (target.kind === 'screen') return { ledger: null, sink: StreamSink.toStream(process.stdout) };
  const { seed, users, eventsPerSecond, scenarios, stateless } = options;
  const ledger =
    target.ledgerPath === undefined
      ? null
      : new Ledger(target.ledgerPath, { startTimeMs: Date.now(), seed, users, eventsPerSecond, scenarios, stateless });
  try {
    const sink = await HubSink.open(
      { connection: target.connection, hub: target.hub, ledger, onNotice: (line) => log('warn', line) },
      signal,
    );
    return { ledger, sink };
  } catch (error) {
    ledger?.close();
    throw error;
  }
}

async function send(
  options: GenerateOptions,
  generator: Generator,
  sink: EventSink,
  startTimeMs: number,
  signal: AbortSignal,
  log: Log,
): Promise<{ sent: number; elapsedMs: number }> {
  const durationMs = options.durationSeconds === null ? Number.POSITIVE_INFINITY : options.durationSeconds * 1000;
  if (options.target.kind === 'file' && options.durationSeconds !== null) {
    const beganMs = performance.now();
    const sent = await sendAtOnce({ generator, sink, startTimeMs, durationMs, signal });
    return { sent, elapsedMs: performance.now() - beganMs };
  }
  const onProgress = (progress: PaceProgress) => {
    log('debug', `${progress.sent} sent, ${progress.acknowledged} acknowledged, ${progress.ratePerSecond.toFixed(0)} events/s`);
    options.onProgress?.(progress);
  };
  return sendPaced({ generator, sink, clock: systemPaceClock, startTimeMs, durationMs, signal, onProgress });
}

/** Once the run is told to stop, the hub has some seconds left to acknowledge what is under way; then the sink is closed. */
function limitLastWords(sink: EventSink, signal: AbortSignal, log: Log): { readonly clear: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const onStop = () => {
    timer = setTimeout(() => {
      log('warn', `Stopped before everything was acknowledged: ${sink.acknowledged} events were.`);
      void sink.close();
    }, lastWordsMs);
  };
  if (signal.aborted) onStop();
  else signal.addEventListener('abort', onStop, { once: true });
  return {
    clear() {
      clearTimeout(timer);
      signal.removeEventListener('abort', onStop);
    },
  };
}

function describeRun(
  { eventsPerSecond, users, seed, scenarios, stateless, durationSeconds }: GenerateOptions,
  generator: Generator,
): string {
  const length = durationSeconds === null ? 'until stopped' : `for ${durationSeconds} s`;
  const sessions = stateless
    ? 'every event alone'
    : `sessions ${generator.speedFactor.toFixed(1)} times as fast as the clock (one lasts ${(meanSessionSeconds / generator.speedFactor).toFixed(1)} s)`;
  const names = scenarios.length === 0 ? '' : `, scenarios ${scenarios.join(', ')}`;
  return `Generating ${eventsPerSecond} events/s of ${users} users ${length}, seed ${seed}, ${sessions}${names}.`;
}

function describeEnd({ sent, acknowledged, refused, elapsedSeconds, ratePerSecond }: GenerateSummary): string {
  const rest = refused === 0 ? '' : `, ${refused} refused`;
  return `${sent} events sent, ${acknowledged} acknowledged${rest} in ${elapsedSeconds.toFixed(1)} s: ${ratePerSecond.toFixed(1)} events/s.`;
}
