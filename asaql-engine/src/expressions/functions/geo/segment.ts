/** Straight segments: where they meet. Must not know areas. */
import type { Position } from './geometry.ts';
import { orientation } from './orientation.ts';

export type Segment = readonly [from: Position, to: Position];

export function segmentsOf(line: readonly Position[]): readonly Segment[] {
  return line.slice(1).map((to, index) => [line[index] as Position, to]);
}

export function samePosition(a: Position, b: Position): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

export function isOnSegment(point: Position, [from, to]: Segment): boolean {
  return isInBox(point, [from, to]) && orientation(from, to, point) === 0;
}

function isInBox([x, y]: Position, [from, to]: Segment): boolean {
  return (
    x >= Math.min(from[0], to[0]) &&
    x <= Math.max(from[0], to[0]) &&
    y >= Math.min(from[1], to[1]) &&
    y <= Math.max(from[1], to[1])
  );
}

function boxesTouch([a, b]: Segment, [c, d]: Segment): boolean {
  return (
    Math.max(a[0], b[0]) >= Math.min(c[0], d[0]) &&
    Math.min(a[0], b[0]) <= Math.max(c[0], d[0]) &&
    Math.max(a[1], b[1]) >= Math.min(c[1], d[1]) &&
    Math.min(a[1], b[1]) <= Math.max(c[1], d[1])
  );
}

/** What one segment does to another: nothing, cuts it at places (0 … 1 along it), or runs along it. */
export interface Meeting {
  readonly cuts: readonly number[];
  /** The common part, and whether both run the same way. */
  readonly shared: { readonly from: number; readonly to: number; readonly sameWay: boolean } | null;
}

/** How `other` meets `segment`; null when they have no point in common. */
export function meetingOf(segment: Segment, other: Segment): Meeting | null {
  if (!boxesTouch(segment, other)) return null;
  const [a, b] = segment;
  const [c, d] = other;
  const sideOfC = orientation(a, b, c);
  const sideOfD = orientation(a, b, d);
  if (sideOfC === 0 && sideOfD === 0) return alongOneLine(segment, other);
  const cuts: number[] = [];
  if (sideOfC === 0 && isInBox(c, segment)) cuts.push(placeOn(segment, c));
  if (sideOfD === 0 && isInBox(d, segment)) cuts.push(placeOn(segment, d));
  if (opposite(sideOfC, sideOfD)) {
    const sideOfA = orientation(c, d, a);
    const sideOfB = orientation(c, d, b);
    if (sideOfA === 0) cuts.push(0);
    else if (sideOfB === 0) cuts.push(1);
    else if (opposite(sideOfA, sideOfB)) cuts.push(sideOfA / (sideOfA - sideOfB));
  }
  return cuts.length === 0 ? null : { cuts, shared: null };
}

function opposite(side: number, other: number): boolean {
  return (side > 0 && other < 0) || (side < 0 && other > 0);
}

function alongOneLine(segment: Segment, other: Segment): Meeting | null {
  if (samePosition(...segment)) return isOnSegment(segment[0], other) ? { cuts: [0], shared: null } : null;
  const [c, d] = other;
  const [first, second] = [placeOn(segment, c), placeOn(segment, d)];
  const from = Math.max(0, Math.min(first, second));
  const to = Math.min(1, Math.max(first, second));
  if (from > to) return null;
  return { cuts: [from, to], shared: from === to ? null : { from, to, sameWay: first < second } };
}

/** How far along a segment a point of its line lies: 0 at its beginning, 1 at its end. */
function placeOn([from, to]: Segment, point: Position): number {
  const axis = Math.abs(to[0] - from[0]) >= Math.abs(to[1] - from[1]) ? 0 : 1;
  return (point[axis] - from[axis]) / (to[axis] - from[axis]);
}

export function pointAt([from, to]: Segment, place: number): Position {
  return [from[0] + (to[0] - from[0]) * place, from[1] + (to[1] - from[1]) * place];
}
