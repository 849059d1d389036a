/**
 * Ranges of effective partition keys (hashes), by which SDKs read a part of a container: a feed range, or a prefix of a hierarchical key.
 * The hash is the service's second version: MurmurHash3 x64 128 over the typed components, reversed, two bits cleared; one hash for each
 * component of a hierarchical key. It must not know queries.
 */
import type { Container } from './catalogue.ts';
import { notSupported } from './cosmos-error.ts';
import type { Condition } from './item-store.ts';
import type { Json } from './json.ts';
import { murmurHash128 } from './murmur-hash.ts';

/** The condition for documents whose hash lies in [start, end); undefined for the whole range. */
export function keyRangeCondition(container: Container, start = '', end = 'FF'): Condition | undefined {
  if (start === '' && end.toUpperCase() === 'FF') return undefined;
  const { kind, version } = container.settings.partitionKey;
  if (kind === 'Hash' && version !== 2)
    throw notSupported('A feed range over a container with partition key hashing of version 1');
  const inside = container.items.partitionKeys().filter((pk) => {
    const hash = effectivePartitionKey(JSON.parse(pk) as Json[]);
    return hash >= start.toUpperCase() && hash < end.toUpperCase();
  });
  // One JSON array as a single bound value, however many keys there are.
  return { sql: 'pk IN (SELECT value FROM json_each(?))', values: [JSON.stringify(inside)] };
}

export function effectivePartitionKey(components: readonly Json[]): string {
  return components.map(hashOf).join('');
}

function hashOf(component: Json): string {
  const hash = murmurHash128(typedBytes(component)).reverse();
  hash[0] = (hash[0] as number) & 0x3f;
  return hash.toString('hex').toUpperCase();
}

function typedBytes(component: Json): Buffer {
  if (component === null) return Buffer.from([1]);
  if (typeof component === 'boolean') return Buffer.from([component ? 3 : 2]);
  if (typeof component === 'string') return Buffer.concat([Buffer.from([8]), Buffer.from(component), Buffer.from([0xff])]);
  if (typeof component !== 'number') return Buffer.from([0]);
  const bytes = Buffer.alloc(9);
  bytes[0] = 5;
  bytes.writeDoubleLE(component, 1);
  return bytes;
}
