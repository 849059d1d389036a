/** What a sample of events shows of their fields: nested, optional, of several types. Knows no file. */

/** Types as ASAQL has them; `null` beside others says that a value may be missing. */
export type ShapeName = 'bigint' | 'float' | 'nvarchar(max)' | 'bit' | 'record' | 'array';

/** All values that stood at one place. */
export interface Shape {
  /** How many values there were, NULLs included. */
  readonly count: number;
  readonly nulls: number;
  /** How many values of each type, most frequent first. */
  readonly types: ReadonlyMap<ShapeName, number>;
  /** Every text among them is a point in time, and there is one. */
  readonly isTime: boolean;
  /** Of the records among them, in the order in which they were first seen. */
  readonly fields: readonly Field[];
  /** Of all items of the arrays among them; null where no array had any. */
  readonly items: Shape | null;
}

export interface Field {
  readonly name: string;
  /** `shape.count` is in how many of the records around it the field stood. */
  readonly shape: Shape;
}

/** The events themselves are records. */
export interface Schema {
  readonly events: number;
  readonly fields: readonly Field[];
}

/** Whether a field is missing in some of the records around it. */
export function isOptional(field: Field, records: number): boolean {
  return field.shape.count < records;
}

/** Whole numbers beside others are no conflict: they are floats. */
export function isConflict({ types }: Shape): boolean {
  return types.size > 1 && !(types.size === 2 && types.has('bigint') && types.has('float'));
}

/** The one type of all values; null where they differ, or are all NULL. */
export function typeOfShape(shape: Shape): ShapeName | null {
  if (isConflict(shape)) return null;
  if (shape.types.size === 2) return 'float';
  return [...shape.types.keys()][0] ?? null;
}

/** How many of the shape's values are records. */
export function recordsOf({ types }: Shape): number {
  return types.get('record') ?? 0;
}
