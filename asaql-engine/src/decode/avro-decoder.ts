/** One Avro record to columns: the fields that the plan needs become values, the others are only read past. Knows no file. */
import { type Column, Tag } from '../batch/column.ts';
import { tryConvert } from '../expressions/conversion.ts';
import { RecordValue, type Value } from '../expressions/value.ts';
import type { SourceSlot } from '../plan/nodes.ts';
import type { CompatibilityLevel } from '../plan/options.ts';
import { AvroBytes, AvroError, type AvroField, avroFields } from './avro-schema.ts';

export class AvroDecoder {
  readonly #slots: readonly SourceSlot[];
  readonly #fields: readonly AvroField[];
  readonly #level: CompatibilityLevel;
  readonly #source = new AvroBytes();

  /** Throws an AvroError for a schema that is none of a record. */
  constructor(slots: readonly SourceSlot[], schema: string, level: CompatibilityLevel) {
    this.#slots = slots;
    this.#fields = avroFields(schema);
    this.#level = level;
  }

  decode(bytes: Uint8Array, start: number, end: number, columns: readonly Column[], row: number): string | null {
    const source = this.#source.open(bytes, start, end);
    let record: RecordValue;
    try {
      record = new RecordValue(this.#fields.map(({ name, read }) => [name, this.#leveled(read(source))] as const));
      if (source.at !== end) return 'There is more behind the Avro record.';
    } catch (error) {
      if (error instanceof AvroError) return error.message;
      throw error;
    }
    this.#slots.forEach((slot, index) => {
      const column = columns[index] as Column;
      if (slot.kind === 'record') column.setOther(row, record);
      else if (slot.kind !== 'metadata' && slot.kind !== 'property') fill(column, row, slot.kind, valueAt(record, slot.path));
    });
    return null;
  }

  /** Booleans are bits from level 1.2 on, bigints before. */
  #leveled(value: Value): Value {
    if (this.#level === '1.2') return value;
    if (typeof value === 'boolean') return value ? 1n : 0n;
    if (value instanceof RecordValue)
      return new RecordValue(value.entries().map(([name, part]) => [name, this.#leveled(part)] as const));
    return Array.isArray(value) ? value.map((item: Value) => this.#leveled(item)) : value;
  }
}

function valueAt(record: RecordValue, path: readonly string[]): Value {
  let value: Value = record;
  for (const name of path) value = value instanceof RecordValue ? (value.get(name) ?? null) : null;
  return value;
}

function fill(column: Column, row: number, kind: 'path' | 'presence' | 'time', value: Value): void {
  if (value === null) column.set(row, Tag.null, 0);
  else if (kind === 'presence') column.set(row, Tag.bit, 1);
  else if (typeof value === 'string') {
    const time = kind === 'time' ? tryConvert(value, 'datetime') : undefined;
    if (time === undefined) column.set(row, Tag.text, column.dictionary.intern(value));
    else column.setValue(row, time);
  } else column.setValue(row, value);
}
