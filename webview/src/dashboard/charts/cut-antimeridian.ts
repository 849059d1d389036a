// Cuts polygons where they cross the 180th meridian (Russia, Fiji): on a flat map an uncut one draws a streak across the world.

/** Longitude and latitude in degrees. */
export type Position = number[];

/** The two kinds of area of GeoJSON (RFC 7946, 3.1.6 and 3.1.7). */
export type Area = { type: 'Polygon'; coordinates: Position[][] } | { type: 'MultiPolygon'; coordinates: Position[][][] };

const half = 180;
const whole = 360;

/** The ring with its jumps of a whole turn taken out, so that its longitudes run on beyond 180 degrees. */
function unrolled(ring: readonly Position[]): [number, number][] {
  let turn = 0;
  let previous: number | undefined;
  return ring.map(([longitude = 0, latitude = 0]) => {
    if (previous !== undefined) {
      if (longitude - previous > half) turn -= whole;
      else if (previous - longitude > half) turn += whole;
    }
    previous = longitude;
    return [longitude + turn, latitude];
  });
}

/** The part of a ring on one side of a meridian (Sutherland and Hodgman's clipping by one line); `side` 1 keeps the west. */
function clipped(ring: readonly [number, number][], meridian: number, side: 1 | -1): [number, number][] {
  const kept: [number, number][] = [];
  const isInside = (point: readonly [number, number]) => (meridian - point[0]) * side >= 0;
  ring.forEach((point, index) => {
    const before = ring[(index + ring.length - 1) % ring.length] ?? point;
    if (isInside(point) !== isInside(before)) {
      const share = (meridian - before[0]) / (point[0] - before[0]);
      kept.push([meridian, before[1] + share * (point[1] - before[1])]);
    }
    if (isInside(point)) kept.push(point);
  });
  const [first] = kept;
  if (first) kept.push(first);
  return kept;
}

function shifted(ring: readonly [number, number][], degrees: number): Position[] {
  return ring.map(([longitude, latitude]) => [longitude + degrees, latitude]);
}

/** The ring in pieces that lie within -180 … 180 degrees. */
function cutRing(ring: readonly Position[]): Position[][] {
  const points = unrolled(ring);
  const longitudes = points.map(([longitude]) => longitude);
  if (Math.max(...longitudes) > half) return [clipped(points, half, 1), shifted(clipped(points, half, -1), -whole)];
  if (Math.min(...longitudes) < -half) return [clipped(points, -half, -1), shifted(clipped(points, -half, 1), whole)];
  return [points];
}

/** A geometry with the same area that no flat map can tear. Holes are kept only in polygons that need no cut: no country of the atlas has both. */
export function cutAntimeridian(geometry: Area): Area {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  const coordinates = polygons.flatMap((rings): Position[][][] => {
    const pieces = cutRing(rings[0] ?? []);
    return pieces.length === 1 ? [rings] : pieces.filter((piece) => piece.length > 3).map((piece) => [piece]);
  });
  return { type: 'MultiPolygon', coordinates };
}
