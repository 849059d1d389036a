/**
 * The length of the shortest way between two points of the Earth (the WGS 84 ellipsoid). Must not know shapes in the plane.
 */
import type { Position } from './geometry.ts';

const equatorRadiusM = 6_378_137;
const flattening = 1 / 298.257223563;
const poleRadiusM = equatorRadiusM * (1 - flattening);

/** In metres, to less than a millimetre: T. Vincenty, Survey Review XXIII (1975), "Direct and inverse solutions of geodesics". */
export function geodesicDistanceM(from: Position, to: Position): number {
  return vincentyM(from, to) ?? nearlyAntipodalM(from, to);
}

const iterationsMax = 100;

/** Null when the points are so nearly opposite that the formula does not settle. */
function vincentyM([fromX, fromY]: Position, [toX, toY]: Position): number | null {
  const difference = longitudeDifference(radians(toX - fromX));
  const reducedFrom = Math.atan((1 - flattening) * Math.tan(radians(fromY)));
  const reducedTo = Math.atan((1 - flattening) * Math.tan(radians(toY)));
  const [sinFrom, cosFrom] = [Math.sin(reducedFrom), Math.cos(reducedFrom)];
  const [sinTo, cosTo] = [Math.sin(reducedTo), Math.cos(reducedTo)];
  let lambda = difference;
  for (let iteration = 0; iteration < iterationsMax; iteration += 1) {
    const sinSigma = Math.hypot(cosTo * Math.sin(lambda), cosFrom * sinTo - sinFrom * cosTo * Math.cos(lambda));
    if (sinSigma === 0 && Math.abs(difference) < 1) return 0;
    const cosSigma = sinFrom * sinTo + cosFrom * cosTo * Math.cos(lambda);
    const sigma = Math.atan2(sinSigma, cosSigma);
    const sinAlpha = sinSigma === 0 ? 0 : (cosFrom * cosTo * Math.sin(lambda)) / sinSigma;
    const cosSquaredAlpha = 1 - sinAlpha * sinAlpha;
    // On the equator there is no middle point of its own.
    const cosMiddle = cosSquaredAlpha < 1e-15 ? 0 : cosSigma - (2 * sinFrom * sinTo) / cosSquaredAlpha;
    const c = (flattening / 16) * cosSquaredAlpha * (4 + flattening * (4 - 3 * cosSquaredAlpha));
    const next =
      difference +
      (1 - c) * flattening * sinAlpha * (sigma + c * sinSigma * (cosMiddle + c * cosSigma * (2 * cosMiddle * cosMiddle - 1)));
    if (Math.abs(next) > Math.PI) return null;
    if (Math.abs(next - lambda) < 1e-13) return lengthM(cosSquaredAlpha, sigma, sinSigma, cosSigma, cosMiddle);
    lambda = next;
  }
  return null;
}

function lengthM(cosSquaredAlpha: number, sigma: number, sinSigma: number, cosSigma: number, cosMiddle: number): number {
  const u = cosSquaredAlpha * ((equatorRadiusM / poleRadiusM) ** 2 - 1);
  const a = 1 + (u / 16384) * (4096 + u * (u * (320 - 175 * u) - 768));
  const b = (u / 1024) * (256 + u * (u * (74 - 47 * u) - 128));
  const square = cosMiddle * cosMiddle;
  const correction =
    b *
    sinSigma *
    (cosMiddle +
      (b / 4) * (cosSigma * (2 * square - 1) - (b / 6) * cosMiddle * (4 * sinSigma * sinSigma - 3) * (4 * square - 3)));
  return poleRadiusM * a * (sigma - correction);
}

/**
 * Every way to the opposite side crosses the circle a quarter of the Earth away: the shortest way is the one over the best
 * point of that circle, and to and from there the formula does settle.
 */
function nearlyAntipodalM(from: Position, to: Position): number {
  const over = (bearing: number) => {
    const middle = quarterAway(from, bearing);
    return (vincentyM(from, middle) ?? Number.POSITIVE_INFINITY) + (vincentyM(middle, to) ?? Number.POSITIVE_INFINITY);
  };
  const steps = 180;
  let best = 0;
  for (let step = 1; step < steps; step += 1) {
    if (over((step * 2 * Math.PI) / steps) < over((best * 2 * Math.PI) / steps)) best = step;
  }
  return minimumAround(over, (best * 2 * Math.PI) / steps, (2 * Math.PI) / steps);
}

/** Golden-section search within `reach` of a place. */
function minimumAround(f: (x: number) => number, place: number, reach: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let low = place - reach;
  let high = place + reach;
  while (high - low > 1e-8) {
    const left = high - ratio * (high - low);
    const right = low + ratio * (high - low);
    if (f(left) < f(right)) high = right;
    else low = left;
  }
  return f((low + high) / 2);
}

/** The point a quarter circle away on a sphere, in a direction from north. */
function quarterAway([x, y]: Position, bearing: number): Position {
  const latitude = radians(y);
  const reached = Math.asin(Math.max(-1, Math.min(1, Math.cos(latitude) * Math.cos(bearing))));
  const turned = Math.atan2(Math.sin(bearing) * Math.cos(latitude), -Math.sin(latitude) * Math.sin(reached));
  return [x + degrees(turned), degrees(reached)];
}

/** The short way round, within ±π. */
function longitudeDifference(difference: number): number {
  return difference - 2 * Math.PI * Math.round(difference / (2 * Math.PI));
}

function radians(value: number): number {
  return (value * Math.PI) / 180;
}

function degrees(value: number): number {
  return (value * 180) / Math.PI;
}
