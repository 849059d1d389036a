/**
 * GeoJSON records to geometries and back: https://www.rfc-editor.org/rfc/rfc7946. Must not know what is done with them.
 */
import { isArray, RecordValue, type Value } from '../../value.ts';
import {
  type Coordinates,
  collected,
  type Geometry,
  GeometryError,
  type GeometryType,
  geometryFrom,
  multiTypes,
  type Position,
  simpleTypes,
} from './geometry.ts';

/** `collections`: whether shapes of several parts are known; below level 1.2 they are not. */
export function geometryFromRecord(record: RecordValue, collections: boolean): Geometry {
  const type = record.get('type');
  if (typeof type !== 'string') throw new GeometryError("it has no property 'type'.");
  if (collections && sameWord(type, 'GeometryCollection')) {
    const parts = record.get('geometries') ?? null;
    if (!isArray(parts)) throw new GeometryError("its property 'geometries' is no array.");
    return collected(parts.map((part) => geometryFromPart(part)));
  }
  const types: readonly GeometryType[] = collections ? [...simpleTypes, ...multiTypes] : simpleTypes;
  const known = types.find((name) => sameWord(name, type));
  if (known === undefined) throw new GeometryError(`its type is '${type}'. Known are ${types.join(', ')}.`);
  return geometryFrom(known, numbers(record.get('coordinates') ?? null));
}

function geometryFromPart(part: Value): Geometry {
  if (!(part instanceof RecordValue)) throw new GeometryError('a part of the collection is no record.');
  return geometryFromRecord(part, true);
}

function sameWord(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

function numbers(value: Value): Coordinates {
  if (!isArray(value)) throw new GeometryError("its property 'coordinates' is no array of numbers.");
  return value.map((part) => {
    if (typeof part === 'bigint' || typeof part === 'number') return finite(Number(part));
    return numbers(part);
  });
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new GeometryError(`${value} is no coordinate.`);
  return value;
}

export function recordOfPoint(position: Position): RecordValue {
  return shape('Point', [...position]);
}

export function recordOfLine(positions: readonly Position[]): RecordValue {
  return shape('LineString', pairs(positions));
}

export function recordOfPolygon(ring: readonly Position[]): RecordValue {
  return shape('Polygon', [pairs(ring)]);
}

function pairs(positions: readonly Position[]): readonly Value[] {
  return positions.map((position): Value => [...position]);
}

function shape(type: string, coordinates: readonly Value[]): RecordValue {
  return new RecordValue([
    ['type', type],
    ['coordinates', coordinates],
  ]);
}
