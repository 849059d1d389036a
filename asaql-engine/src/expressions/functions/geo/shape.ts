/**
 * Shapes in the plane, ready for predicates: what lies in an area and what does not. Must not know degrees nor GeoJSON.
 */
import { GeometryError, type Position, type Ring } from './geometry.ts';
import { orientation } from './orientation.ts';
import { isOnSegment, type Segment, samePosition } from './segment.ts';

export interface Shape {
  readonly points: readonly Position[];
  readonly lines: readonly Segment[];
  /** The boundary of the area, the area on the left. */
  readonly boundary: readonly Segment[];
  /** The area is everything but what the boundary encloses (a geography of left-hand orientation). */
  readonly inverted: boolean;
}

export type Place = 'inside' | 'boundary' | 'outside';

/** Where a point lies with regard to what a boundary encloses. Parts that lie over each other count as one. */
export function placeIn(boundary: readonly Segment[], point: Position): Place {
  let winding = 0;
  for (const segment of boundary) {
    const [from, to] = segment;
    const rises = from[1] <= point[1] && to[1] > point[1];
    const falls = from[1] > point[1] && to[1] <= point[1];
    if (isOnSegment(point, segment)) return 'boundary';
    if (rises && orientation(from, to, point) > 0) winding += 1;
    else if (falls && orientation(from, to, point) < 0) winding -= 1;
  }
  return winding === 0 ? 'outside' : 'inside';
}

/** The boundary of a polygon: the outer ring made to run against the clock, the holes with it, so that the area is on the left. */
export function boundaryOf(rings: readonly Ring[]): readonly Segment[] {
  return rings.flatMap((ring, index) => {
    const corners = cornersOf(ring);
    const directed = isAgainstClock(corners) === (index === 0) ? corners : corners.toReversed();
    return directed.map((from, at): Segment => [from, directed[(at + 1) % directed.length] as Position]);
  });
}

export function isAgainstClock(corners: Ring): boolean {
  const origin = corners[0] as Position;
  let area = 0;
  for (let index = 1; index + 1 < corners.length; index += 1) {
    area += orientation(origin, corners[index] as Position, corners[index + 1] as Position);
  }
  return area > 0;
}

/** The ring without repeated corners and without spikes, which enclose nothing (the reference's ST_OVERLAPS example has one). */
export function cornersOf(ring: Ring): Ring {
  const corners = [...ring];
  for (let index = 0, kept = 0; corners.length > 0 && kept < corners.length; ) {
    const at = index % corners.length;
    const before = corners[(at + corners.length - 1) % corners.length] as Position;
    const corner = corners[at] as Position;
    const after = corners[(at + 1) % corners.length] as Position;
    if (corners.length > 1 && (samePosition(before, corner) || isSpike(before, corner, after))) {
      corners.splice(at, 1);
      // The corners beside the gap may be spikes now.
      index = (at + corners.length - 1) % corners.length;
      kept = 0;
    } else {
      index = at + 1;
      kept += 1;
    }
  }
  if (corners.length < 3) throw new GeometryError('a polygon needs at least 3 different points that are not on one line.');
  return corners;
}

function isSpike(before: Position, corner: Position, after: Position): boolean {
  if (samePosition(before, after)) return true;
  if (orientation(before, corner, after) !== 0) return false;
  const back = (before[0] - corner[0]) * (after[0] - corner[0]) + (before[1] - corner[1]) * (after[1] - corner[1]);
  return back > 0;
}
