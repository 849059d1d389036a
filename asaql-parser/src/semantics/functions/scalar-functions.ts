/** Mathematical, conversion, conditional, array, record and metadata functions. Source: their pages of the reference. */
import { anyType, bigint, commonType, float, nullType, text, type ValueType } from '../types.ts';
import { family, parameters, within } from './function-spec.ts';

const page = (name: string): string => `${name}-azure-stream-analytics`;
const sameAsFirst = ([first]: readonly ValueType[]): ValueType =>
  first?.name === 'bigint' || first?.name === 'float' ? first : anyType;

export const mathematicalFunctions = family('mathematical', 'scalar', [
  {
    name: 'ABS',
    signatures: ['ABS(expression)'],
    summary: 'The number without its sign.',
    parameters: parameters('expression:number'),
    returns: sameAsFirst,
    page: page('abs'),
  },
  {
    name: 'CEILING',
    signatures: ['CEILING(expression)'],
    summary: 'The smallest whole number that is not less.',
    parameters: parameters('expression:number'),
    returns: sameAsFirst,
    page: page('ceiling'),
  },
  {
    name: 'EXP',
    signatures: ['EXP(float_expression)'],
    summary: 'e to the power of a number.',
    parameters: parameters('float_expression:number'),
    returns: float,
    page: page('exp'),
  },
  {
    name: 'FLOOR',
    signatures: ['FLOOR(expression)'],
    summary: 'The greatest whole number that is not greater.',
    parameters: parameters('expression:number'),
    returns: sameAsFirst,
    page: page('floor'),
  },
  {
    name: 'POWER',
    signatures: ['POWER(float_expression, y)'],
    summary: 'A number to the power of another, in the type of the first.',
    parameters: parameters('float_expression:number', 'y:number'),
    returns: sameAsFirst,
    page: page('power'),
  },
  {
    name: 'ROUND',
    signatures: ['ROUND(numericExpression, length)'],
    summary: 'Rounds to a number of decimals, halves away from zero.',
    parameters: parameters('numericExpression:number', 'length:integer'),
    returns: sameAsFirst,
    page: page('round'),
  },
  {
    name: 'SIGN',
    signatures: ['SIGN(expression)'],
    summary: '1, 0 or -1.',
    parameters: parameters('expression:number'),
    returns: sameAsFirst,
    page: page('sign'),
  },
  {
    name: 'SQUARE',
    signatures: ['SQUARE(float_expression)'],
    summary: 'A number times itself.',
    parameters: parameters('float_expression:number'),
    returns: float,
    page: page('square'),
  },
  {
    name: 'SQRT',
    signatures: ['SQRT(float_expression)'],
    summary: 'The square root.',
    parameters: within({ float_expression: { min: 0 } }, parameters('float_expression:number')),
    returns: float,
    page: page('sqrt'),
  },
]);

/** CAST and TRY_CAST have a syntax of their own; they stand here to be found by name. */
export const conversionFunctions = family('conversion', 'scalar', [
  {
    name: 'CAST',
    signatures: ['CAST(expression AS data_type)'],
    summary: 'Converts a value; the job stops if it cannot be converted.',
    parameters: parameters('expression:value'),
    returns: anyType,
    page: page('cast'),
  },
  {
    name: 'TRY_CAST',
    signatures: ['TRY_CAST(expression AS data_type)'],
    summary: 'Converts a value, or gives NULL if it cannot be converted.',
    parameters: parameters('expression:value'),
    returns: anyType,
    page: page('try-cast'),
  },
  {
    name: 'GetType',
    signatures: ['GetType(expression)'],
    summary: 'The name of the type of a value.',
    parameters: parameters('expression:value'),
    returns: text,
    page: page('gettype'),
  },
]);

export const conditionalFunctions = family('conditional', 'scalar', [
  {
    name: 'COALESCE',
    signatures: ['COALESCE(expression1, expression2 [, ...n])'],
    summary: 'The first value that is not NULL.',
    parameters: parameters('expression1:value', 'expression2:value*'),
    returns: (args) => args.reduce(commonType, nullType),
    page: page('coalesce'),
  },
  {
    name: 'NULLIF',
    signatures: ['NULLIF(expression, expression)'],
    summary: 'NULL if both are equal, else the first.',
    parameters: parameters('expression1:value', 'expression2:value'),
    returns: ([first]) => first ?? anyType,
    page: page('nullif'),
  },
]);

export const arrayFunctions = family('array', 'scalar', [
  {
    name: 'GetArrayElement',
    signatures: ['GetArrayElement(array_expression, bigint_expression)'],
    summary: 'One element of an array; the first has index 0.',
    parameters: within({ index: { min: 0 } }, parameters('array_expression:array', 'index:integer')),
    returns: anyType,
    page: page('getarrayelement'),
  },
  {
    name: 'GetArrayElements',
    kind: 'tableValued',
    signatures: ['CROSS | OUTER APPLY GetArrayElements(array_expression) AS alias'],
    summary: 'A row for each element of an array: ArrayIndex and ArrayValue.',
    parameters: parameters('array_expression:array'),
    returns: anyType,
    page: page('getarrayelements'),
  },
  {
    name: 'GetArrayLength',
    signatures: ['GetArrayLength(array_expression)'],
    summary: 'Number of elements of an array.',
    parameters: parameters('array_expression:array'),
    returns: bigint,
    page: page('getarraylength'),
  },
]);

export const recordFunctions = family('record', 'scalar', [
  {
    name: 'GetRecordProperties',
    kind: 'tableValued',
    signatures: ['CROSS | OUTER APPLY GetRecordProperties(record_expression) AS alias'],
    summary: 'A row for each property of a record: PropertyName and PropertyValue.',
    parameters: parameters('record_expression:record'),
    returns: anyType,
    page: page('getrecordproperties'),
  },
  {
    name: 'GetRecordPropertyValue',
    signatures: ['GetRecordPropertyValue(record_expression, string_expression)'],
    summary: 'The property of a record with a name that may be computed.',
    parameters: parameters('record_expression:record', 'string_expression:text'),
    returns: anyType,
    page: page('getrecordpropertyvalue'),
  },
]);

export const metadataFunctions = family('input metadata', 'scalar', [
  {
    name: 'GetMetadataPropertyValue',
    signatures: ['GetMetadataPropertyValue(input_alias, propertyPath)'],
    summary: 'A property that the source of an event added to it, such as its partition or enqueue time.',
    parameters: parameters('input_alias:source', 'propertyPath:text'),
    returns: anyType,
    page: 'getmetadatapropertyvalue',
  },
]);

const geoJson: ValueType = { name: 'record' };

export const geospatialFunctions = family('geospatial', 'scalar', [
  {
    name: 'CreatePoint',
    signatures: ['CreatePoint(latitude, longitude)'],
    summary: 'A GeoJSON point.',
    parameters: within(
      { latitude: { min: -90, max: 90 }, longitude: { min: -180, max: 180 } },
      parameters('latitude:number', 'longitude:number'),
    ),
    returns: geoJson,
    page: 'createpoint',
  },
  {
    name: 'CreateLineString',
    signatures: ['CreateLineString(point1, point2 [, ...n])'],
    summary: 'A GeoJSON line through points.',
    parameters: parameters('point1:record', 'point2:record*'),
    returns: geoJson,
    page: 'createlinestring',
  },
  {
    name: 'CreatePolygon',
    signatures: ['CreatePolygon(point1, point2, point3 [, ...n], point1)'],
    summary: 'A GeoJSON polygon; the first and the last point are the same.',
    parameters: parameters('point1:record', 'point2:record', 'point3:record', 'point4:record*'),
    returns: geoJson,
    page: 'createpolygon',
  },
  {
    name: 'ST_DISTANCE',
    signatures: ['ST_DISTANCE(pointA, pointB)'],
    summary: 'Distance in metres.',
    parameters: parameters('pointA:geography', 'pointB:geography'),
    returns: float,
    page: 'st-distance',
  },
  {
    name: 'ST_INTERSECTS',
    signatures: ['ST_INTERSECTS(geographyA, geographyB)'],
    summary: '1 if two geographies meet, else 0.',
    parameters: parameters('geographyA:geography', 'geographyB:geography'),
    returns: bigint,
    page: 'st-intersects',
  },
  {
    name: 'ST_OVERLAPS',
    signatures: ['ST_OVERLAPS(polygonA, polygonB)'],
    summary: '1 if two polygons overlap, else 0.',
    parameters: parameters('polygonA:geography', 'polygonB:geography'),
    returns: bigint,
    page: 'st-overlaps',
  },
  {
    name: 'ST_WITHIN',
    signatures: ['ST_WITHIN(geography, polygon)'],
    summary: '1 if a geography lies in a polygon, else 0.',
    parameters: parameters('geography:geography', 'polygon:geography'),
    returns: bigint,
    page: 'st-within',
  },
]);
