/**
 * Geospatial functions: https://learn.microsoft.com/stream-analytics-query/geospatial-functions
 *
 * Arguments are GeoJSON records; from level 1.2 on also Well Known Text and shapes of several parts. Yes and no are the bigints
 * 1 and 0.
 */
import { EvaluationError, RecordValue } from '../value.ts';
import { type CallArguments, nullIfAnyNull } from './call-arguments.ts';
import { geographyOf, planarShape, projectedShapes } from './geo/flat-shapes.ts';
import { geodesicDistanceM } from './geo/geodesic.ts';
import { geometryFromRecord, recordOfLine, recordOfPoint, recordOfPolygon } from './geo/geojson.ts';
import { type Geometry, GeometryError, type Position } from './geo/geometry.ts';
import { intersects, overlaps, within } from './geo/predicates.ts';
import { remembered } from './geo/remembered.ts';
import { meetingOf, samePosition, segmentsOf } from './geo/segment.ts';
import type { Shape } from './geo/shape.ts';
import { geometryFromText } from './geo/well-known-text.ts';
import type { FunctionContext, ScalarFunction } from './signature.ts';

/**
 * Latitude first; the record has the longitude first. What is not on the Earth fails: it comes from swapped arguments.
 * https://learn.microsoft.com/stream-analytics-query/createpoint
 */
const createPoint = nullIfAnyNull('CreatePoint', 2, (args) =>
  recordOfPoint([degrees(args, 1, 'a longitude', 180), degrees(args, 0, 'a latitude', 90)]),
);

function degrees(args: CallArguments, position: number, what: string, max: number): number {
  const value = args.float(position);
  // Written so that NaN is refused too.
  if (Math.abs(value) <= max) return value;
  throw args.wrongValue(position, `is ${value}: ${what} must be within -${max} and ${max} degrees.`);
}

/**
 * A line must not run along itself; it may cross itself.
 * https://learn.microsoft.com/stream-analytics-query/createlinestring
 */
const createLineString = nullIfAnyNull('CreateLineString', [2, Number.POSITIVE_INFINITY], (args, context) => {
  const positions = pointArguments(args, context);
  const segments = segmentsOf(positions).filter(([from, to]) => !samePosition(from, to));
  segments.forEach((segment, index) => {
    if (segments.slice(index + 1).some((other) => (meetingOf(segment, other)?.shared ?? null) !== null)) {
      throw new EvaluationError(`The points of function ${args.name} make a line that overlaps itself.`);
    }
  });
  return recordOfLine(positions);
});

/** The first and the last point must be equal: https://learn.microsoft.com/stream-analytics-query/createpolygon */
const createPolygon = nullIfAnyNull('CreatePolygon', [4, Number.POSITIVE_INFINITY], (args, context) => {
  const positions = pointArguments(args, context);
  if (!samePosition(positions[0] as Position, positions.at(-1) as Position)) {
    throw args.wrongValue(args.count - 1, 'must be the point of the 1st argument, to close the polygon.');
  }
  return recordOfPolygon(positions);
});

function pointArguments(args: CallArguments, context: FunctionContext): readonly Position[] {
  return args.values.map((_, index) => {
    const { points, lines, polygons } = geometryArgument(args, index, context);
    const [point] = points;
    if (point === undefined || points.length > 1 || lines.length + polygons.length > 0) throw notA(args, index, 'a point');
    return point;
  });
}

/**
 * Metres along the ellipsoid, at every level; 0 where one of the two is a polygon ("If used with Polygons will return 0").
 * https://learn.microsoft.com/stream-analytics-query/st-distance
 */
const distance = nullIfAnyNull('ST_DISTANCE', 2, (args, context) => {
  const [first, second] = [0, 1].map((index) => {
    const geometry = geometryArgument(args, index, context);
    if (geometry.lines.length > 0) throw notA(args, index, 'a point or a polygon');
    return geometry;
  }) as [Geometry, Geometry];
  if (first.polygons.length > 0 || second.polygons.length > 0) return 0;
  const distances = first.points.flatMap((from) => second.points.map((to) => geodesicDistanceM(from, to)));
  return distances.length === 0 ? null : Math.min(...distances);
});

/** Documented for line strings; any two geometries are taken. https://learn.microsoft.com/stream-analytics-query/st-intersects */
const stIntersects = relation('ST_INTERSECTS', [], intersects);

/** https://learn.microsoft.com/stream-analytics-query/st-overlaps */
const stOverlaps = relation('ST_OVERLAPS', [0, 1], overlaps);

/** https://learn.microsoft.com/stream-analytics-query/st-within */
const stWithin = relation('ST_WITHIN', [1], within);

/** `areas`: which arguments must be polygons. */
function relation(name: string, areas: readonly number[], holds: (a: Shape, b: Shape) => boolean): ScalarFunction {
  return nullIfAnyNull(name, 2, (args, context) => {
    const [first, second] = [0, 1].map((position) => {
      const geometry = geometryArgument(args, position, context);
      const { points, lines, polygons } = geometry;
      if (areas.includes(position) && (polygons.length === 0 || points.length + lines.length > 0)) {
        throw notA(args, position, 'a polygon');
      }
      return geometry;
    }) as [Geometry, Geometry];
    const each = <Made>(make: (geometry: Geometry) => Made): [Made, Made] => [
      checked(args, 0, () => make(first)),
      checked(args, 1, () => make(second)),
    ];
    if (context.compatibilityLevel === '1.2') return holds(...each(shapeOf)) ? 1n : 0n;
    const geographies = each(geographyOf);
    return holds(...checked(args, 1, () => projectedShapes(...geographies))) ? 1n : 0n;
  });
}

const hasArea = ({ polygons }: Geometry): boolean => polygons.length > 0;
const anyGeometry = remembered((record: RecordValue) => geometryFromRecord(record, true), hasArea);
const simpleGeometry = remembered((record: RecordValue) => geometryFromRecord(record, false), hasArea);
const shapeOf = remembered(planarShape, (_, geometry) => hasArea(geometry));

function geometryArgument(args: CallArguments, position: number, { compatibilityLevel }: FunctionContext): Geometry {
  const value = args.value(position);
  const extended = compatibilityLevel === '1.2';
  if (value instanceof RecordValue) return checked(args, position, () => (extended ? anyGeometry : simpleGeometry)(value));
  if (typeof value === 'string' && extended) return checked(args, position, () => geometryFromText(value));
  throw args.wrongType(position, extended ? "'record', 'nvarchar(max)'" : "'record'");
}

function checked<Result>(args: CallArguments, position: number, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof GeometryError) throw args.wrongValue(position, `is no geometry: ${error.message}`);
    throw error;
  }
}

function notA(args: CallArguments, position: number, kind: string): EvaluationError {
  return args.wrongValue(position, `must be ${kind}.`);
}

export const geospatialFunctions: readonly ScalarFunction[] = [
  createLineString,
  createPoint,
  createPolygon,
  distance,
  stIntersects,
  stOverlaps,
  stWithin,
];
