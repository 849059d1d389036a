/**
 * Intersects, within and overlaps between shapes in the plane, with holes, common edges and touching corners, as the OGC
 * defines them: a common boundary alone makes nothing lie within or overlap. Must not know degrees nor GeoJSON.
 */
import type { Position } from './geometry.ts';
import { isOnSegment, meetingOf, pointAt, type Segment, samePosition } from './segment.ts';
import { type Place, placeIn, type Shape } from './shape.ts';

/** Whether the two have a point in common; boundaries belong to their shapes. */
export function intersects(a: Shape, b: Shape): boolean {
  if (a.inverted && b.inverted) return true;
  if (a.inverted) return intersects(b, a);
  if (b.inverted) return reachesOutOf(a, b.boundary);
  const segmentsOfA = [...a.lines, ...a.boundary];
  const segmentsOfB = [...b.lines, ...b.boundary];
  return (
    segmentsOfA.some((one) => segmentsOfB.some((other) => meetingOf(one, other) !== null)) ||
    touches(startsOf(a), segmentsOfB, b) ||
    touches(startsOf(b), segmentsOfA, a) ||
    a.points.some((one) => b.points.some((other) => samePosition(one, other)))
  );
}

/** Whether some part of a shape lies beyond or on a boundary. */
function reachesOutOf({ points, lines, boundary }: Shape, enclosing: readonly Segment[]): boolean {
  const segments = [...lines, ...boundary];
  return (
    points.some((point) => placeIn(enclosing, point) !== 'inside') ||
    segments.some(
      (segment) =>
        placeIn(enclosing, segment[0]) !== 'inside' ||
        placeIn(enclosing, segment[1]) !== 'inside' ||
        enclosing.some((other) => meetingOf(segment, other) !== null),
    ) ||
    // A hole of the enclosing boundary that lies within the area.
    enclosing.some(([corner]) => boundary.length > 0 && placeIn(boundary, corner) !== 'outside')
  );
}

function startsOf({ points, lines, boundary }: Shape): readonly Position[] {
  return [...points, ...lines.map(([from]) => from), ...boundary.map(([from]) => from)];
}

function touches(positions: readonly Position[], segments: readonly Segment[], { boundary }: Shape): boolean {
  return positions.some(
    (position) => segments.some((segment) => isOnSegment(position, segment)) || placeIn(boundary, position) === 'inside',
  );
}

/** Whether no part of `inner` lies outside the area of `outer`, and some part not only on its boundary. */
export function within(inner: Shape, outer: Shape): boolean {
  const wanted = outer.inverted ? 'outside' : 'inside';
  const forbidden = outer.inverted ? 'inside' : 'outside';
  const places: readonly PiecePlace[] = [
    ...inner.points.map((point) => placeIn(outer.boundary, point)),
    ...pieces(inner.lines, outer.boundary),
  ];
  if (places.includes(forbidden)) return false;
  if (inner.boundary.length === 0) return places.includes(wanted);
  const compared = compareAreas(inner.boundary, outer.boundary);
  if (inner.inverted) return outer.inverted && !compared.onlySecond;
  return outer.inverted ? !compared.both : !compared.onlyFirst;
}

/** Whether the areas have a part in common and neither lies within the other. */
export function overlaps(a: Shape, b: Shape): boolean {
  const { both, onlyFirst, onlySecond } = compareAreas(a.boundary, b.boundary);
  if (a.inverted && b.inverted) return onlyFirst && onlySecond;
  if (a.inverted) return both && onlySecond;
  if (b.inverted) return both && onlyFirst;
  return both && onlyFirst && onlySecond;
}

/** Which parts of the plane there are: in both areas, in the first alone, in the second alone. */
function compareAreas(
  first: readonly Segment[],
  second: readonly Segment[],
): { readonly both: boolean; readonly onlyFirst: boolean; readonly onlySecond: boolean } {
  const ofFirst = new Set(pieces(first, second));
  const ofSecond = new Set(pieces(second, first));
  // A piece of a boundary has its own area on the left and none on the right, on a common piece this tells about both.
  return {
    both: ofFirst.has('inside') || ofSecond.has('inside') || ofFirst.has('shared, same side'),
    onlyFirst: ofFirst.has('outside') || ofSecond.has('inside') || ofFirst.has('shared, other side'),
    onlySecond: ofSecond.has('outside') || ofFirst.has('inside') || ofFirst.has('shared, other side'),
  };
}

type PiecePlace = Place | 'shared, same side' | 'shared, other side';

/** Pieces shorter than this part of their segment come from rounding of the cuts and say nothing. */
const pieceMin = 1e-12;

/** The places of the pieces that the boundary cuts segments into; a piece lies in one place as a whole. */
function pieces(segments: readonly Segment[], boundary: readonly Segment[]): readonly PiecePlace[] {
  return segments.flatMap((segment) => {
    const meetings = boundary.map((other) => meetingOf(segment, other)).filter((meeting) => meeting !== null);
    const shared = meetings.map((meeting) => meeting.shared).filter((part) => part !== null);
    const cuts = [0, 1, ...meetings.flatMap((meeting) => meeting.cuts)].sort((left, right) => left - right);
    const places: PiecePlace[] = [];
    for (let index = 1; index < cuts.length; index += 1) {
      const from = cuts[index - 1] as number;
      const to = cuts[index] as number;
      if (to - from < pieceMin) continue;
      const middle = (from + to) / 2;
      const along = shared.find((part) => part.from <= middle && middle <= part.to);
      if (along === undefined) places.push(placeIn(boundary, pointAt(segment, middle)));
      else places.push(along.sameWay ? 'shared, same side' : 'shared, other side');
    }
    return places;
  });
}
