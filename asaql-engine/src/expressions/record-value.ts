/** A record: named values in order, looked up without regard to case. Must not know how records are read or written. */
import type { Value } from './value.ts';

export class RecordValue {
  #entries: readonly (readonly [string, Value])[] | null;
  #source: (() => readonly (readonly [string, Value])[]) | null;
  /** The JSON text the record was read from, while nobody has changed it: an output that wants JSON may use it as it is. */
  readonly json: string | null;

  constructor(entries: readonly (readonly [string, Value])[]) {
    this.#entries = entries;
    this.#source = null;
    this.json = null;
  }

  /** A record that is read from its JSON text only when somebody looks into it. */
  static lazy(json: string, read: (json: string) => readonly (readonly [string, Value])[]): RecordValue {
    return new LazyRecord(json, () => read(json));
  }

  protected static defer(record: RecordValue, json: string, source: () => readonly (readonly [string, Value])[]): void {
    record.#entries = null;
    record.#source = source;
    (record as { json: string | null }).json = json;
  }

  entries(): readonly (readonly [string, Value])[] {
    if (this.#entries === null) {
      this.#entries = this.#source?.() ?? [];
      this.#source = null;
    }
    return this.#entries;
  }

  /** The value of a property, by exact name first, then without regard to case; undefined when there is none. */
  get(name: string): Value | undefined {
    const entries = this.entries();
    for (const [key, value] of entries) if (key === name) return value;
    const folded = name.toLowerCase();
    for (const [key, value] of entries) if (key.length === name.length && key.toLowerCase() === folded) return value;
    return undefined;
  }

  equals(other: RecordValue, valuesEqual: (left: Value, right: Value) => boolean): boolean {
    const entries = this.entries();
    if (entries.length !== other.entries().length) return false;
    return entries.every(([name, value]) => {
      const theirs = other.get(name);
      return theirs !== undefined && (value === theirs || valuesEqual(value, theirs));
    });
  }
}

class LazyRecord extends RecordValue {
  constructor(json: string, source: () => readonly (readonly [string, Value])[]) {
    super([]);
    RecordValue.defer(this, json, source);
  }
}
