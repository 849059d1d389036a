/**
 * Conversion of a value to a type: CAST, TRY_CAST, typed columns and implicit conversions. Must not know the tree.
 *
 * Rules: https://learn.microsoft.com/stream-analytics-query/data-types-azure-stream-analytics (type conversions)
 */
import { parseDateTimeText } from './datetime-text.ts';
import {
  DateTime,
  EvaluationError,
  int64Max,
  int64Min,
  isArray,
  RecordValue,
  type TypeName,
  typeOf,
  type Value,
} from './value.ts';

/** The value as the type, null for null; undefined when it cannot be converted. */
export function tryConvert(value: Value, type: TypeName): Value | undefined {
  if (value === null) return null;
  switch (type) {
    case 'bigint':
      return toBigint(value);
    case 'float':
      return toFloat(value);
    case 'nvarchar(max)':
      return textOf(value);
    case 'datetime':
      return toDateTime(value);
    case 'bit':
      return toBit(value);
    case 'record':
      return value instanceof RecordValue ? value : undefined;
    case 'array':
      return isArray(value) ? value : undefined;
  }
}

/** As `tryConvert`; throws an EvaluationError in the service's words. */
export function convert(value: Value, type: TypeName, expressionText: string): Value {
  const converted = tryConvert(value, type);
  if (converted === undefined) {
    const shown = typeof value === 'object' ? '' : ` '${String(value)}'`;
    throw new EvaluationError(
      `Cannot cast value${shown} of type '${typeOf(value)}' to type '${type}' in expression '${expressionText}'. ` +
        'TRY_CAST function can be used to handle values with unexpected type.',
    );
  }
  return converted;
}

function toBigint(value: Value): Value | undefined {
  switch (typeof value) {
    case 'bigint':
      return value;
    case 'boolean':
      return value ? 1n : 0n;
    case 'number':
      return Number.isFinite(value) ? within64Bits(BigInt(Math.trunc(value))) : undefined;
    case 'string':
      return /^\s*[+-]?\d+\s*$/.test(value) ? within64Bits(BigInt(value.trim().replace(/^\+/, ''))) : undefined;
    default:
      return undefined;
  }
}

function within64Bits(value: bigint): bigint | undefined {
  return value < int64Min || value > int64Max ? undefined : value;
}

/** 'NaN' and 'Infinity' are no numbers: TRY_CAST('NaN' AS float) is NULL (input-validation article). */
function toFloat(value: Value): Value | undefined {
  switch (typeof value) {
    case 'number':
      return value;
    case 'bigint':
      return Number(value);
    case 'boolean':
      return value ? 1 : 0;
    case 'string':
      return /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(value) ? Number(value) : undefined;
    default:
      return undefined;
  }
}

function toDateTime(value: Value): Value | undefined {
  if (value instanceof DateTime) return value;
  if (typeof value !== 'string') return undefined;
  const parsed = parseDateTimeText(value);
  return parsed === null ? undefined : new DateTime(parsed.ms, parsed.ticks);
}

function toBit(value: Value): Value | undefined {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'bigint':
      return value !== 0n;
    case 'number':
      return value !== 0;
    case 'string': {
      const word = value.trim().toLowerCase();
      if (word === 'true' || word === '1') return true;
      return word === 'false' || word === '0' ? false : undefined;
    }
    default:
      return undefined;
  }
}

/** The text form of a value: what CAST(x AS nvarchar(max)) and CONCAT make of it. Null has none here. */
export function textOf(value: Exclude<Value, null>): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number') return floatText(value);
  if (value instanceof RecordValue || isArray(value)) return jsonText(value);
  return value.toString();
}

function floatText(value: number): string {
  const text = String(value);
  return text.includes('e') ? text.replace('e', 'E') : text;
}

/** JSON text of a value, as an output writes it. Bigints beyond 2^53 keep all digits. */
export function jsonText(value: Value): string {
  if (value === null) return 'null';
  if (value instanceof RecordValue) {
    return (
      value.json ??
      `{${value
        .entries()
        .map(([name, item]) => `${JSON.stringify(name)}:${jsonText(item)}`)
        .join(',')}}`
    );
  }
  if (isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (value instanceof DateTime) return `"${value.toString()}"`;
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : `"${value}"`;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
