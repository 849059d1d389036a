// Scenario `premiere`: a new title comes out and draws a crowd.

export const premiereAfterMs = 10_000;
export const crowdShare = 0.6;
export const crowdForMs = 60_000;
export const afterglowShare = 0.1;
export const afterglowFromMs = 600_000;

/**
 * How many of the sessions that start `sinceStartMs` into the run are of the new title (NF021, unknown before): none in
 * the first 10 s, then 60 % for a minute, then ever fewer, down to 10 % at ten minutes after the premiere, and so for ever.
 */
export function premiereShare(sinceStartMs: number): number {
  const sincePremiereMs = sinceStartMs - premiereAfterMs;
  if (sincePremiereMs < 0) return 0;
  if (sincePremiereMs <= crowdForMs) return crowdShare;
  const cooled = Math.min(1, (sincePremiereMs - crowdForMs) / (afterglowFromMs - crowdForMs));
  return crowdShare + (afterglowShare - crowdShare) * cooled;
}
