// The users: who each one is (stable, decided by the seed and the user's number) and who watches next. A tenth of the
// users brings a third of the sessions, so that there are power viewers and rare ones.
import { type City, cities } from './cities.ts';
import { type DeviceType, deviceTypes, type SubscriptionTier, subscriptionTiers } from './playback-event.ts';
import { createRandomStream, createWeightedChoice, type RandomStream } from './random-stream.ts';

export interface Device {
  readonly type: DeviceType;
  readonly id: string;
}

export interface User {
  /** `U0000000` and up. */
  readonly id: string;
  readonly tier: SubscriptionTier;
  readonly home: City;
  readonly devices: readonly Device[];
  readonly profileIds: readonly string[];
}

/** How often each device type is used, in the order of `deviceTypes`, in per cent. */
export const deviceWeights = [35, 28, 10, 12, 8, 7] as const;
/** How many users have each subscription, in the order of `subscriptionTiers`, in per cent. */
export const tierWeights = [20, 50, 30] as const;

const chooseDeviceType = createWeightedChoice(deviceTypes, deviceWeights);
const chooseTier = createWeightedChoice(subscriptionTiers, tierWeights);
const chooseCity = createWeightedChoice(
  cities,
  cities.map((each) => each.weight),
);
const chooseDeviceCount = createWeightedChoice([1, 2, 3, 4], [30, 40, 20, 10]);

export interface Audience {
  /** Someone who starts to watch; who watches already only where everyone does (then on a second screen). */
  sitDown(stream: RandomStream): User;
  /** Anyone at all, watching or not. */
  anyone(stream: RandomStream): User;
  /** The session of `user` is over. */
  getUp(user: User): void;
}

export function createAudience(seed: number, count: number): Audience {
  const users: (User | undefined)[] = new Array(count);
  const streamsOf = new Uint32Array(count);
  let watching = 0;
  const stride = strideOf(count);

  const user = (number: number) => (users[number] ??= drawUser(seed, number));
  // Squaring makes low ranks frequent; the stride spreads the ranks over all user numbers.
  const draw = (stream: RandomStream) => (Math.floor(count * stream.fraction() ** 2) * stride) % count;

  function drawIdle(stream: RandomStream): number {
    for (let attempt = 0; attempt < 4; attempt++) {
      const number = draw(stream);
      if (streamsOf[number] === 0) return number;
    }
    let number = stream.index(count);
    while (streamsOf[number] !== 0) number = (number + 1) % count;
    return number;
  }

  return {
    anyone: (stream) => user(draw(stream)),
    sitDown(stream) {
      const number = watching < count ? drawIdle(stream) : draw(stream);
      if (streamsOf[number] === 0) watching++;
      streamsOf[number] = (streamsOf[number] ?? 0) + 1;
      return user(number);
    },
    getUp({ id }) {
      const number = Number(id.slice(1));
      streamsOf[number] = (streamsOf[number] ?? 1) - 1;
      if (streamsOf[number] === 0) watching--;
    },
  };
}

function drawUser(seed: number, number: number): User {
  const stream = createRandomStream(seed, `user ${number}`);
  const id = `U${String(number).padStart(7, '0')}`;
  const tier = chooseTier(stream);
  const home = chooseCity(stream);
  const devices = Array.from({ length: chooseDeviceCount(stream) }, () => ({
    type: chooseDeviceType(stream),
    id: `D${stream.uint32().toString(16).padStart(8, '0')}`,
  }));
  const profileIds = Array.from({ length: stream.between(1, 4) }, (_, index) => `${id}-P${index + 1}`);
  return { id, tier, home, devices, profileIds };
}

/** A step that visits all of `count` numbers before it repeats one: near the golden section, and without a common divisor. */
function strideOf(count: number): number {
  let stride = Math.max(1, Math.floor(count * 0.618));
  while (greatestDivisor(stride, count) !== 1) stride++;
  return stride;
}

function greatestDivisor(left: number, right: number): number {
  return right === 0 ? left : greatestDivisor(right, left % right);
}
