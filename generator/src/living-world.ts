// The world of living sessions. Asked for an event, it tells of the session step that is due; where none is, somebody
// starts to watch. So the asked rate is met exactly from the first event on, and the number of viewers settles by itself.
import { createAudience } from './audience.ts';
import { composeEvent } from './compose-event.ts';
import { createRandomStream, type RandomStream } from './random-stream.ts';
import { isStormCity, stormDuring, stormStalls } from './scenarios/buffer-storm.ts';
import type { ScenarioName } from './scenarios/scenario-names.ts';
import { drawPositions, drawViewing, planSteps, type Step, stallAt, type Viewing } from './session.ts';
import { createTimeHeap } from './time-heap.ts';
import { nextUuid } from './uuid.ts';
import { createChooser, type Happening, type World, type WorldOptions } from './world.ts';

interface LiveSession {
  readonly viewing: Viewing;
  readonly steps: readonly Step[];
  /** The steps that are there only for the storm. */
  readonly stormSteps: ReadonlySet<Step>;
  told: number;
}

export interface LivingWorldOptions extends WorldOptions {
  /** How many seconds of a title pass in a second of the clock. */
  readonly speedFactor: number;
}

const noSteps: ReadonlySet<Step> = new Set();

export function createLivingWorld(options: LivingWorldOptions): World {
  const { seed, startTimeMs, speedFactor } = options;
  const audience = createAudience(seed, options.users);
  const stream = createRandomStream(seed, 'sessions');
  const stormStream = createRandomStream(seed, 'buffer-storm');
  // A run of another time has other ids: two runs of one seed may meet in one store.
  const ids = createRandomStream(seed, `session ids ${startTimeMs}`);
  const choose = createChooser(options);
  const due = createTimeHeap<LiveSession>();

  function open(nowMs: number): LiveSession {
    const { title, latenessMs, scenarios } = choose(stream, nowMs);
    const user = audience.sitDown(stream);
    const viewing = drawViewing(stream, ids, user, title, latenessMs, scenarios);
    const steps = planSteps(stream, title);
    const hasStorm = options.scenarios.has('buffer-storm') && isStormCity(user.home.location);
    const stormSteps = hasStorm ? planStormSteps(stormStream, steps, nowMs - startTimeMs, speedFactor) : noSteps;
    const all =
      stormSteps.size === 0
        ? steps
        : [...steps, ...stormSteps].sort((left, right) => left.positionSeconds - right.positionSeconds);
    return { viewing, steps: all, stormSteps, told: 0 };
  }

  return {
    next(nowMs): Happening {
      const session = due.nextTimeMs <= nowMs ? due.pop() : open(nowMs);
      const { viewing, steps } = session;
      const step = steps[session.told++];
      const following = steps[session.told];
      if (!step) throw new Error(`Session ${viewing.sessionId} has ended already.`);
      if (following) {
        const seconds = following.positionSeconds - step.positionSeconds + step.standstillSeconds;
        due.push(nowMs + (seconds * 1000) / speedFactor, session);
      } else {
        audience.getUp(viewing.user);
      }
      const eventTimeMs = nowMs - viewing.latenessMs;
      const scenarios: readonly ScenarioName[] = session.stormSteps.has(step)
        ? [...viewing.scenarios, 'buffer-storm']
        : viewing.scenarios;
      return { event: composeEvent(nextUuid(ids), eventTimeMs, viewing, step), eventTimeMs, scenarios };
    },
  };
}

/** The stalls that a storm adds to a session that starts `sinceStartMs` into the run: at positions of their own. */
function planStormSteps(
  stream: RandomStream,
  steps: readonly Step[],
  sinceStartMs: number,
  speedFactor: number,
): ReadonlySet<Step> {
  const endSeconds = steps.at(-1)?.positionSeconds ?? 0;
  const storm = stormDuring(sinceStartMs, sinceStartMs + (endSeconds * 1000) / speedFactor);
  if (!storm) return noSteps;
  const positionAt = (timeMs: number) => Math.floor(((timeMs - sinceStartMs) * speedFactor) / 1000);
  const least = Math.max(1, positionAt(storm.fromMs));
  const most = Math.min(endSeconds - 1, positionAt(storm.untilMs));
  if (most <= least) return noSteps;
  const taken = new Set(steps.map((step) => step.positionSeconds));
  const positions = drawPositions(stream, stream.between(stormStalls.least, stormStalls.most), least, most, taken);
  return new Set(positions.map((position) => stallAt(stream, position, true)));
}
