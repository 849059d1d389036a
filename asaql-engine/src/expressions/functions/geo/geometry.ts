/**
 * Points, lines and polygons as read, in degrees. Must not know where they were read from nor what is asked of them.
 */

/** Longitude, latitude. */
export type Position = readonly [x: number, y: number];

/** Corners in order. The last is joined to the first; it may repeat it. */
export type Ring = readonly Position[];

/** One shape or a collection of several: all parts belong to it. */
export interface Geometry {
  readonly points: readonly Position[];
  readonly lines: readonly (readonly Position[])[];
  /** The outer ring, then the holes. */
  readonly polygons: readonly (readonly Ring[])[];
}

/** Why something is no geometry; ends a sentence that names the argument. */
export class GeometryError extends Error {
  override readonly name = 'GeometryError';
}

/** Coordinates as GeoJSON nests them: `[x, y]` for a point, one level more for a line, two for a polygon. */
export type Coordinates = readonly (number | Coordinates)[];

export const simpleTypes = ['Point', 'LineString', 'Polygon'] as const;
export const multiTypes = ['MultiPoint', 'MultiLineString', 'MultiPolygon'] as const;
export type GeometryType = (typeof simpleTypes)[number] | (typeof multiTypes)[number];

/** RFC 7946: https://www.rfc-editor.org/rfc/rfc7946#section-3.1 */
export function geometryFrom(type: GeometryType, coordinates: Coordinates): Geometry {
  const none: Geometry = { points: [], lines: [], polygons: [] };
  switch (type) {
    case 'Point':
      return { ...none, points: [position(coordinates)] };
    case 'MultiPoint':
      return { ...none, points: inner(coordinates).map(position) };
    case 'LineString':
      return { ...none, lines: [line(coordinates)] };
    case 'MultiLineString':
      return { ...none, lines: inner(coordinates).map(line) };
    case 'Polygon':
      return { ...none, polygons: [polygon(coordinates)] };
    case 'MultiPolygon':
      return { ...none, polygons: inner(coordinates).map(polygon) };
  }
}

export function collected(parts: readonly Geometry[]): Geometry {
  return {
    points: parts.flatMap((part) => part.points),
    lines: parts.flatMap((part) => part.lines),
    polygons: parts.flatMap((part) => part.polygons),
  };
}

/** Further numbers (an altitude) are passed over. */
function position(coordinates: Coordinates): Position {
  const [x, y] = coordinates;
  if (typeof x !== 'number' || typeof y !== 'number') throw new GeometryError('a position needs a longitude and a latitude.');
  return [x, y];
}

function line(coordinates: Coordinates): readonly Position[] {
  const positions = inner(coordinates).map(position);
  if (positions.length < 2) throw new GeometryError('a line needs at least 2 points.');
  return positions;
}

/** The reference's own ST_OVERLAPS example leaves out the level of the rings: understood as one ring. */
function polygon(coordinates: Coordinates): readonly Ring[] {
  const [first] = inner(coordinates);
  const rings = typeof first?.[0] === 'number' ? [coordinates] : inner(coordinates);
  if (rings.length === 0) throw new GeometryError('a polygon needs a ring.');
  return rings.map((ring) => inner(ring).map(position));
}

function inner(coordinates: Coordinates): readonly Coordinates[] {
  return coordinates.map((part) => {
    if (typeof part === 'number') throw new GeometryError('its coordinates are not nested as its type wants.');
    return part;
  });
}
