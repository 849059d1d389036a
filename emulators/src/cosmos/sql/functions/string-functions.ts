/** String functions: https://learn.microsoft.com/azure/cosmos-db/nosql/query/system-functions#string-functions */
import { badRequest } from '../../cosmos-error.ts';
import type { Value } from '../values.ts';
import { type BuiltIn, builtIn, type Family, textual } from './built-in.ts';

/** Tests of one string by another, with an optional flag to ignore case. */
function search(test: (text: string, part: string) => boolean): BuiltIn {
  return builtIn(2, 3, ([text, part, ignoreCase]) => {
    if (typeof text !== 'string' || typeof part !== 'string') return undefined;
    if (ignoreCase !== undefined && typeof ignoreCase !== 'boolean') return undefined;
    return ignoreCase ? test(text.toLowerCase(), part.toLowerCase()) : test(text, part);
  });
}

export const stringFunctions: Family = {
  CONCAT: builtIn(2, Number.POSITIVE_INFINITY, (values) =>
    values.every((value) => typeof value === 'string') ? values.join('') : undefined,
  ),
  CONTAINS: search((text, part) => text.includes(part)),
  STARTSWITH: search((text, part) => text.startsWith(part)),
  ENDSWITH: search((text, part) => text.endsWith(part)),
  STRINGEQUALS: search((text, part) => text === part),
  INDEX_OF: builtIn(2, 3, ([text, part, start = 0]) =>
    typeof text === 'string' && typeof part === 'string' && typeof start === 'number' ? text.indexOf(part, start) : undefined,
  ),
  LEFT: builtIn(2, 2, ([text, count]) =>
    typeof text === 'string' && typeof count === 'number' ? text.slice(0, Math.max(0, Math.trunc(count))) : undefined,
  ),
  RIGHT: builtIn(2, 2, ([text, count]) =>
    typeof text === 'string' && typeof count === 'number'
      ? text.slice(Math.max(0, text.length - Math.max(0, Math.trunc(count))))
      : undefined,
  ),
  LENGTH: textual(1, (text) => (text as string).length),
  LOWER: textual(1, (text) => (text as string).toLowerCase()),
  UPPER: textual(1, (text) => (text as string).toUpperCase()),
  LTRIM: builtIn(1, 2, (args) => trimmed(args, true, false)),
  RTRIM: builtIn(1, 2, (args) => trimmed(args, false, true)),
  TRIM: builtIn(1, 2, (args) => trimmed(args, true, true)),
  REPLACE: textual(3, (text, from, to) => (from === '' ? text : text?.replaceAll(from as string, () => to as string))),
  REPLICATE: builtIn(2, 2, ([text, times]) => {
    if (typeof text !== 'string' || typeof times !== 'number' || times < 0 || text.length * times > 10_000) return undefined;
    return text.repeat(Math.trunc(times));
  }),
  REVERSE: textual(1, (text) => [...(text as string)].reverse().join('')),
  SUBSTRING: builtIn(3, 3, ([text, start, length]) => {
    if (typeof text !== 'string' || typeof start !== 'number' || typeof length !== 'number') return undefined;
    const from = Math.max(0, Math.trunc(start));
    return text.slice(from, from + Math.max(0, Math.trunc(length)));
  }),
  REGEXMATCH: builtIn(2, 3, ([text, pattern, modifiers = '']) => {
    if (typeof text !== 'string' || typeof pattern !== 'string' || typeof modifiers !== 'string') return undefined;
    return expression(pattern, modifiers).test(text);
  }),
  STRINGTOARRAY: textual(1, (text) => parsed(text as string, Array.isArray)),
  STRINGTOBOOLEAN: textual(1, (text) => parsed(text as string, (value) => typeof value === 'boolean')),
  STRINGTONULL: textual(1, (text) => parsed(text as string, (value) => value === null)),
  STRINGTONUMBER: textual(1, (text) => parsed(text as string, (value) => typeof value === 'number')),
  STRINGTOOBJECT: textual(1, (text) =>
    parsed(text as string, (value) => typeof value === 'object' && value !== null && !Array.isArray(value)),
  ),
  STRINGSPLIT: textual(2, (text, separator) => (text as string).split(separator as string)),
  STRINGJOIN: builtIn(2, 2, ([items, separator]) =>
    Array.isArray(items) && items.every((item) => typeof item === 'string') && typeof separator === 'string'
      ? items.join(separator)
      : undefined,
  ),
  TOSTRING: builtIn(1, 1, ([value]) => (value === undefined || typeof value === 'string' ? value : JSON.stringify(value))),
};

function trimmed([text, characters = ' \t\r\n']: readonly Value[], left: boolean, right: boolean): Value {
  if (typeof text !== 'string' || typeof characters !== 'string') return undefined;
  let start = 0;
  let end = text.length;
  while (left && start < end && characters.includes(text[start] as string)) start += 1;
  while (right && end > start && characters.includes(text[end - 1] as string)) end -= 1;
  return text.slice(start, end);
}

function parsed(text: string, accepts: (value: unknown) => boolean): Value {
  try {
    const value = JSON.parse(text) as Value;
    return accepts(value) ? value : undefined;
  } catch {
    // Text that is no JSON of the wanted type converts to undefined, by definition of these functions.
    return undefined;
  }
}

const expressions = new Map<string, RegExp>();

function expression(pattern: string, modifiers: string): RegExp {
  const key = `${modifiers}/${pattern}`;
  let found = expressions.get(key);
  if (found === undefined) {
    if (/[^ims]/.test(modifiers))
      throw badRequest(`The RegexMatch modifiers '${modifiers}' are not supported by this emulator: i, m and s are.`);
    try {
      found = new RegExp(pattern, modifiers);
    } catch (error) {
      throw badRequest(`The pattern of RegexMatch cannot be read: ${(error as Error).message}`);
    }
    if (expressions.size > 100) expressions.clear();
    expressions.set(key, found);
  }
  return found;
}
