/**
 * Two geometries as shapes in one plane. Must not know what is asked of them.
 *
 * Level 1.2: degrees are the coordinates of the plane, straight lines between them; orientation does not matter.
 * Below ("Geography calculations", https://learn.microsoft.com/azure/stream-analytics/stream-analytics-compatibility-level):
 * lines are arcs of great circles and a left-hand ring encloses all the globe but itself
 * (https://learn.microsoft.com/stream-analytics-query/createpolygon). The gnomonic projection makes straight lines of the arcs.
 */
import { type Geometry, GeometryError, type Position, type Ring } from './geometry.ts';
import { type Segment, segmentsOf } from './segment.ts';
import { boundaryOf, cornersOf, isAgainstClock, type Shape } from './shape.ts';

export function planarShape({ points, lines, polygons }: Geometry): Shape {
  return { points, lines: lines.flatMap(segmentsOf), boundary: polygons.flatMap(boundaryOf), inverted: false };
}

type Vector = readonly [x: number, y: number, z: number];

/** A geometry on the globe. */
export interface Geography {
  readonly geometry: Geometry;
  /** Its polygon is everything but what the ring encloses. */
  readonly inverted: boolean;
}

export function geographyOf(geometry: Geometry): Geography {
  return { geometry, inverted: geometry.polygons.some(([outer]) => outer !== undefined && isLeftHanded(outer)) };
}

/** Seen from its own middle, from where a ring that fits on half of the Earth is in sight as a whole. */
function isLeftHanded(ring: Ring): boolean {
  return !isAgainstClock(cornersOf(planeAround({ points: ring, lines: [], polygons: [] }).ring(ring)));
}

/** Both in the plane around the middle of the second, which must fit on half of the Earth. */
export function projectedShapes(first: Geography, second: Geography): readonly [Shape, Shape] {
  const plane = planeAround(second.geometry);
  return [
    { ...plane.shapeOf(first.geometry), inverted: first.inverted },
    { ...plane.shapeOf(second.geometry), inverted: second.inverted },
  ];
}

function planeAround({ points, lines, polygons }: Geometry): TangentPlane {
  const vectors = [...points, ...lines.flat(), ...polygons.flat(2)].map(vectorOf);
  const middle = middleOf(vectors);
  if (nearness(vectors, middle) < 2 * horizon) {
    throw new GeometryError('it reaches over more than half of the Earth, which no geography below level 1.2 may.');
  }
  return new TangentPlane(middle);
}

/** The cosine of the angle to the furthest. */
function nearness(vectors: readonly Vector[], middle: Vector): number {
  return vectors.reduce((least, vector) => Math.min(least, dot(vector, middle)), 1);
}

/** A place from which all are in sight, if there is one. */
function middleOf(vectors: readonly Vector[]): Vector {
  const sum = vectors.reduce((total, vector) => along(total, vector, 1), [0, 0, 0] as Vector);
  const mean = unit(sum);
  if (nearness(vectors, mean) > 0.5) return mean;
  // Corners that crowd on one side draw the mean to them: towards the middle of the smallest ball around all, by steps
  // to the furthest that become smaller (M. Bădoiu and K. Clarkson, "Smaller core-sets for balls").
  let middle = mean;
  for (let step = 1; step <= 200; step += 1) {
    const furthest = vectors.reduce((far, vector) => (squaredLength(middle, vector) > squaredLength(middle, far) ? vector : far));
    middle = along(middle, along(furthest, middle, -1), 1 / (step + 1));
  }
  return unit(middle);
}

/** start + direction · length */
function along(start: Vector, direction: Vector, length: number): Vector {
  return [start[0] + direction[0] * length, start[1] + direction[1] * length, start[2] + direction[2] * length];
}

function squaredLength(a: Vector, b: Vector): number {
  const difference = along(b, a, -1);
  return dot(difference, difference);
}

/** The zero vector, which no place is in sight of, stays what it is. */
function unit(vector: Vector): Vector {
  return along([0, 0, 0], vector, 1 / (Math.hypot(...vector) || 1));
}

function vectorOf([longitude, latitude]: Position): Vector {
  const [x, y] = [(longitude * Math.PI) / 180, (latitude * Math.PI) / 180];
  return [Math.cos(y) * Math.cos(x), Math.cos(y) * Math.sin(x), Math.sin(y)];
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** The cosine of the angle to the middle beyond which nothing is projected: the horizon, less about half a degree. */
const horizon = 0.01;

/**
 * Where the plane has what lies wholly behind the horizon: further out than anything in sight (1 / horizon), so that it meets
 * nothing. It cannot meet what the plane is centred on, which fits on half of the Earth; but it is there, and lies outside.
 */
const farAway: Ring = [
  [1000, 0],
  [1001, 0],
  [1000, 1],
];

class TangentPlane {
  readonly #middle: Vector;
  readonly #east: Vector;
  readonly #north: Vector;

  constructor(middle: Vector) {
    const [x, y, z] = middle;
    const level = Math.hypot(x, y);
    this.#middle = middle;
    this.#east = level < 1e-12 ? [0, 1, 0] : [-y / level, x / level, 0];
    const [eastX, eastY] = this.#east;
    this.#north = [-z * eastY, z * eastX, x * eastY - y * eastX];
  }

  shapeOf({ points, lines, polygons }: Geometry): Omit<Shape, 'inverted'> {
    return {
      points: points.map(vectorOf).map((vector) => (this.#height(vector) > 0 ? this.#project(vector) : (farAway[0] as Position))),
      lines: lines.flatMap((line) => segmentsOf(line).map((segment) => this.#segment(segment))),
      boundary: polygons.flatMap(([outer = [], ...holes]) => {
        const ring = this.ring(outer);
        if (ring.length < 3) return boundaryOf([farAway]);
        return boundaryOf([ring, ...holes.map((hole) => this.ring(hole)).filter((hole) => hole.length >= 3)]);
      }),
    };
  }

  #segment([from, to]: Segment): Segment {
    const [start, end] = [vectorOf(from), vectorOf(to)];
    const [startInSight, endInSight] = [this.#height(start) > 0, this.#height(end) > 0];
    if (!startInSight && !endInSight) return [farAway[0] as Position, farAway[1] as Position];
    return [
      this.#project(startInSight ? start : this.#atHorizon(start, end)),
      this.#project(endInSight ? end : this.#atHorizon(end, start)),
    ];
  }

  /** Cut along the horizon (Sutherland and Hodgman); empty when it lies behind it. */
  ring(ring: Ring): Ring {
    const vectors = ring.map(vectorOf);
    const kept = vectors.flatMap((vector, index) => {
      const next = vectors[(index + 1) % vectors.length] as Vector;
      const here = this.#height(vector) > 0 ? [vector] : [];
      return this.#height(vector) > 0 === this.#height(next) > 0 ? here : [...here, this.#atHorizon(vector, next)];
    });
    return kept.map((vector) => this.#project(vector));
  }

  #height(vector: Vector): number {
    return dot(vector, this.#middle) - horizon;
  }

  /** Where the arc from one vector to another crosses the horizon, found by halving the chord below it. */
  #atHorizon(from: Vector, to: Vector): Vector {
    let low = 0;
    let high = 1;
    const direction = along(to, from, -1);
    const at = (place: number) => unit(along(from, direction, place));
    const rising = this.#height(from) < this.#height(to);
    for (let step = 0; step < 50; step += 1) {
      const middle = (low + high) / 2;
      if (this.#height(at(middle)) < 0 === rising) low = middle;
      else high = middle;
    }
    return at((low + high) / 2);
  }

  #project(vector: Vector): Position {
    const depth = dot(vector, this.#middle);
    return [dot(vector, this.#east) / depth, dot(vector, this.#north) / depth];
  }
}
