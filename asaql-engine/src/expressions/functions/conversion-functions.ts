/** Functions about types and forms of values. CAST and TRY_CAST are syntax and not here. */
import { readJson } from '../../decode/read-json.ts';
import { RecordValue, typeOf } from '../value.ts';
import type { ScalarFunction } from './signature.ts';

/**
 * The type's name as the Data Types page writes it. NULL has no type, and the page names none for it: NULL.
 * https://learn.microsoft.com/stream-analytics-query/gettype-azure-stream-analytics
 */
const getType: ScalarFunction = {
  name: 'GetType',
  minArguments: 1,
  maxArguments: 1,
  unitFirst: false,
  evaluate: ([value = null]) => typeOf(value),
};

/**
 * A JSON object in a text as a record; never fails: anything else, also a text with an array or a number beyond 64 bits, is NULL.
 * https://learn.microsoft.com/stream-analytics-query/json-parse-azure-stream-analytics
 */
const jsonParse: ScalarFunction = {
  name: 'JSON_PARSE',
  minArguments: 1,
  maxArguments: 1,
  unitFirst: false,
  evaluate: ([text = null], { compatibilityLevel }) => {
    if (typeof text !== 'string') return null;
    try {
      JSON.parse(text);
      const value = readJson(text, compatibilityLevel);
      return value instanceof RecordValue ? value : null;
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof RangeError) return null;
      throw error;
    }
  },
};

export const conversionFunctions: readonly ScalarFunction[] = [getType, jsonParse];
