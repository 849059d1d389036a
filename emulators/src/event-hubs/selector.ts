// Where a receiver wants to begin: the filter texts that the SDKs send, turned into a place in the log.
// Knows nothing of files or links.

/** `latest` is behind the last event; `earliest` the oldest one; the others are exclusive unless `isInclusive`. */
export type StartPosition =
  | { readonly kind: 'earliest' }
  | { readonly kind: 'latest' }
  | { readonly kind: 'offset' | 'sequence' | 'time'; readonly value: number; readonly isInclusive: boolean };

const SELECTOR =
  /^\s*amqp\.annotation\.x-opt-(offset|sequence-number|enqueued-time|enqueuedtimeutc)\s*(>=|>)\s*'?([^'\s]*)'?\s*$/;

/** Reads a selector; undefined if it is none that the service knows. */
export function parseSelector(text: string): StartPosition | undefined {
  const [, field, operator, value = ''] = SELECTOR.exec(text) ?? [];
  if (!field) return undefined;
  if (field === 'offset' && value === '@latest') return { kind: 'latest' };
  if (field === 'offset' && value === '-1') return { kind: 'earliest' };
  if (!/^-?\d+$/.test(value)) return undefined;
  const kind = field === 'offset' ? 'offset' : field === 'sequence-number' ? 'sequence' : 'time';
  return { kind, value: Number(value), isInclusive: operator === '>=' };
}
