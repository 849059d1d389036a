/** Laws of places and shapes, for any of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Value } from '@asaql/engine';
import fc from 'fast-check';
import { call, callAt, level10, record } from './function-table.ts';

/** The same cases in every run. */
const seed = 20260824;
function law(name: string, property: fc.IRawProperty<unknown>): void {
  test(name, () => fc.assert(property, { seed, numRuns: 500 }));
}

/** Squares with whole corners, so that edges and corners often meet. */
const box = fc
  .tuple(
    fc.integer({ min: 0, max: 6 }),
    fc.integer({ min: 0, max: 6 }),
    fc.integer({ min: 1, max: 5 }),
    fc.integer({ min: 1, max: 5 }),
  )
  .map(([x, y, width, height]) => ({ x, y, right: x + width, top: y + height }));

type Box = { readonly x: number; readonly y: number; readonly right: number; readonly top: number };

function polygonOf({ x, y, right, top }: Box): Value {
  const corners = [x, y, right, y, right, top, x, top, x, y];
  const ring = [0, 1, 2, 3, 4].map((index): Value => [corners[index * 2] as number, corners[index * 2 + 1] as number]);
  return record({ type: 'Polygon', coordinates: [ring] });
}

law(
  'predicates on boxes are what their sides say',
  fc.property(box, box, (a, b) => {
    const [first, second] = [polygonOf(a), polygonOf(b)];
    const bit = (holds: boolean) => (holds ? 1n : 0n);
    const inside = (inner: Box, outer: Box) =>
      inner.x >= outer.x && inner.y >= outer.y && inner.right <= outer.right && inner.top <= outer.top;
    const common = a.x < b.right && b.x < a.right && a.y < b.top && b.y < a.top;
    const touching = a.x <= b.right && b.x <= a.right && a.y <= b.top && b.y <= a.top;
    assert.equal(call('ST_WITHIN', first, second), bit(inside(a, b)));
    assert.equal(call('ST_INTERSECTS', first, second), bit(touching));
    assert.equal(call('ST_OVERLAPS', first, second), bit(common && !inside(a, b) && !inside(b, a)));
  }),
);

type Corner = readonly [number, number];
type Triangle = readonly [Corner, Corner, Corner];

function cross(a: Corner, b: Corner, c: Corner): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

function triangleOf([a, b, c]: Triangle): Value {
  return record({ type: 'Polygon', coordinates: [[a, b, c, a].map((corner): Value => [...corner])] });
}

/** Against the clock, with whole corners in a small grid: what touches touches exactly. */
const gridCorner = fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 }));
const triangle = fc
  .tuple(gridCorner, gridCorner, gridCorner)
  .filter(([a, b, c]) => cross(a, b, c) !== 0)
  .map(([a, b, c]): Triangle => (cross(a, b, c) > 0 ? [a, b, c] : [a, c, b]));

function sidesOf([a, b, c]: Triangle): readonly (readonly [Corner, Corner])[] {
  return [
    [a, b],
    [b, c],
    [c, a],
  ];
}

/** Convex areas are apart when a side of one has the whole other beyond it; `touching` counts as apart or not. */
function apart(first: Triangle, second: Triangle, touching: boolean): boolean {
  const beyond = (of: Triangle, other: Triangle) =>
    sidesOf(of).some(([a, b]) => other.every((corner) => (touching ? cross(a, b, corner) <= 0 : cross(a, b, corner) < 0)));
  return beyond(first, second) || beyond(second, first);
}

function holds(inner: Triangle, outer: Triangle): boolean {
  return inner.every((corner) => sidesOf(outer).every(([a, b]) => cross(a, b, corner) >= 0));
}

law(
  'predicates on triangles are what their sides say',
  fc.property(triangle, triangle, (a, b) => {
    const [first, second] = [triangleOf(a), triangleOf(b)];
    assert.equal(call('ST_INTERSECTS', first, second), apart(a, b, false) ? 0n : 1n);
    assert.equal(call('ST_WITHIN', first, second), holds(a, b) ? 1n : 0n);
    assert.equal(call('ST_OVERLAPS', first, second), apart(a, b, true) || holds(a, b) || holds(b, a) ? 0n : 1n);
  }),
);

law(
  'a point is within a triangle when it lies left of all sides',
  fc.property(triangle, gridCorner, (sides, corner) => {
    const within = sidesOf(sides).every(([a, b]) => cross(a, b, corner) > 0);
    const place = record({ type: 'Point', coordinates: [...corner] });
    assert.equal(call('ST_WITHIN', place, triangleOf(sides)), within ? 1n : 0n);
  }),
);

law(
  'a hole takes away exactly what lies in it',
  fc.property(triangle, gridCorner, (hole, corner) => {
    const frame: readonly Corner[] = [
      [-1, -1],
      [7, -1],
      [7, 7],
      [-1, 7],
      [-1, -1],
    ];
    const rings = [frame, [...hole, hole[0]]].map((ring) => ring.map((one): Value => [...one]));
    const place = record({ type: 'Point', coordinates: [...corner] });
    const reached = !sidesOf(hole).every(([a, b]) => cross(a, b, corner) >= 0);
    assert.equal(call('ST_WITHIN', place, record({ type: 'Polygon', coordinates: rings })), reached ? 1n : 0n);
  }),
);

/** Tenths of degrees and a rest of its own for each shape, so that no corner of one lies on a side of the other but for rounding. */
function globeTriangle(rest: number): fc.Arbitrary<Triangle> {
  const corner = fc
    .tuple(fc.integer({ min: -400, max: 400 }), fc.integer({ min: -600, max: 600 }))
    .map(([x, y]): Corner => [x / 10 + rest, y / 10 + rest * 0.7]);
  return fc
    .tuple(corner, corner, corner)
    .filter(([a, b, c]) => Math.abs(cross(a, b, c)) > 1)
    .map(([a, b, c]): Triangle => [a, b, c]);
}

law(
  'below level 1.2 it does not matter where on the globe shapes lie, nor in which order they are given',
  fc.property(globeTriangle(0.0123), globeTriangle(0.0777), fc.constantFrom(90, 180, -135), (a, b, turn) => {
    const turned = (one: Triangle) => one.map(([x, y]): Corner => [((x + turn + 540) % 360) - 180, y]) as unknown as Triangle;
    for (const name of ['ST_INTERSECTS', 'ST_OVERLAPS', 'ST_WITHIN']) {
      const here = callAt(level10, name, triangleOf(a), triangleOf(b));
      assert.equal(callAt(level10, name, triangleOf(turned(a)), triangleOf(turned(b))), here, name);
      if (name !== 'ST_WITHIN') assert.equal(callAt(level10, name, triangleOf(b), triangleOf(a)), here, name);
    }
  }),
);

law(
  'ST_DISTANCE is symmetric, and no way round a third point is shorter',
  fc.property(
    fc.array(fc.tuple(fc.double({ min: -90, max: 90, noNaN: true }), fc.double({ min: -180, max: 180, noNaN: true })), {
      minLength: 3,
      maxLength: 3,
    }),
    (places) => {
      const [a, b, c] = places.map(([latitude, longitude]) => call('CreatePoint', latitude, longitude)) as [Value, Value, Value];
      const way = (from: Value, to: Value) => call('ST_DISTANCE', from, to) as number;
      assert.ok(Math.abs(way(a, b) - way(b, a)) < 1e-3);
      assert.ok(way(a, c) <= way(a, b) + way(b, c) + 1e-3);
      assert.ok(way(a, b) <= 20003931.46);
    },
  ),
);
