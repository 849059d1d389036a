/**
 * What a JSON document is to the emulator, and how values are told apart and written canonically.
 * It must not know SQL, HTTP or the store.
 */

export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text of a value with the keys of every object sorted: equal values have equal texts. */
export function canonicalText(value: Json | undefined): string {
  if (value === undefined) return 'undefined';
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalText(value[key])}`);
  return `{${members.join(',')}}`;
}

/** Sets an object's own property, whatever its name: `__proto__` is a name like any other in JSON. */
export function setMember(object: JsonObject, name: string, value: Json): void {
  if (name === '__proto__') Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
  else object[name] = value;
}

/** Number of scalar leaves, which is what the service indexes of a document; infinite where it is nested more than `levelsMax` deep. */
export function countLeaves(value: Json, levelsMax: number): number {
  if (typeof value !== 'object' || value === null) return 1;
  if (levelsMax === 0) return Number.POSITIVE_INFINITY;
  let leaves = 0;
  for (const member of Array.isArray(value) ? value : Object.values(value)) leaves += countLeaves(member, levelsMax - 1);
  return leaves;
}
