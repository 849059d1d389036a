// The generator: a world of viewers, and what the scenarios do to its events on their way. It has no clock: its time is
// the time at which each event is to be sent, one at every 1 / eventsPerSecond from the start on, whoever paces it.
import { createLivingWorld } from './living-world.ts';
import { createRandomStream } from './random-stream.ts';
import { drawRepeatAfterMs } from './scenarios/duplicates.ts';
import { type MalformedFault, malformedBody, malformedFaults, malformedShare } from './scenarios/malformed.ts';
import { drawHoldBackMs } from './scenarios/out-of-order.ts';
import { type ScenarioName, scenarioNames } from './scenarios/scenario-names.ts';
import { speedFactorFor } from './speed-factor.ts';
import { createStandaloneWorld } from './standalone-world.ts';
import { createTimeHeap } from './time-heap.ts';
import type { Happening } from './world.ts';

export const usersMax = 10_000_000;
export const eventsPerSecondMax = 1_000_000;

export interface GeneratorOptions {
  /** Any safe integer. With the same options, the same seed gives the same bytes. */
  readonly seed: number;
  readonly users: number;
  readonly eventsPerSecond: number;
  /** When the first event is sent: whole milliseconds since 1970. Event ids differ from one start time to another. */
  readonly startTimeMs: number;
  readonly scenarios?: readonly ScenarioName[];
  /** Every event stands alone, without a living session around it. */
  readonly stateless?: boolean;
  /** Overrides the computed one: seconds of a title that pass in a second of the clock. */
  readonly speedFactor?: number;
}

interface Sending {
  /** UTF-8 text, or bytes where these are no text. */
  readonly body: string | Uint8Array;
  /** When it is to be sent: never before `eventTimeMs`, and never before the one before it. */
  readonly sendTimeMs: number;
  readonly eventTimeMs: number;
  /** The partition key. */
  readonly userId: string;
  /** The scenarios that made this event what it is. `duplicates` marks the repetition, not the first sending. */
  readonly scenarios: readonly ScenarioName[];
}

export interface ValidEvent extends Sending {
  readonly kind: 'valid';
  readonly eventId: string;
  readonly body: string;
}

export interface MalformedEvent extends Sending {
  readonly kind: 'malformed';
  readonly eventId: null;
  readonly fault: MalformedFault;
}

export type GeneratedEvent = ValidEvent | MalformedEvent;

export interface Generator {
  /** Seconds of a title that pass in a second of the clock; 1 where every event stands alone. */
  readonly speedFactor: number;
  /** The send time of the next event. */
  readonly nextSendTimeMs: number;
  /** The next event. There always is one. */
  next(): GeneratedEvent;
  /** The next `count` events. */
  take(count: number): GeneratedEvent[];
  /** All further events that are to be sent before `sendTimeMs`, at most `countMax` of them. */
  takeUntil(sendTimeMs: number, countMax?: number): GeneratedEvent[];
  /** Leaves out the slots before `sendTimeMs`: nobody watched for a while. Sessions go on where they were. */
  skipTo(sendTimeMs: number): void;
}

/** Throws a RangeError that names the option where one is out of range. */
export function createGenerator(options: GeneratorOptions): Generator {
  assertOptions(options);
  const { seed, users, eventsPerSecond, startTimeMs } = options;
  const scenarios = new Set(options.scenarios);
  const speedFactor = options.stateless ? 1 : (options.speedFactor ?? speedFactorFor(eventsPerSecond, users));
  const worldOptions = { seed, users, startTimeMs, scenarios };
  const world = options.stateless ? createStandaloneWorld(worldOptions) : createLivingWorld({ ...worldOptions, speedFactor });
  const nextMalformed = createMalformedSource(options);
  const holdBackStream = createRandomStream(seed, 'out-of-order');
  const repeatStream = createRandomStream(seed, 'duplicates');
  const malformedStream = createRandomStream(seed, 'malformed');
  /** Events that were held back, and repetitions, by the time at which they are to be sent. */
  const waiting = createTimeHeap<ValidEvent>();
  let slot = 0;

  // Counted from the start, not added up, so that no error grows.
  const slotTimeMs = () => startTimeMs + Math.floor((slot * 1000) / eventsPerSecond);

  function leave(event: ValidEvent): ValidEvent {
    const afterMs =
      scenarios.has('duplicates') && !event.scenarios.includes('duplicates') ? drawRepeatAfterMs(repeatStream) : undefined;
    if (afterMs !== undefined)
      waiting.push(event.sendTimeMs + afterMs, { ...event, scenarios: [...event.scenarios, 'duplicates'] });
    return event;
  }

  function next(): GeneratedEvent {
    const sendTimeMs = slotTimeMs();
    slot++;
    if (scenarios.has('malformed') && malformedStream.chance(malformedShare)) return nextMalformed(sendTimeMs);
    if (waiting.nextTimeMs <= sendTimeMs) return leave({ ...waiting.pop(), sendTimeMs });
    for (;;) {
      const event = validEvent(world.next(sendTimeMs), sendTimeMs);
      const holdBackMs = scenarios.has('out-of-order') ? drawHoldBackMs(holdBackStream) : 0;
      if (holdBackMs === 0) return leave(event);
      waiting.push(sendTimeMs + holdBackMs, { ...event, scenarios: [...event.scenarios, 'out-of-order'] });
    }
  }

  return {
    speedFactor,
    get nextSendTimeMs() {
      return slotTimeMs();
    },
    next,
    take: (count) => Array.from({ length: count }, next),
    takeUntil(sendTimeMs, countMax = Number.POSITIVE_INFINITY) {
      const events: GeneratedEvent[] = [];
      while (events.length < countMax && slotTimeMs() < sendTimeMs) events.push(next());
      return events;
    },
    skipTo(sendTimeMs) {
      slot = Math.max(slot, Math.ceil(((sendTimeMs - startTimeMs) * eventsPerSecond) / 1000));
    },
  };
}

function validEvent({ event, eventTimeMs, scenarios }: Happening, sendTimeMs: number): ValidEvent {
  return {
    kind: 'valid',
    body: JSON.stringify(event),
    sendTimeMs,
    eventTimeMs,
    eventId: event.event_id,
    userId: event.user_id,
    scenarios,
  };
}

/** Malformed bodies, made from events of a world that is seen nowhere else. */
function createMalformedSource({ seed, users, startTimeMs }: GeneratorOptions): (sendTimeMs: number) => MalformedEvent {
  const stream = createRandomStream(seed, 'malformed bodies');
  const unseen = createStandaloneWorld({ seed: stream.uint32(), users, startTimeMs, scenarios: new Set() });
  return (sendTimeMs) => {
    const { event } = unseen.next(sendTimeMs);
    const fault = malformedFaults[stream.index(malformedFaults.length)] ?? 'broken-json';
    const body = malformedBody(stream, event, fault);
    return {
      kind: 'malformed',
      body,
      sendTimeMs,
      eventTimeMs: sendTimeMs,
      eventId: null,
      userId: event.user_id,
      fault,
      scenarios: ['malformed'],
    };
  };
}

function assertOptions({ seed, users, eventsPerSecond, startTimeMs, scenarios, speedFactor }: GeneratorOptions): void {
  const isWhole = Number.isSafeInteger;
  if (!isWhole(seed)) throw new RangeError(`seed must be a whole number, not ${seed}.`);
  if (!isWhole(users) || users < 1 || users > usersMax)
    throw new RangeError(`users must be a whole number of 1 to ${usersMax}, not ${users}.`);
  if (!(eventsPerSecond > 0 && eventsPerSecond <= eventsPerSecondMax)) {
    throw new RangeError(`eventsPerSecond must be above 0 and at most ${eventsPerSecondMax}, not ${eventsPerSecond}.`);
  }
  if (!isWhole(startTimeMs)) throw new RangeError(`startTimeMs must be whole milliseconds, not ${startTimeMs}.`);
  if (speedFactor !== undefined && !(speedFactor > 0 && speedFactor < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`speedFactor must be above 0, not ${speedFactor}.`);
  }
  const unknown = scenarios?.find((name) => !scenarioNames.includes(name));
  if (unknown !== undefined) throw new RangeError(`scenario "${unknown}" is unknown: one of ${scenarioNames.join(', ')}.`);
}
