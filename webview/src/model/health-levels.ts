// Judges the pipeline's health: which figure is fine, which deserves a look, which is bad, and why in a few words.
import type { HealthSnapshot, PartHealth } from '../protocol/index.ts';
import { formatCount, formatSeconds } from './format.ts';

export type Level = 'ok' | 'warn' | 'bad' | 'unknown';

export interface HealthFigure {
  key: string;
  label: string;
  value: string;
  level: Level;
  /** Why it is not fine, or what the figure means. */
  hint: string;
}

/** A backlog is judged by the time it takes to arrive: events divided by the rate. */
const lagWarnSeconds = 5;
const lagBadSeconds = 30;
/** The watermark always stays behind by the out-of-order tolerance; what counts is how much more. */
const watermarkWarnMs = 10_000;
const watermarkBadMs = 50_000;

const unknownHint = 'Not reported.';

function figure(key: string, label: string, value: string, level: Level, hint: string): HealthFigure {
  return { key, label, value, level, hint: level === 'unknown' ? unknownHint : hint };
}

function lagLevel(health: HealthSnapshot): Level {
  const { lagEvents, eventsInPerSecond } = health;
  if (lagEvents === null) return 'unknown';
  const behindSeconds = lagEvents / Math.max(1, eventsInPerSecond ?? 1);
  if (behindSeconds > lagBadSeconds) return 'bad';
  return behindSeconds > lagWarnSeconds ? 'warn' : 'ok';
}

function watermarkLevel(delayMs: number | null, outOfOrderMs: number): Level {
  if (delayMs === null) return 'unknown';
  const extraMs = delayMs - outOfOrderMs;
  if (extraMs > watermarkBadMs) return 'bad';
  return extraMs > watermarkWarnMs ? 'warn' : 'ok';
}

function inputLevel(health: HealthSnapshot): Level {
  if (health.eventsInPerSecond === null) return 'unknown';
  return health.eventsInPerSecond > 0 ? 'ok' : 'warn';
}

function deadLetterLevel(count: number | null, newInMinute: number | null): Level {
  if (count === null) return 'unknown';
  return (newInMinute ?? 0) > 0 ? 'warn' : 'ok';
}

/** The figures of the health line. `newDeadLetters` came within the last minute. */
export function healthFigures(health: HealthSnapshot, newDeadLetters: number | null, outOfOrderMs: number): HealthFigure[] {
  const deadLetterHint =
    (newDeadLetters ?? 0) > 0 ? `${formatCount(newDeadLetters)} within the last minute.` : 'None within the last minute.';
  const input = inputLevel(health);
  const output = health.eventsOutPerSecond;
  return [
    figure(
      'in',
      'Events in',
      `${formatCount(health.eventsInPerSecond)}/s`,
      input,
      input === 'warn' ? 'No events arrive.' : 'Read from the hub.',
    ),
    figure('out', 'Rows out', `${formatCount(output)}/s`, output === null ? 'unknown' : 'ok', 'Written to the outputs.'),
    figure('lag', 'Lag', `${formatCount(health.lagEvents)} events`, lagLevel(health), 'Events in the hub that are not read yet.'),
    figure(
      'watermark',
      'Watermark delay',
      formatSeconds(health.watermarkDelayMs),
      watermarkLevel(health.watermarkDelayMs, outOfOrderMs),
      `Of which ${formatSeconds(outOfOrderMs)} are the out-of-order tolerance.`,
    ),
    figure(
      'dead',
      'Dead letters',
      formatCount(health.deadLetters),
      deadLetterLevel(health.deadLetters, newDeadLetters),
      deadLetterHint,
    ),
  ];
}

export function partLevel(part: PartHealth): Level {
  if (part.state === 'running') return 'ok';
  return part.state === 'failed' ? 'bad' : 'warn';
}

const rank: Readonly<Record<Level, number>> = { unknown: 0, ok: 1, warn: 2, bad: 3 };

/** The worst of several levels; `unknown` when nothing is known. */
export function worstLevel(levels: readonly Level[]): Level {
  return levels.reduce<Level>((worst, level) => (rank[level] > rank[worst] ? level : worst), 'unknown');
}
