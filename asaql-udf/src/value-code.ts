/**
 * Values of the language as text that crosses the border of the sandbox, and the sandbox's half of that: what a function sees
 * (datetime as Date, record as Object) and how what it returns comes back. Must not know how functions are called.
 * Conversions: https://learn.microsoft.com/azure/stream-analytics/stream-analytics-javascript-user-defined-functions
 */
import { DateTime, EvaluationError, RecordValue, type Value } from '@asaql/engine';

/** null, booleans and texts stand for themselves; everything else says what it is. */
type Tagged =
  | null
  | boolean
  | string
  | { readonly n: string }
  | { readonly i: string }
  | { readonly d: number | null }
  | { readonly a: readonly Tagged[] }
  | { readonly o: readonly (readonly [string, Tagged])[] };

export function encodeValue(value: Value): Tagged {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  // A Number: exact up to 2^53.
  if (typeof value === 'bigint') return { n: Number(value).toString() };
  if (typeof value === 'number') return { n: String(value) };
  if (value instanceof DateTime) return { d: value.ms };
  if (value instanceof RecordValue) return { o: value.entries().map(([name, part]) => [name, encodeValue(part)] as const) };
  return { a: value.map(encodeValue) };
}

const int64Min = -(2n ** 63n);
const int64Max = 2n ** 63n - 1n;

/** Throws an EvaluationError for what is no value of the language. */
export function decodeValue(tagged: Tagged): Value {
  if (tagged === null || typeof tagged !== 'object') return tagged;
  if ('n' in tagged) return numberValue(Number(tagged.n));
  if ('i' in tagged) {
    const whole = BigInt(tagged.i);
    if (whole >= int64Min && whole <= int64Max) return whole;
    throw new EvaluationError(`${tagged.i} does not fit into a bigint (64 bits)`);
  }
  if ('d' in tagged) {
    if (tagged.d === null) throw new EvaluationError('an invalid Date is no datetime');
    return new DateTime(tagged.d);
  }
  if ('a' in tagged) return tagged.a.map(decodeValue);
  return new RecordValue(tagged.o.map(([name, part]) => [name, decodeValue(part)] as const));
}

/** A round Number within 64 bits comes back as bigint, any other as float. */
export function numberValue(value: number): Value {
  return Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63 ? BigInt(value) : value;
}

/**
 * Runs in the sandbox before the user's code and keeps what it needs of the language, so that no function can change it.
 * Gives { call, aggregate, open, goOn, encode }: arguments are taken as text where they are more than plain values, results given as text.
 */
export const sandboxSource = `(function () {
  const { parse, stringify } = JSON, { isArray } = Array, { keys } = Object, D = Date, E = Error, getTime = Date.prototype.getTime;
  const decode = (v) => {
    if (v === null || typeof v !== 'object') return v;
    if ('n' in v) return +v.n;
    if ('d' in v) return new D(v.d);
    if ('a' in v) return v.a.map(decode);
    const record = {};
    for (const [name, part] of v.o) record[name] = decode(part);
    return record;
  };
  const encode = (v) => {
    switch (typeof v) {
      case 'undefined': return null;
      case 'boolean': case 'string': return v;
      case 'number': return { n: '' + v };
      case 'bigint': return { i: '' + v };
      case 'object':
        if (v === null) return null;
        if (v instanceof D) return { d: getTime.call(v) };
        if (v instanceof E) throw v;
        if (isArray(v)) { const parts = []; for (let i = 0; i < v.length; i++) parts[i] = encode(v[i]); return { a: parts }; }
        { const parts = []; for (const name of keys(v)) parts[parts.length] = [name, encode(v[name])]; return { o: parts }; }
      default: throw new TypeError('a ' + typeof v + ' is no value of the language');
    }
  };
  const part = (object, name) => {
    if (typeof object[name] !== 'function') throw new TypeError('this.' + name + ' is no function: main() has to set it');
  };
  return {
    encode: (value) => stringify(encode(value)),
    call: (main, text) => stringify(encode(main.apply(undefined, parse(text).map(decode)))),
    aggregate: (main, text) => {
      const aggregate = new main();
      for (const name of ['init', 'accumulate', 'computeResult']) part(aggregate, name);
      aggregate.init();
      for (const [value, timeMs] of parse(text)) aggregate.accumulate(decode(value), new D(timeMs));
      return stringify(encode(aggregate.computeResult()));
    },
    open: (main) => {
      const aggregate = new main();
      for (const name of ['init', 'accumulate', 'computeResult']) part(aggregate, name);
      if (typeof aggregate.deaccumulate !== 'function') return null;
      aggregate.init();
      return aggregate;
    },
    goOn: (aggregate, text) => {
      for (const [enters, value, timeMs] of parse(text))
        if (enters) aggregate.accumulate(decode(value), new D(timeMs));
        else aggregate.deaccumulate(decode(value), new D(timeMs));
      return stringify(encode(aggregate.computeResult()));
    },
  };
})()`;
