/** Places on the Earth. Rows marked "page" are examples of the reference. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordValue, Value } from '@asaql/engine';
import { geodesicDistanceM } from '../../src/expressions/functions/geo/geodesic.ts';
import { orientation } from '../../src/expressions/functions/geo/orientation.ts';
import { call, callAt, check, level10, level12, record, table } from './function-table.ts';

function point(x: Value, y: Value): RecordValue {
  return record({ type: 'Point', coordinates: [x, y] });
}

function ring(...flat: readonly number[]): readonly Value[] {
  return flat.flatMap((x, index) => (index % 2 === 0 ? [[x, flat[index + 1] as number]] : []));
}

function line(...flat: readonly number[]): RecordValue {
  return record({ type: 'LineString', coordinates: ring(...flat) });
}

function polygon(...rings: readonly (readonly Value[])[]): RecordValue {
  return record({ type: 'Polygon', coordinates: rings });
}

/** A square against the clock. */
function square(x: number, y: number, size: number): readonly Value[] {
  return ring(x, y, x + size, y, x + size, y + size, x, y + size, x, y);
}

const noPoint = /The 1st argument of function \w+ must be a point\./;

table('CreatePoint', [
  // page
  [[3.0, -10.2], point(-10.2, 3)],
  [[-87.33, 20.2321], point(20.2321, -87.33)],
  [[3n, 4n], point(4, 3)],
  [['3.5', '4'], point(4, 3.5)],
  [[90n, -180n], point(-180, 90)],
  [[null, 1n], null],
  [[1n, null], null],
  [[120, 10], /The 1st argument of function createpoint is 120: a latitude must be within -90 and 90 degrees\./],
  [[10, 181], /The 2nd argument of function createpoint is 181: a longitude must be within -180 and 180 degrees\./],
  [['x', 1n], /The 1st argument of function createpoint has invalid type 'nvarchar\(max\)'\. Only 'float' is allowed\./],
]);

table('CreateLineString', [
  // page
  [[point(-10.2, 3), point(10, 10), point(10.5, 10.5)], line(-10.2, 3, 10, 10, 10.5, 10.5)],
  [[point(1n, 2n), 'POINT (3 4)'], line(1, 2, 3, 4)],
  // It may cross itself, not run along itself.
  [[point(0, 0), point(2, 2), point(2, 0), point(0, 2)], line(0, 0, 2, 2, 2, 0, 0, 2)],
  [[point(0, 0), point(4, 0), point(2, 0)], /The points of function createlinestring make a line that overlaps itself\./],
  [[point(0, 0), point(4, 0), point(4, 4), point(3, 0), point(1, 0)], /overlaps itself/],
  [[point(0, 0), null], null],
  [[line(0, 0, 1, 1), point(0, 0)], noPoint],
  [
    [5n, point(0, 0)],
    /The 1st argument of function createlinestring has invalid type 'bigint'\. Only 'record', 'nvarchar\(max\)' is allowed/,
  ],
]);

table('CreatePolygon', [
  // page
  [[point(-10.2, 3), point(10, 10), point(10.5, 10.5), point(-10.2, 3)], polygon(ring(-10.2, 3, 10, 10, 10.5, 10.5, -10.2, 3))],
  [[point(0, 0), point(1, 0), null, point(0, 0)], null],
  [
    [point(0, 0), point(1, 0), point(1, 1), point(0, 1)],
    /The 4th argument of function createpolygon must be the point of the 1st argument, to close the polygon\./,
  ],
  [[polygon(square(0, 0, 1)), point(1, 0), point(1, 1), point(0, 0)], noPoint],
  [
    [record({ a: 1n }), point(1, 0), point(1, 1), point(0, 0)],
    /The 1st argument of function createpolygon is no geometry: it has no property 'type'\./,
  ],
]);

function near(actual: Value, expected: number, tolerance: number): void {
  assert.ok(typeof actual === 'number' && Math.abs(actual - expected) <= tolerance, `${String(actual)} instead of ${expected}`);
}

test('ST_DISTANCE: the example of the page, to a millimetre', () => {
  near(call('ST_DISTANCE', point(-5, -5), point(0, 0)), 784028.74077501823, 1e-3);
  near(callAt(level10, 'ST_DISTANCE', point(-5, -5), point(0, 0)), 784028.74077501823, 1e-3);
});

test('ST_DISTANCE: known geodesics of WGS 84', () => {
  // A degree of the equator is an arc of a circle.
  near(call('ST_DISTANCE', point(0, 0), point(1, 0)), (6378137 * Math.PI) / 180, 1e-6);
  // A quarter and half of a meridian.
  near(call('ST_DISTANCE', point(0, 0), point(77, 90)), 10001965.729, 1e-3);
  near(call('ST_DISTANCE', point(0, -90), point(0, 90)), 20003931.4586, 1e-3);
  // Nearly opposite points, where the usual iteration does not settle: C. Karney, "Algorithms for geodesics" (2013).
  near(call('ST_DISTANCE', point(0, 0), point(179.5, 0.5)), 19936288.579, 1e-3);
  near(call('ST_DISTANCE', point(0, 0), point(180, 0)), 20003931.4586, 1e-3);
  // Over the date line.
  near(call('ST_DISTANCE', point(179.5, 0), point(-179.5, 0)), (6378137 * Math.PI) / 180, 1e-6);
  assert.equal(call('ST_DISTANCE', point(10, 10), point(10, 10)), 0);
});

table('ST_DISTANCE', [
  // "If used with Polygons will return 0."
  [[point(50, 50), polygon(square(0, 0, 1))], 0],
  [[polygon(square(0, 0, 1)), polygon(square(5, 5, 1))], 0],
  [[null, point(0, 0)], null],
  [[point(0, 0), null], null],
  [['MULTIPOINT EMPTY', point(0, 0)], null],
  [['MULTIPOINT (5 5, 0 0)', 'POINT (0 0)'], 0],
  [[line(0, 0, 1, 1), point(0, 0)], /The 1st argument of function st_distance must be a point or a polygon\./],
  [[point(0, 0), 1n], /The 2nd argument of function st_distance has invalid type 'bigint'/],
  [[point('a', 0), point(0, 0)], /is no geometry: its property 'coordinates' is no array of numbers\./],
  [[record({ type: 'Point', coordinates: [1n] }), point(0, 0)], /a position needs a longitude and a latitude/],
  [[record({ type: 'Circle', coordinates: [1n, 2n] }), point(0, 0)], /its type is 'Circle'\. Known are Point, LineString/],
]);

const flat = line(-10, 0, 0, 0, 10, 0);
const donut = polygon(square(0, 0, 10), square(4, 4, 2));

table('ST_INTERSECTS', [
  // page
  [[flat, line(0, 10, 0, 0, 0, -10)], 1n],
  [[flat, line(-10, 10, 0, 10, 10, 10)], 0n],
  // An end on the other line; one line along another; boxes that touch and lines that do not.
  [[flat, line(3, 0, 3, 5)], 1n],
  [[flat, line(3, 5, 3, 0)], 1n],
  [[line(3, 5, 3, 0), flat], 1n],
  [[flat, line(5, 0, 50, 0)], 1n],
  [[flat, line(11, 0, 20, 0)], 0n],
  [[line(0, 0, 10, 10), line(1, 0, 10, 9)], 0n],
  [[point(3, 0), flat], 1n],
  [[point(3, 0.0001), flat], 0n],
  [[point(1, 1), point(1n, 1n)], 1n],
  [[point(1, 1), point(1, 2)], 0n],
  [[line(1, 1, 1, 1), line(0, 0, 2, 2)], 1n],
  [[line(1, 1.5, 1, 1.5), line(0, 0, 2, 2)], 0n],
  // Wholly within, in the hole, through the hole.
  [[line(1, 1, 2, 2), donut], 1n],
  [[line(4.5, 4.5, 5.5, 5.5), donut], 0n],
  [[line(5, 5, 5, 20), donut], 1n],
  [[donut, point(4, 5)], 1n],
  [[donut, point(5, 5)], 0n],
  [[polygon(square(0, 0, 1)), polygon(square(1, 1, 1))], 1n],
  [[polygon(square(0, 0, 1)), polygon(square(1.0001, 1, 1))], 0n],
  [[polygon(square(0, 0, 10)), polygon(square(3, 3, 1))], 1n],
  [[polygon(square(3, 3, 1)), polygon(square(0, 0, 10))], 1n],
  [[null, flat], null],
  [[flat, null], null],
  [[1n, flat], /The 1st argument of function st_intersects has invalid type 'bigint'/],
  [[line(1, 1), flat], /is no geometry: a line needs at least 2 points\./],
]);

table('ST_OVERLAPS', [
  // page, where the rings lack a level and the second polygon of the second row is not closed and has a spike
  [
    [record({ type: 'Polygon', coordinates: square(0, 0, 10) }), record({ type: 'Polygon', coordinates: square(30, 30, 10) })],
    0n,
  ],
  [
    [
      record({ type: 'Polygon', coordinates: square(0, 0, 20) }),
      record({ type: 'Polygon', coordinates: ring(10, 10, 40, 10, 40, 40, 40, 20, 40, 40) }),
    ],
    1n,
  ],
  [[polygon(square(0, 0, 2)), polygon(square(1, 1, 2))], 1n],
  // One within the other, also along an edge; equal; touching in an edge and in a corner.
  [[polygon(square(0, 0, 10)), polygon(square(2, 2, 2))], 0n],
  [[polygon(square(0, 0, 10)), polygon(square(0, 2, 2))], 0n],
  [[polygon(square(0, 0, 2)), polygon(square(0, 0, 2))], 0n],
  [[polygon(square(0, 0, 2)), polygon(square(2, 0, 2))], 0n],
  [[polygon(square(0, 0, 2)), polygon(square(2, 2, 2))], 0n],
  // A cross: no corner of one lies in the other.
  [[polygon(ring(0, 4, 10, 4, 10, 6, 0, 6, 0, 4)), polygon(ring(4, 0, 6, 0, 6, 10, 4, 10, 4, 0))], 1n],
  // The hole is filled exactly; the hole and more; orientation does not matter.
  [[donut, polygon(square(4, 4, 2))], 0n],
  [[donut, polygon(square(3, 3, 4))], 1n],
  [[donut, polygon(ring(3, 3, 3, 7, 7, 7, 7, 3, 3, 3))], 1n],
  [['POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))', polygon(square(1, 1, 2))], 1n],
  [[null, donut], null],
  [[donut, null], null],
  [[point(0, 0), donut], /The 1st argument of function st_overlaps must be a polygon\./],
  [[donut, flat], /The 2nd argument of function st_overlaps must be a polygon\./],
  [
    [donut, polygon(ring(0, 0, 1, 1, 2, 2, 0, 0))],
    /is no geometry: a polygon needs at least 3 different points that are not on one line\./,
  ],
]);

table('ST_WITHIN', [
  // page
  [[point(76.6, 10.1), polygon(square(0, 0, 10))], 0n],
  [[point(15, 15), polygon(square(10, 10, 10))], 1n],
  // A boundary is not within: on an edge, on a corner, on the edge of a hole.
  [[point(10, 15), polygon(square(10, 10, 10))], 0n],
  [[point(10, 10), polygon(square(10, 10, 10))], 0n],
  [[point(4, 5), donut], 0n],
  [[point(5, 5), donut], 0n],
  [[point(2, 5), donut], 1n],
  // Level with a corner, on both sides.
  [[point(5, 5), polygon(ring(0, 5, 5, 0, 10, 5, 5, 10, 0, 5))], 1n],
  [[point(-1, 5), polygon(ring(0, 5, 5, 0, 10, 5, 5, 10, 0, 5))], 0n],
  [[polygon(square(2, 2, 2)), polygon(square(0, 0, 10))], 1n],
  [[polygon(square(0, 0, 2)), polygon(square(0, 0, 10))], 1n],
  [[polygon(square(0, 0, 10)), polygon(square(0, 0, 10))], 1n],
  [[polygon(square(0, 0, 10)), polygon(square(2, 2, 2))], 0n],
  [[polygon(square(9, 9, 2)), polygon(square(0, 0, 10))], 0n],
  [[polygon(square(20, 20, 2)), polygon(square(0, 0, 10))], 0n],
  [[polygon(square(4, 4, 2)), donut], 0n],
  [[polygon(square(4.5, 4.5, 1)), donut], 0n],
  [[polygon(square(3, 3, 4)), donut], 0n],
  [[donut, polygon(square(0, 0, 10))], 1n],
  [[polygon(square(0, 0, 10)), donut], 0n],
  [[line(1, 1, 3, 3), donut], 1n],
  [[line(1, 1, 9, 9), donut], 0n],
  [[line(0, 0, 10, 0), polygon(square(0, 0, 10))], 0n],
  [['MULTIPOINT ((1 1), (2 2))', donut], 1n],
  [['MULTIPOINT (1 1, 5 5)', donut], 0n],
  [['MULTIPOINT (1 1, 0 0)', donut], 1n],
  [['GEOMETRYCOLLECTION (POINT (1 1), LINESTRING (1 1, 2 2))', donut], 1n],
  [[point(11, 11), 'MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((10 10, 14 10, 14 14, 10 14, 10 10)))'], 1n],
  [[point(1, 1), record({ type: 'MultiPolygon', coordinates: [[square(0, 0, 2)]] })], 1n],
  [[point(1, 1), record({ type: 'GeometryCollection', geometries: [polygon(square(0, 0, 2))] })], 1n],
  [['point z (1 1 7)', 'polygon((0 0,3 0,3 3,0 3,0 0))'], 1n],
  [[null, donut], null],
  [[point(0, 0), null], null],
  [[point(0, 0), point(0, 0)], /The 2nd argument of function st_within must be a polygon\./],
  [[point(0, 0), 'POLYGON EMPTY'], /The 2nd argument of function st_within must be a polygon\./],
  [['POINT (1 x)', donut], /The 1st argument of function st_within is no geometry: 'x' is no number\./],
  [['POINT (1 2', donut], /'\)' is missing at the end\./],
  [['POINT (1 2) 3', donut], /'3' is too much\./],
  [['CIRCLE (1 2)', donut], /it begins with 'CIRCLE' and not with a kind of geometry such as POINT\./],
  [[point(0, 0), polygon(ring(0, 0, 1, 1, 0, 0))], /a polygon needs at least 3 different points/],
]);

test('below level 1.2: edges are arcs of great circles', () => {
  // The arc between two places of the 50th parallel bends to the north.
  const north = polygon(ring(-30, 40, 30, 40, 30, 50, -30, 50, -30, 40));
  assert.equal(call('ST_WITHIN', point(0, 51), north), 0n);
  assert.equal(callAt(level10, 'ST_WITHIN', point(0, 51), north), 1n);
  assert.equal(callAt(level10, 'ST_WITHIN', point(0, 41), north), 0n);
  assert.equal(callAt(level10, 'ST_WITHIN', point(180, -45), north), 0n);
  // Over the date line, which a plane of degrees does not know.
  const pacific = polygon(ring(170, -10, -170, -10, -170, 10, 170, 10, 170, -10));
  assert.equal(callAt(level10, 'ST_WITHIN', point(179, 0), pacific), 1n);
  assert.equal(callAt(level10, 'ST_WITHIN', point(0, 0), pacific), 0n);
  // Around the pole.
  const pole = polygon(ring(0, 80, 90, 80, 180, 80, -90, 80, 0, 80));
  assert.equal(callAt(level10, 'ST_WITHIN', point(45, 89), pole), 1n);
});

test('below level 1.2: a left-hand ring encloses the globe but itself', () => {
  const outside = polygon(ring(0, 0, 0, 10, 10, 10, 10, 0, 0, 0));
  const outsideAndHole = polygon(ring(0, 0, 0, 10, 10, 10, 10, 0, 0, 0), square(4, 4, 2));
  const small = polygon(square(4, 4, 1));
  const far = polygon(square(100, 40, 5));
  const edge = polygon(square(9, 4, 3));
  const rows: readonly (readonly [name: string, a: Value, b: Value, expected: bigint])[] = [
    ['ST_WITHIN', point(5, 5), outside, 0n],
    ['ST_WITHIN', point(20, 20), outside, 1n],
    ['ST_WITHIN', point(-175, -5), outside, 1n],
    ['ST_WITHIN', small, outside, 0n],
    ['ST_WITHIN', far, outside, 1n],
    ['ST_WITHIN', edge, outside, 0n],
    ['ST_WITHIN', outside, outside, 1n],
    ['ST_WITHIN', outside, far, 0n],
    ['ST_WITHIN', polygon(square(0, 0, 10)), outside, 0n],
    ['ST_OVERLAPS', far, outside, 0n],
    ['ST_OVERLAPS', outside, far, 0n],
    ['ST_OVERLAPS', edge, outside, 1n],
    ['ST_OVERLAPS', outside, edge, 1n],
    ['ST_OVERLAPS', small, outside, 0n],
    ['ST_INTERSECTS', small, outside, 0n],
    ['ST_INTERSECTS', outside, small, 0n],
    ['ST_INTERSECTS', polygon(square(3, 3, 4)), outsideAndHole, 1n],
    ['ST_INTERSECTS', polygon(square(1, 1, 1)), outsideAndHole, 0n],
    ['ST_INTERSECTS', edge, outside, 1n],
    ['ST_INTERSECTS', far, outside, 1n],
    ['ST_INTERSECTS', outside, outside, 1n],
    ['ST_INTERSECTS', line(5, 5, 6, 6), outside, 0n],
    ['ST_INTERSECTS', line(5, 5, 20, 6), outside, 1n],
  ];
  for (const [name, a, b, expected] of rows) check(() => callAt(level10, name, a, b), expected, `${name} ${String(expected)}`);
  // From level 1.2 on the orientation does not matter.
  assert.equal(callAt(level12, 'ST_WITHIN', point(5, 5), outside), 1n);
});

test('below level 1.2: lines and polygons that reach behind the horizon are cut, what lies behind meets nothing', () => {
  const around = line(-10, 0, 60, 0, 120, 0, 170, 0);
  const box = polygon(square(-1, -1, 2));
  assert.equal(callAt(level10, 'ST_INTERSECTS', around, box), 1n);
  assert.equal(callAt(level10, 'ST_INTERSECTS', line(120, 0, 170, 0), box), 0n);
  assert.equal(callAt(level10, 'ST_INTERSECTS', line(60, 5, 120, 5), box), 0n);
  const wide = polygon(ring(-5, -20, 70, -20, 100, -20, 100, 20, 70, 20, -5, 20, -5, -20));
  assert.equal(callAt(level10, 'ST_WITHIN', box, wide), 1n);
  assert.equal(callAt(level10, 'ST_OVERLAPS', wide, box), 0n);
  assert.equal(callAt(level10, 'ST_OVERLAPS', wide, polygon(square(-6, -1, 2))), 1n);
});

test('below level 1.2: only points, line strings and polygons as records, and none over half of the Earth', () => {
  const box = polygon(square(0, 0, 1));
  check(
    () => callAt(level10, 'ST_WITHIN', 'POINT (1 1)', box),
    /has invalid type 'nvarchar\(max\)'\. Only 'record' is allowed\./,
    'text',
  );
  check(
    () => callAt(level10, 'ST_WITHIN', record({ type: 'MultiPoint', coordinates: [] }), box),
    /its type is 'MultiPoint'\. Known are Point, LineString, Polygon\./,
    'parts',
  );
  const belt = polygon(ring(0, -10, 120, -10, -120, -10, 0, 30, 0, -10));
  check(
    () => callAt(level10, 'ST_WITHIN', point(0, 0), belt),
    /The 2nd argument .* reaches over more than half of the Earth/,
    'belt',
  );
});

test('orientation is exact where doubles are not', () => {
  const tiny = 2 ** -52;
  assert.equal(orientation([0, 0], [1, 1], [3, 3]), 0);
  assert.ok(orientation([0, 0], [1, 1], [0.5, 0.5 + tiny]) > 0);
  assert.ok(orientation([12, 12], [24, 24], [0.5 + tiny, 0.5]) < 0);
  assert.ok(orientation([12, 12], [24, 24], [0.5, 0.5 + tiny]) > 0);
  assert.equal(orientation([0.1, 0.1], [0.3, 0.3], [0.7, 0.7]), 0);
  assert.ok(orientation([0.1, 0.1], [0.3, 0.1 + 0.2], [0.7, 0.7]) !== 0);
});

test('the way there is as long as the way back', () => {
  for (const [from, to] of [
    [
      [0, 30],
      [179.9, -29.9],
    ],
    [
      [12.5, 48.1],
      [-122.3, 47.6],
    ],
  ] as const) {
    near(geodesicDistanceM(from, to), geodesicDistanceM(to, from), 1e-4);
  }
});
