/** Functions that look into arrays and records. GetArrayElements and GetRecordProperties make rows and are not here. */
import { nullIfAnyNull } from './call-arguments.ts';
import type { ScalarFunction } from './signature.ts';

/**
 * From 0. Where there is no element the reference is silent: NULL, as for a property that a record has not.
 * https://learn.microsoft.com/stream-analytics-query/getarrayelement-azure-stream-analytics
 */
const getArrayElement = nullIfAnyNull('GetArrayElement', 2, (args) => {
  const elements = args.array(0);
  const index = args.integer(1);
  return index >= 0n && index < elements.length ? (elements[Number(index)] ?? null) : null;
});

/** https://learn.microsoft.com/stream-analytics-query/getarraylength-azure-stream-analytics */
const getArrayLength = nullIfAnyNull('GetArrayLength', 1, (args) => BigInt(args.array(0).length));

/**
 * The whole text is the property's name (a dot in it is a dot of the name); by exact spelling first, then without regard to
 * case, as columns are found. A missing property is NULL, as `record.missing` is.
 * https://learn.microsoft.com/stream-analytics-query/getrecordpropertyvalue-azure-stream-analytics
 */
const getRecordPropertyValue = nullIfAnyNull('GetRecordPropertyValue', 2, (args) => args.record(0).get(args.text(1)) ?? null);

export const recordFunctions: readonly ScalarFunction[] = [getArrayElement, getArrayLength, getRecordPropertyValue];
