/**
 * Partition keys: where they stand in a document, and the canonical text by which the store keeps them apart.
 * The text is the JSON array of the components, `{}` standing for an undefined one, as on the wire; so null, undefined, 1 and "1" differ.
 */
import { badRequest } from './cosmos-error.ts';
import { isObject, type Json } from './json.ts';

export type PartitionKeyDefinition = { paths: string[]; kind: 'Hash' | 'MultiHash'; version?: number; systemKey?: boolean };

const maxBytes = 2048;

export class PartitionKey {
  readonly definition: PartitionKeyDefinition;
  readonly segments: string[][];

  constructor(definition: PartitionKeyDefinition) {
    this.definition = definition;
    this.segments = definition.systemKey ? [] : definition.paths.map(segmentsOfPath);
  }

  /** The key of a document. Throws 400 where a component is an object or array. */
  ofItem(item: Json): string {
    if (this.segments.length === 1) return `[${componentText(valueAt(item, this.segments[0] as string[]))}]`;
    return `[${this.segments.map((path) => componentText(valueAt(item, path))).join(',')}]`;
  }

  /** A complete key from the wire (`x-ms-documentdb-partitionkey`, or a bulk operation's). */
  fromWire(text: string): string {
    const components = this.componentsFromWire(text);
    if (components.length !== this.segments.length) {
      throw badRequest(
        `Partition key ${text} provided either doesn't correspond to definition in the collection or doesn't match partition key field values specified in the document (${this.segments.length} components expected).`,
        1001,
      );
    }
    return `[${components.join(',')}]`;
  }

  /** The components as canonical texts; may be fewer than defined (a prefix of a hierarchical key). */
  componentsFromWire(text: string): string[] {
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch {
      throw badRequest(`The partition key header is no JSON: ${text}`);
    }
    if (!Array.isArray(parsed)) throw badRequest(`The partition key header is no JSON array: ${text}`);
    // SDKs send [] or [{}] for containers whose key is the system's own.
    if (this.segments.length === 0) return [];
    return parsed.map((component: Json) =>
      componentText(isObject(component) && Object.keys(component).length === 0 ? undefined : component),
    );
  }
}

/** `/a/b` or `/"a b"/c` as property names. */
export function segmentsOfPath(path: string): string[] {
  if (!path.startsWith('/')) throw badRequest(`The partition key or unique key path '${path}' must begin with '/'.`);
  const segments: string[] = [];
  for (const match of path.matchAll(/\/(?:"((?:[^"\\]|\\.)*)"|([^/]*))/g)) {
    segments.push(match[1] === undefined ? (match[2] ?? '') : (JSON.parse(`"${match[1]}"`) as string));
  }
  if (segments.some((segment) => segment === '')) throw badRequest(`The path '${path}' has an empty segment.`);
  return segments;
}

export function valueAt(item: Json | undefined, path: readonly string[]): Json | undefined {
  let value: Json | undefined = item;
  for (const name of path) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

function componentText(value: Json | undefined): string {
  if (value === undefined) return '{}';
  if (typeof value === 'object' && value !== null) {
    throw badRequest('The partition key must be a string, a number, a Boolean, null or undefined, not an object or array.');
  }
  const text = JSON.stringify(value);
  if (text.length > maxBytes && Buffer.byteLength(text) > maxBytes)
    throw badRequest(`The partition key is longer than ${maxBytes} bytes.`);
  return text;
}
