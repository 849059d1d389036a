// The Equal Earth projection (Šavrič, Patterson, Jenny, 2018): areas are true, so a bubble on Lagos weighs what it weighs on Oslo.

const a1 = 1.340264;
const a2 = -0.081106;
const a3 = 0.000893;
const a4 = 0.003796;
const root3 = Math.sqrt(3);
const radians = Math.PI / 180;

const polynomial = (t: number) => t * (a1 + a2 * t ** 2 + t ** 6 * (a3 + a4 * t ** 2));
const slope = (t: number) => a1 + 3 * a2 * t ** 2 + t ** 6 * (7 * a3 + 9 * a4 * t ** 2);

/** Longitude and latitude in degrees to x (east) and y (south), in units of the earth's radius. */
export function project([longitude, latitude]: readonly number[]): [number, number] {
  const t = Math.asin((root3 / 2) * Math.sin((latitude ?? 0) * radians));
  const x = (2 * root3 * (longitude ?? 0) * radians * Math.cos(t)) / (3 * slope(t));
  return [x, -polynomial(t)];
}

/** The way back: the parameter by Newton's method, which is exact to the last digits after a few steps. */
export function unproject([x, y]: readonly number[]): [number, number] {
  const target = -(y ?? 0);
  let t = target / a1;
  for (let step = 0; step < 8; step++) t -= (polynomial(t) - target) / slope(t);
  const longitude = (3 * (x ?? 0) * slope(t)) / (2 * root3 * Math.cos(t));
  return [longitude / radians, Math.asin((2 / root3) * Math.sin(t)) / radians];
}
