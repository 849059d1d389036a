/**
 * Avro schemas, and values from their binary encoding: https://avro.apache.org/docs/1.11.1/specification/. Integers become
 * bigint, float and double float, timestamps and dates datetime, decimals float, enums and texts nvarchar(max), maps and
 * records record. Bytes become their text where they are UTF-8, else base64. Knows no files and no columns.
 */
import { DateTime, RecordValue, type Value } from '../expressions/value.ts';
import { isUtf8 } from './is-utf8.ts';

/** What of the platform is used; the room has no platform types. */
declare class TextDecoder {
  constructor(encoding: string);
  decode(bytes: Uint8Array): string;
}
declare function btoa(binary: string): string;

const utf8 = new TextDecoder('utf-8');

/** Bytes with a place in them. Reading beyond the end throws an AvroError. */
export class AvroBytes {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  end = 0;

  open(bytes: Uint8Array, start: number, end: number): this {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
    return this;
  }

  take(count: number): number {
    const from = this.at;
    if (!(count >= 0) || count > this.end - from) throw new AvroError('The Avro data end too early.');
    this.at = from + count;
    return from;
  }

  byte(): number {
    return this.bytes[this.take(1)] as number;
  }

  /** A zigzag varint of up to 64 bits. */
  long(): bigint {
    let result = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      result |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asIntN(64, (result >> 1n) ^ -(result & 1n));
    }
    throw new AvroError('An Avro integer is longer than 64 bits.');
  }

  count(): number {
    return Number(this.long());
  }

  float(size: 4 | 8): number {
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset + this.take(size), size);
    return size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
  }

  chunk(): Uint8Array {
    const length = this.count();
    const from = this.take(length);
    return this.bytes.subarray(from, from + length);
  }
}

/** What is wrong with a schema, or with bytes that should follow it. */
export class AvroError extends Error {
  override readonly name = 'AvroError';
}

export type ReadAvro = (source: AvroBytes) => Value;

export interface AvroField {
  readonly name: string;
  readonly read: ReadAvro;
}

type Json = null | string | number | boolean | readonly Json[] | { readonly [name: string]: Json };

/** The fields of the record that a schema's events are. Throws an AvroError for any other schema. */
export function avroFields(schema: string): readonly AvroField[] {
  let json: Json;
  try {
    json = JSON.parse(schema) as Json;
  } catch {
    throw new AvroError('The Avro schema is not valid JSON.');
  }
  const types = new Types();
  if (!isObject(json) || json.type !== 'record')
    throw new AvroError('The Avro schema must be a record: one event is one record.');
  return types.fields(json, '');
}

/** Reads past one event. */
export function skipAvroEvent(fields: readonly AvroField[], source: AvroBytes): void {
  for (const { read } of fields) read(source);
}

function isObject(json: Json | undefined): json is { readonly [name: string]: Json } {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

class Types {
  /** Readers of named types by full name; undefined while it is being made, for types that hold themselves. */
  readonly #named = new Map<string, ReadAvro>();

  fields(schema: { readonly [name: string]: Json }, outer: string): readonly AvroField[] {
    const space = this.#name(schema, outer).split('.').slice(0, -1).join('.');
    const { fields } = schema;
    if (!Array.isArray(fields)) throw new AvroError('An Avro record has no fields.');
    const made: AvroField[] = [];
    this.#named.set(this.#name(schema, outer), (source) => recordOf(made, source));
    for (const field of fields as readonly Json[]) {
      if (!isObject(field) || typeof field.name !== 'string' || field.type === undefined)
        throw new AvroError('A field of an Avro record has no name or no type.');
      made.push({ name: field.name, read: this.reader(field.type, space) });
    }
    return made;
  }

  #name(schema: { readonly [name: string]: Json }, outer: string): string {
    const { name, namespace } = schema;
    if (typeof name !== 'string') throw new AvroError('A named Avro type has no name.');
    if (name.includes('.')) return name;
    const space = typeof namespace === 'string' ? namespace : outer;
    return space === '' ? name : `${space}.${name}`;
  }

  reader(schema: Json, space: string): ReadAvro {
    if (typeof schema === 'string') return primitives[schema] ?? this.#reference(schema, space);
    if (Array.isArray(schema)) return this.#union(schema as readonly Json[], space);
    if (!isObject(schema)) throw new AvroError(`${JSON.stringify(schema)} is no Avro type.`);
    const { type } = schema;
    if (type === 'record' || type === 'error') {
      const fields = this.fields(schema, space);
      return (source) => recordOf(fields, source);
    }
    if (type === 'enum') return this.#keep(schema, space, enumReader(schema.symbols));
    if (type === 'fixed') return this.#keep(schema, space, logical(schema, fixedReader(Number(schema.size))));
    if (type === 'array') return blocks(this.reader(schema.items ?? null, space));
    if (type === 'map') return mapReader(this.reader(schema.values ?? null, space));
    return logical(schema, this.reader(type ?? null, space));
  }

  #keep(schema: { readonly [name: string]: Json }, space: string, read: ReadAvro): ReadAvro {
    this.#named.set(this.#name(schema, space), read);
    return read;
  }

  #reference(name: string, space: string): ReadAvro {
    const full = name.includes('.') || space === '' ? name : `${space}.${name}`;
    const known = this.#named.get(full) ?? this.#named.get(name);
    if (known === undefined) throw new AvroError(`The Avro type '${name}' is not defined.`);
    return known;
  }

  #union(branches: readonly Json[], space: string): ReadAvro {
    const readers = branches.map((branch) => this.reader(branch, space));
    return (source) => {
      const reader = readers[source.count()];
      if (reader === undefined) throw new AvroError('The Avro data name a branch that the union does not have.');
      return reader(source);
    };
  }
}

function recordOf(fields: readonly AvroField[], source: AvroBytes): Value {
  return new RecordValue(fields.map(({ name, read }) => [name, read(source)] as const));
}

const primitives: { readonly [name: string]: ReadAvro } = {
  null: () => null,
  boolean: (source) => source.byte() !== 0,
  int: (source) => source.long(),
  long: (source) => source.long(),
  float: (source) => source.float(4),
  double: (source) => source.float(8),
  string: (source) => utf8.decode(source.chunk()),
  bytes: (source) => textOf(source.chunk()),
};

function textOf(bytes: Uint8Array): string {
  if (isUtf8(bytes, 0, bytes.length)) return utf8.decode(bytes);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

function enumReader(symbols: Json | undefined): ReadAvro {
  const texts = Array.isArray(symbols) ? (symbols as readonly Json[]).map(String) : [];
  return (source) => {
    const symbol = texts[source.count()];
    if (symbol === undefined) throw new AvroError('The Avro data name a symbol that the enum does not have.');
    return symbol;
  };
}

function fixedReader(size: number): ReadAvro {
  return (source) => {
    const from = source.take(size);
    return textOf(source.bytes.subarray(from, from + size));
  };
}

const itemsMax = 1 << 24;

/** Blocks of items; a negative count is followed by the block's size in bytes. */
function eachItem(source: AvroBytes, item: () => void): void {
  for (let count = source.count(); count !== 0; count = source.count()) {
    if (count < 0) source.long();
    // Only items without content take no bytes: a count beyond all reason is damage.
    if (Math.abs(count) > itemsMax) throw new AvroError(`An Avro block names ${count} items.`);
    for (let left = Math.abs(count); left > 0; left -= 1) item();
  }
}

function blocks(read: ReadAvro): ReadAvro {
  return (source) => {
    const items: Value[] = [];
    eachItem(source, () => items.push(read(source)));
    return items;
  };
}

function mapReader(read: ReadAvro): ReadAvro {
  return (source) => {
    const entries: (readonly [string, Value])[] = [];
    eachItem(source, () => entries.push([utf8.decode(source.chunk()), read(source)]));
    return new RecordValue(entries);
  };
}

const dayMs = 86_400_000;

/** Logical types that the language has types for; any other is what it is made of. */
function logical(schema: { readonly [name: string]: Json }, read: ReadAvro): ReadAvro {
  switch (schema.logicalType) {
    case 'timestamp-millis':
    case 'local-timestamp-millis':
      return (source) => new DateTime(Number(read(source)));
    case 'timestamp-micros':
    case 'local-timestamp-micros':
      return (source) => DateTime.fromTicks((read(source) as bigint) * 10n);
    case 'date':
      return (source) => new DateTime(Number(read(source)) * dayMs);
    case 'decimal':
      return decimalReader(schema);
    default:
      return read;
  }
}

/** An unscaled integer of many bytes, the highest first. */
function decimalReader(schema: { readonly [name: string]: Json }): ReadAvro {
  const scale = Number(schema.scale ?? 0);
  const size = schema.type === 'fixed' ? Number(schema.size) : null;
  return (source) => {
    const from = size === null ? 0 : source.take(size);
    const bytes = size === null ? source.chunk() : source.bytes.subarray(from, from + size);
    let unscaled = 0n;
    for (const byte of bytes) unscaled = (unscaled << 8n) | BigInt(byte);
    return Number(`${BigInt.asIntN(bytes.length * 8, unscaled)}e${-scale}`);
  };
}
