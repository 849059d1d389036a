// What a world of viewers is to the generator: something that, asked at a time, always has one event to tell of.
import type { Title } from './catalogue.ts';
import { premiereTitle } from './catalogue.ts';
import type { PlaybackEvent } from './playback-event.ts';
import { createRandomStream, type RandomStream } from './random-stream.ts';
import { drawLatenessMs } from './scenarios/late.ts';
import { premiereShare } from './scenarios/premiere.ts';
import type { ScenarioName } from './scenarios/scenario-names.ts';
import { drawTitle } from './session.ts';

export interface Happening {
  readonly event: PlaybackEvent;
  readonly eventTimeMs: number;
  readonly scenarios: readonly ScenarioName[];
}

export interface World {
  /** The event of the moment `nowMs` (never before that of the call before). */
  next(nowMs: number): Happening;
}

export interface WorldOptions {
  readonly seed: number;
  readonly users: number;
  readonly startTimeMs: number;
  readonly scenarios: ReadonlySet<ScenarioName>;
}

/** What is settled when someone begins to watch, and which scenarios had a hand in it. */
export interface Choice {
  readonly title: Title;
  readonly latenessMs: number;
  readonly scenarios: readonly ScenarioName[];
}

/** Chooses titles and lateness as the scenarios want it; each scenario draws from a stream of its own. */
export function createChooser({ seed, startTimeMs, scenarios }: WorldOptions): (stream: RandomStream, nowMs: number) => Choice {
  const lateStream = createRandomStream(seed, 'late');
  const premiereStream = createRandomStream(seed, 'premiere');
  return (stream, nowMs) => {
    const usual = drawTitle(stream);
    const isPremiere = scenarios.has('premiere') && premiereStream.chance(premiereShare(nowMs - startTimeMs));
    const latenessMs = scenarios.has('late') ? drawLatenessMs(lateStream) : 0;
    const marks: ScenarioName[] = [];
    if (latenessMs > 0) marks.push('late');
    if (isPremiere) marks.push('premiere');
    return { title: isPremiere ? premiereTitle : usual, latenessMs, scenarios: marks };
  };
}
