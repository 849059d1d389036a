// How much faster than the clock sessions must run, so that so many users bring about so many events a second.
import { eventsPerSession, meanSessionSeconds } from './session.ts';

/** How many of the users watch at one time, at most. */
export const watchingShareMax = 0.3;
/** How long a session lasts on the clock on average, at most: a run of a minute shall see whole lives of sessions. */
export const clockSecondsMax = 10;

/**
 * Seconds of a title that pass in one second of the clock. In a steady state `eventsPerSecond / eventsPerSession` sessions
 * start each second, and each lasts so long that at most 30 % of the users watch at a time, and ten seconds at most.
 */
export function speedFactorFor(eventsPerSecond: number, users: number): number {
  const sessionsPerSecond = eventsPerSecond / eventsPerSession;
  const clockSeconds = Math.min(clockSecondsMax, (watchingShareMax * users) / sessionsPerSecond);
  return meanSessionSeconds / clockSeconds;
}
