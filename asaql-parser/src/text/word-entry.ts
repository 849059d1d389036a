/** Records that are asked for words of a text. Knows nothing of the language. */

/** What a record holds under a word; to it `constructor` and `__proto__` are words like any other. */
export function entryOf<Value>(record: Readonly<Record<string, Value>>, word: string): Value | undefined {
  return Object.hasOwn(record, word) ? record[word] : undefined;
}
