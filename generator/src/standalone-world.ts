// The world without memory (`--stateless`): every event is of a session of its own, so that each kind has just the share
// asked for at any time.
import { createAudience } from './audience.ts';
import { composeEvent } from './compose-event.ts';
import { eventTypes } from './playback-event.ts';
import { createRandomStream, createWeightedChoice } from './random-stream.ts';
import { isStormCity, stormDuring, stormStallShare } from './scenarios/buffer-storm.ts';
import type { ScenarioName } from './scenarios/scenario-names.ts';
import { drawViewing, planSingleStep, stallAt } from './session.ts';
import { nextUuid } from './uuid.ts';
import { createChooser, type Happening, type World, type WorldOptions } from './world.ts';

/** How often each event type comes, in the order of `eventTypes`, in per cent. */
export const standaloneWeights = [30, 15, 20, 25, 10] as const;

const chooseType = createWeightedChoice(eventTypes, standaloneWeights);

export function createStandaloneWorld(options: WorldOptions): World {
  const { seed, startTimeMs } = options;
  const audience = createAudience(seed, options.users);
  const stream = createRandomStream(seed, 'events');
  const stormStream = createRandomStream(seed, 'buffer-storm');
  const ids = createRandomStream(seed, `standalone ids ${startTimeMs}`);
  const choose = createChooser(options);

  return {
    next(nowMs): Happening {
      const { title, latenessMs, scenarios } = choose(stream, nowMs);
      const viewing = drawViewing(stream, ids, audience.anyone(stream), title, latenessMs, scenarios);
      const usual = planSingleStep(stream, title, chooseType(stream));
      const sinceStartMs = nowMs - startTimeMs;
      const isStormy =
        options.scenarios.has('buffer-storm') &&
        isStormCity(viewing.user.home.location) &&
        stormDuring(sinceStartMs, sinceStartMs + 1) !== undefined &&
        stormStream.chance(stormStallShare);
      const step = isStormy ? stallAt(stormStream, stormStream.between(1, title.lengthSeconds - 1), true) : usual;
      const marks: readonly ScenarioName[] = isStormy ? [...scenarios, 'buffer-storm'] : scenarios;
      const eventTimeMs = nowMs - latenessMs;
      return { event: composeEvent(nextUuid(ids), eventTimeMs, viewing, step), eventTimeMs, scenarios: marks };
    },
  };
}
