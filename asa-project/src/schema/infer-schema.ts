/** Finds the schema of events. Pure: the events are parsed already. */
import type { Field, Schema, Shape, ShapeName } from './schema.ts';

/** ISO 8601 with a day and a time of day. */
const time = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/;

/** Values that are no records are left out: they are no events. */
export function inferSchema(events: Iterable<unknown>): Schema {
  const all = new ShapeBuilder();
  let count = 0;
  for (const event of events) {
    if (typeof event !== 'object' || event === null || Array.isArray(event)) continue;
    all.add(event);
    count += 1;
  }
  return { events: count, fields: all.build().fields };
}

class ShapeBuilder {
  #count = 0;
  #nulls = 0;
  #texts = 0;
  #times = 0;
  readonly #types = new Map<ShapeName, number>();
  readonly #fields = new Map<string, ShapeBuilder>();
  #items: ShapeBuilder | null = null;

  add(value: unknown): void {
    this.#count += 1;
    const type = typeOf(value);
    if (type === null) {
      this.#nulls += 1;
      return;
    }
    this.#types.set(type, (this.#types.get(type) ?? 0) + 1);
    if (type === 'nvarchar(max)') {
      this.#texts += 1;
      if (time.test(value as string)) this.#times += 1;
    } else if (type === 'array') {
      for (const item of value as readonly unknown[]) {
        this.#items ??= new ShapeBuilder();
        this.#items.add(item);
      }
    } else if (type === 'record') {
      for (const [name, inner] of Object.entries(value as object)) {
        const field = this.#fields.get(name) ?? new ShapeBuilder();
        this.#fields.set(name, field);
        field.add(inner);
      }
    }
  }

  build(): Shape {
    return {
      count: this.#count,
      nulls: this.#nulls,
      types: new Map([...this.#types].sort(([, a], [, b]) => b - a)),
      isTime: this.#texts > 0 && this.#texts === this.#times,
      fields: [...this.#fields].map(([name, field]): Field => ({ name, shape: field.build() })),
      items: this.#items?.build() ?? null,
    };
  }
}

function typeOf(value: unknown): ShapeName | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return 'nvarchar(max)';
  if (typeof value === 'boolean') return 'bit';
  if (typeof value === 'number' || typeof value === 'bigint') return Number.isInteger(Number(value)) ? 'bigint' : 'float';
  return Array.isArray(value) ? 'array' : 'record';
}
