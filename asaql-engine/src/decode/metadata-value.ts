/**
 * What GetMetadataPropertyValue reads of an event: the path of the property, and its value as the language has it. Names are
 * found whatever their case. Knows no columns. https://learn.microsoft.com/stream-analytics-query/getmetadatapropertyvalue
 */
import type { EventMetadata, MetadataValue } from '../engine/contract.ts';
import { DateTime, RecordValue, type Value } from '../expressions/value.ts';

/** `'[User].[a.b]'` → User, a.b; `'BlobName'` → BlobName. */
export function metadataPath(text: string): readonly string[] {
  return [...text.matchAll(/\[((?:[^\]]|\]\])*)\]|[^.[\]]+/g)].map(([plain, bracketed]) =>
    bracketed === undefined ? plain.trim() : bracketed.replaceAll(']]', ']'),
  );
}

/** NULL where the event has no such property. */
export function metadataValue(metadata: EventMetadata | undefined, path: readonly string[]): Value {
  let found: MetadataValue | undefined = metadata;
  for (const name of path) {
    if (found === null || found === undefined || typeof found !== 'object' || found instanceof Date) return null;
    found = propertyOf(found, name);
  }
  return found === undefined ? null : toValue(found);
}

function propertyOf(record: { readonly [name: string]: MetadataValue }, name: string): MetadataValue | undefined {
  if (Object.hasOwn(record, name)) return record[name];
  const key = Object.keys(record).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : record[key];
}

function toValue(value: MetadataValue): Value {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Date) return new DateTime(value.getTime());
  return new RecordValue(Object.entries(value).map(([name, part]) => [name, toValue(part)] as const));
}
