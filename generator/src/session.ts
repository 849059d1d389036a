// One viewing session and what happens in it: a start, pauses and stalls on the way, and one end. Times here are seconds
// of the title; how fast they pass on the clock is the living world's affair.
import type { Audience, Device, User } from './audience.ts';
import { type Title, titles } from './catalogue.ts';
import type { EventType, QualitySettings } from './playback-event.ts';
import { drawQuality } from './quality.ts';
import { createWeightedChoice, type RandomStream } from './random-stream.ts';
import type { ScenarioName } from './scenarios/scenario-names.ts';
import { nextUuid } from './uuid.ts';

/** What happens at one moment of a session. */
export interface Step {
  readonly type: EventType;
  readonly positionSeconds: number;
  /** How long the title stands still from here on, in seconds as the viewer feels them. */
  readonly standstillSeconds: number;
  readonly bufferDurationMs?: number | undefined;
  readonly errorCode?: string | undefined;
}

/** Who watches what, on what, and in which picture. */
export interface Viewing {
  readonly sessionId: string;
  readonly user: User;
  readonly device: Device;
  readonly profileId: string;
  readonly title: Title;
  readonly quality: QualitySettings;
  /** How far the event times of this session lie behind the sending. */
  readonly latenessMs: number;
  readonly scenarios: readonly ScenarioName[];
}

// With one start and one end in each session, these make 37.5 % starts, 15 % pauses, 16.7 % stops, 20.8 % completions and 10 % stalls.
export const completionShare = 25 / 45;
export const pausesPerSession = 15 / 37.5;
export const stallsPerSession = 10 / 37.5;
export const eventsPerSession = 2 + pausesPerSession + stallsPerSession;

const pauseSeconds = { least: 30, most: 600 };
const stopPart = { least: 0.02, most: 0.95 };

/** How long a session lasts on average, in seconds as the viewer feels them (stalls, mere seconds, left aside). */
export const meanSessionSeconds = (() => {
  const popularity = titles.reduce((sum, title) => sum + title.popularity, 0);
  const length = titles.reduce((sum, title) => sum + title.lengthSeconds * title.popularity, 0) / popularity;
  const watchedPart = completionShare + ((1 - completionShare) * (stopPart.least + stopPart.most)) / 2;
  return length * watchedPart + (pausesPerSession * (pauseSeconds.least + pauseSeconds.most)) / 2;
})();

const chooseErrorCode = createWeightedChoice(['NET-1003', 'NET-1011', 'DRM-2004', 'DEC-3002', 'CDN-5030'], [40, 25, 10, 10, 15]);
const chooseTitleByTaste = createWeightedChoice(
  titles,
  titles.map((title) => title.popularity),
);

/** A title, as likely as it is popular. */
export const drawTitle = (stream: RandomStream): Title => chooseTitleByTaste(stream);

/** Seats someone of the audience before `title`. `ids` names the session, `stream` decides the rest. */
export function drawViewing(
  stream: RandomStream,
  ids: RandomStream,
  user: ReturnType<Audience['anyone']>,
  title: Title,
  latenessMs: number,
  scenarios: readonly ScenarioName[],
): Viewing {
  const device = user.devices[stream.index(user.devices.length)];
  const profileId = user.profileIds[stream.index(user.profileIds.length)];
  if (!device || !profileId) throw new Error(`User ${user.id} has no device or no profile.`);
  const quality = drawQuality(stream, user.tier, device.type);
  return { sessionId: nextUuid(ids), user, device, profileId, title, quality, latenessMs, scenarios };
}

/** What will happen while `title` is watched, in order: positions grow strictly, the first is 0, the last step ends it. */
export function planSteps(stream: RandomStream, title: Title): Step[] {
  const isComplete = stream.chance(completionShare);
  const end = isComplete ? title.lengthSeconds : stopAt(stream, title);
  const pauses = stream.poisson(pausesPerSession);
  const stalls = stream.poisson(stallsPerSession);
  const positions = drawPositions(stream, pauses + stalls, 1, end - 1, new Set());
  const between = positions.map((position, at) => (at < pauses ? pauseAt(stream, position) : stallAt(stream, position)));
  return [
    { type: 'video_start', positionSeconds: 0, standstillSeconds: 0 },
    ...between.sort((left, right) => left.positionSeconds - right.positionSeconds),
    isComplete ? { type: 'video_complete', positionSeconds: end, standstillSeconds: 0 } : stopStep(stream, end),
  ];
}

/** One step torn out of any session, for events that stand alone. */
export function planSingleStep(stream: RandomStream, title: Title, type: EventType): Step {
  if (type === 'video_start') return { type, positionSeconds: 0, standstillSeconds: 0 };
  if (type === 'video_complete') return { type, positionSeconds: title.lengthSeconds, standstillSeconds: 0 };
  const position = stopAt(stream, title);
  if (type === 'video_pause') return pauseAt(stream, position);
  return type === 'video_stop' ? stopStep(stream, position) : stallAt(stream, position);
}

/** A stall of 500 to 15,000 ms: short ones are frequent, long ones rare. A `heavy` one lasts 4,000 ms and more. */
export function stallAt(stream: RandomStream, positionSeconds: number, heavy = false): Step {
  const bufferDurationMs = heavy ? stream.between(4000, 15000) : Math.round(500 * 30 ** (stream.fraction() ** 2));
  const step: Step = { type: 'buffer_event', positionSeconds, standstillSeconds: bufferDurationMs / 1000, bufferDurationMs };
  return stream.chance(0.06) ? { ...step, errorCode: chooseErrorCode(stream) } : step;
}

/** At most `count` whole positions of `least` … `most` that differ from each other and from the `taken` ones. */
export function drawPositions(
  stream: RandomStream,
  count: number,
  least: number,
  most: number,
  taken: ReadonlySet<number>,
): number[] {
  const drawn = new Set<number>();
  for (let attempt = 0; drawn.size < count && attempt < 4 * count; attempt++) {
    const position = stream.between(least, most);
    if (!taken.has(position)) drawn.add(position);
  }
  return [...drawn];
}

function stopAt(stream: RandomStream, title: Title): number {
  const part = stopPart.least + (stopPart.most - stopPart.least) * stream.fraction();
  return Math.floor(title.lengthSeconds * part);
}

function stopStep(stream: RandomStream, positionSeconds: number): Step {
  const step: Step = { type: 'video_stop', positionSeconds, standstillSeconds: 0 };
  return stream.chance(0.04) ? { ...step, errorCode: chooseErrorCode(stream) } : step;
}

function pauseAt(stream: RandomStream, positionSeconds: number): Step {
  return { type: 'video_pause', positionSeconds, standstillSeconds: stream.between(pauseSeconds.least, pauseSeconds.most) };
}
