/** `asaql generate --dry-run`: what a run would send, told without sending it. Time is only told, so it takes a moment. */
import {
  createGenerator,
  eventsPerSession,
  eventTypes,
  type GeneratedEvent,
  type GeneratorOptions,
  meanSessionSeconds,
} from '@asaql/generator';

export interface DryRun {
  readonly seed: number;
  readonly eventsPerSecond: number;
  readonly users: number;
  readonly seconds: number;
  readonly events: number;
  readonly speedFactor: number;
  /** How many watch at one time in the long run; null where every event stands alone. */
  readonly viewers: number | null;
  readonly bytesPerEvent: number;
  /** Shares of the event types among the valid events, in per cent; the first seconds of a run have more starts. */
  readonly mix: Readonly<Record<string, number>>;
  /** How many events each scenario has touched. */
  readonly scenarios: Readonly<Record<string, number>>;
  /** One body of each event type that occurred. */
  readonly samples: readonly string[];
}

/** A run begins with starts alone: it takes some minutes for the mix of the long run to show. */
const secondsWithout = 600;
const eventsMax = 2_000_000;

/** Runs `durationSeconds` (ten minutes where null, two million events at most) of told time. */
export function dryRun(options: GeneratorOptions, durationSeconds: number | null): DryRun {
  const generator = createGenerator(options);
  const seconds = durationSeconds ?? secondsWithout;
  const typeCounts = new Map<string, number>();
  const scenarioCounts = new Map<string, number>((options.scenarios ?? []).map((name) => [name, 0]));
  const samples = new Map<string, string>();
  let events = 0;
  let bytes = 0;
  for (; generator.nextSendTimeMs < options.startTimeMs + seconds * 1000 && events < eventsMax; events++) {
    const event = generator.next();
    bytes += Buffer.byteLength(event.body);
    for (const name of event.scenarios) scenarioCounts.set(name, (scenarioCounts.get(name) ?? 0) + 1);
    if (event.kind === 'malformed') continue;
    const type = typeOf(event);
    typeCounts.set(type, (typeCounts.get(type) ?? 0) + 1);
    if (!samples.has(type)) samples.set(type, event.body);
  }
  const valid = [...typeCounts.values()].reduce((sum, count) => sum + count, 0);
  const viewers = ((options.eventsPerSecond / eventsPerSession) * meanSessionSeconds) / generator.speedFactor;
  return {
    seed: options.seed,
    eventsPerSecond: options.eventsPerSecond,
    users: options.users,
    seconds: Math.min(seconds, events / options.eventsPerSecond),
    events,
    speedFactor: generator.speedFactor,
    viewers: options.stateless ? null : Math.round(viewers),
    bytesPerEvent: Math.round(bytes / Math.max(1, events)),
    mix: Object.fromEntries(eventTypes.map((type) => [type, (100 * (typeCounts.get(type) ?? 0)) / Math.max(1, valid)])),
    scenarios: Object.fromEntries(scenarioCounts),
    samples: eventTypes.flatMap((type) => samples.get(type) ?? []),
  };
}

/** The dry run as lines for a person. */
export function describeDryRun(run: DryRun): string {
  const kilobytes = (run.bytesPerEvent * run.eventsPerSecond) / 1000;
  const sessions =
    run.viewers === null
      ? 'every event stands alone'
      : `sessions run ${run.speedFactor.toFixed(1)} times as fast as the clock; about ${run.viewers} users watch at a time`;
  return [
    `${run.eventsPerSecond} events/s of ${run.users} users, seed ${run.seed}: ${sessions}.`,
    `${run.events} events in ${Math.round(run.seconds)} s of told time, ${run.bytesPerEvent} bytes each, ${kilobytes.toFixed(0)} kB/s.`,
    ...Object.entries(run.mix).map(([type, share]) => `  ${type.padEnd(16)}${share.toFixed(1).padStart(5)} %`),
    ...Object.entries(run.scenarios).map(([name, count]) => `  scenario ${name}: ${count} events`),
    'One event of each kind:',
    ...run.samples,
    '',
  ].join('\n');
}

function typeOf(event: Extract<GeneratedEvent, { kind: 'valid' }>): string {
  return (JSON.parse(event.body) as { event_type: string }).event_type;
}
