/** The leaves of expressions: constants, columns, the timestamp, and access to a property of a record. */
import type { Batch } from '../batch/batch.ts';
import { type Column, Tag } from '../batch/column.ts';
import type { Dictionary } from '../batch/dictionary.ts';
import { Expression } from './expression.ts';
import { DateTime, RecordValue, type Value, valueText } from './value.ts';

export class Constant extends Expression {
  readonly value: Value;
  #filled = 0;
  #column: Column | null = null;

  constructor(dictionary: Dictionary, value: Value) {
    super(dictionary, `${typeof value}:${valueText(value)}`, false);
    this.value = value;
  }

  at(): Value {
    return this.value;
  }

  protected override fill(batch: Batch): Column {
    if (this.#column !== null && this.#filled >= batch.count) return this.#column;
    const column = this.scratch(batch);
    if (typeof this.value === 'string') {
      const code = this.dictionary.intern(this.value);
      for (let row = 0; row < batch.count; row += 1) column.set(row, Tag.text, code);
    } else {
      for (let row = 0; row < batch.count; row += 1) column.setValue(row, this.value);
    }
    this.#filled = batch.count;
    this.#column = column;
    return column;
  }
}

export class ColumnReference extends Expression {
  readonly slot: number;

  constructor(dictionary: Dictionary, slot: number) {
    super(dictionary, `#${slot}`, false);
    this.slot = slot;
  }

  at(batch: Batch, row: number): Value {
    return (batch.columns[this.slot] as Column).value(row);
  }

  override column(batch: Batch): Column {
    return batch.columns[this.slot] as Column;
  }
}

/** System.Timestamp(): https://learn.microsoft.com/stream-analytics-query/system-timestamp-stream-analytics */
export class RowTimestamp extends Expression {
  constructor(dictionary: Dictionary) {
    super(dictionary, 'System.Timestamp()', false);
  }

  at(batch: Batch, row: number): Value {
    return DateTime.fromUs(batch.timestamps[row] as number);
  }

  protected override fill(batch: Batch): Column {
    const column = this.scratch(batch);
    for (let row = 0; row < batch.count; row += 1) column.set(row, Tag.time, batch.timestamps[row] as number);
    return column;
  }
}

/** A property of a record; NULL where there is no record or no such property. */
export class MemberAccess extends Expression {
  readonly object: Expression;
  readonly property: string;

  constructor(object: Expression, property: string) {
    super(object.dictionary, `${object.key}.[${property.toLowerCase()}]`, object.mayFail);
    this.object = object;
    this.property = property;
  }

  at(batch: Batch, row: number): Value {
    const object = this.object.at(batch, row);
    return object instanceof RecordValue ? (object.get(this.property) ?? null) : null;
  }
}

/** A record made of expressions: a whole row as a value. `spread` parts add the properties of a record; the first of equal names stays. */
export class MakeRecord extends Expression {
  readonly parts: readonly { readonly name: string | null; readonly value: Expression }[];

  constructor(dictionary: Dictionary, parts: readonly { readonly name: string | null; readonly value: Expression }[]) {
    super(
      dictionary,
      `{${parts.map((part) => `${part.name ?? '*'}:${part.value.key}`).join(',')}}`,
      parts.some((part) => part.value.mayFail),
    );
    this.parts = parts;
  }

  at(batch: Batch, row: number): Value {
    if (this.parts.length === 1 && this.parts[0]?.name === null) return this.parts[0].value.at(batch, row);
    return recordOf(this.parts.map((part) => ({ name: part.name, value: part.value.at(batch, row) })));
  }
}

/** Names are columns: of equal names (whatever their case) the left one stays (SELECT reference page). */
export function recordOf(parts: readonly { readonly name: string | null; readonly value: Value }[]): RecordValue {
  const seen = new Set<string>();
  const entries: [string, Value][] = [];
  const add = (name: string, value: Value) => {
    const folded = name.toLowerCase();
    if (seen.has(folded)) return;
    seen.add(folded);
    entries.push([name, value]);
  };
  for (const { name, value } of parts) {
    if (name !== null) add(name, value);
    else if (value instanceof RecordValue) for (const [property, item] of value.entries()) add(property, item);
  }
  return new RecordValue(entries);
}
