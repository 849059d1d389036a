/**
 * Functions that make texts of texts: https://learn.microsoft.com/stream-analytics-query/string-functions-azure-stream-analytics
 *
 * Positions are from 1 and count characters (text-characters.ts).
 */
import { textOf } from '../conversion.ts';
import type { Value } from '../value.ts';
import { type CallArguments, nullIfAnyNull } from './call-arguments.ts';
import type { ScalarFunction } from './signature.ts';
import { characterCount, charactersOf, checkTextLength, mapCharacters, sliceCharacters } from './text-characters.ts';

/** NULLs count as empty texts: https://learn.microsoft.com/stream-analytics-query/concat-azure-stream-analytics */
const concat: ScalarFunction = {
  name: 'CONCAT',
  minArguments: 2,
  maxArguments: Number.POSITIVE_INFINITY,
  unitFirst: false,
  evaluate: (args) => joined('concat', args, ''),
};

/**
 * NULLs are left out together with their separator. A NULL separator counts as an empty text (the page is silent; as in T-SQL).
 * https://learn.microsoft.com/stream-analytics-query/concat-ws-azure-stream-analytics
 */
const concatWs: ScalarFunction = {
  name: 'CONCAT_WS',
  minArguments: 3,
  maxArguments: Number.POSITIVE_INFINITY,
  unitFirst: false,
  evaluate: ([separator = null, ...values]) => joined('concat_ws', values, separator === null ? '' : textOf(separator)),
};

function joined(name: string, values: readonly Value[], separator: string): string {
  const texts = values.filter((value) => value !== null).map(textOf);
  const separators = Math.max(0, texts.length - 1) * separator.length;
  checkTextLength(
    texts.reduce((sum, text) => sum + text.length, separators),
    name,
  );
  return texts.join(separator);
}

/** https://learn.microsoft.com/stream-analytics-query/left-azure-stream-analytics */
const left = nullIfAnyNull('LEFT', 2, (args) => sliceCharacters(args.text(0), 0n, lengthArgument(args, 1)));

/** https://learn.microsoft.com/stream-analytics-query/right-azure-stream-analytics */
const right = nullIfAnyNull('RIGHT', 2, (args) => {
  const text = args.text(0);
  const count = BigInt(characterCount(text));
  return sliceCharacters(text, count - lengthArgument(args, 1), count);
});

/**
 * A start before the first character takes as many characters less: `start + length - 1`.
 * https://learn.microsoft.com/stream-analytics-query/substring-azure-stream-analytics
 */
const substring = nullIfAnyNull('SUBSTRING', 3, (args) => {
  const from = args.integer(1) - 1n;
  return sliceCharacters(args.text(0), from, from + lengthArgument(args, 2));
});

/**
 * A start before the first character is the first ("will begin at the first character"); one beyond the last gives an empty text.
 * https://learn.microsoft.com/stream-analytics-query/stuff-azure-stream-analytics
 */
const stuff = nullIfAnyNull('STUFF', 4, (args) => {
  const text = args.text(0);
  const start = args.integer(1);
  const length = lengthArgument(args, 2);
  const inserted = args.text(3);
  if (start > characterCount(text)) return '';
  const from = start < 1n ? 0n : start - 1n;
  checkTextLength(text.length + inserted.length, args.name);
  return sliceCharacters(text, 0n, from) + inserted + sliceCharacters(text, from + length, BigInt(text.length));
});

/** "If length is negative, an error is generated and the statement is terminated." */
function lengthArgument(args: CallArguments, position: number): bigint {
  const length = args.integer(position);
  if (length < 0n) throw args.wrongValue(position, `is ${length}: a length cannot be negative.`);
  return length;
}

/** A negative count gives NULL: https://learn.microsoft.com/stream-analytics-query/replicate-azure-stream-analytics */
const replicate = nullIfAnyNull('REPLICATE', 2, (args) => repeated(args, args.text(0), args.integer(1)));

/** "If integer_expression is negative, a null string is returned": https://learn.microsoft.com/stream-analytics-query/space-azure-stream-analytics */
const space = nullIfAnyNull('SPACE', 1, (args) => repeated(args, ' ', args.integer(0)));

function repeated(args: CallArguments, text: string, count: bigint): Value {
  if (count < 0n) return null;
  if (text === '') return '';
  checkTextLength(BigInt(text.length) * count, args.name);
  return text.repeat(Number(count));
}

/** Whole characters: a pair of surrogates stays in order. https://learn.microsoft.com/stream-analytics-query/reverse-azure-stream-analytics */
const reverse = nullIfAnyNull('REVERSE', 1, (args) => charactersOf(args.text(0)).toReversed().join(''));

/** Without the blanks (U+0020) at the end: https://learn.microsoft.com/stream-analytics-query/len-azure-stream-analytics */
const len = nullIfAnyNull('LEN', 1, (args) => BigInt(characterCount(withoutTrailingBlanks(args.text(0)))));

function withoutTrailingBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && text.charAt(end - 1) === ' ') end -= 1;
  return text.slice(0, end);
}

/** https://learn.microsoft.com/stream-analytics-query/lower-azure-stream-analytics */
const lower = nullIfAnyNull('LOWER', 1, (args) => inCase(args.text(0), (text) => text.toLowerCase()));

/** https://learn.microsoft.com/stream-analytics-query/upper-azure-stream-analytics */
const upper = nullIfAnyNull('UPPER', 1, (args) => inCase(args.text(0), (text) => text.toUpperCase()));

/** One character for one, as .NET and T-SQL do: a letter without a single counterpart stays (ß, not SS). */
function inCase(text: string, change: (text: string) => string): string {
  const changed = change(text);
  // JavaScript makes texts longer only, and it is a Σ alone that depends on what stands around it.
  if (changed.length === text.length && !text.includes('Σ')) return changed;
  return mapCharacters(text, (character) => {
    const alone = change(character);
    return characterCount(alone) === 1 ? alone : character;
  });
}

/** White space as the page lists it; JavaScript's own trim knows U+FEFF too and U+0085 not. */
const whiteSpace = /[\t-\r\u0085\p{Zs}\u2028\u2029]/u;

/** https://learn.microsoft.com/stream-analytics-query/ltrim-azure-stream-analytics */
const ltrim = nullIfAnyNull('LTRIM', 1, (args) => trimmed(args.text(0), true, false));

/** https://learn.microsoft.com/stream-analytics-query/rtrim-azure-stream-analytics */
const rtrim = nullIfAnyNull('RTRIM', 1, (args) => trimmed(args.text(0), false, true));

/** https://learn.microsoft.com/stream-analytics-query/trim-azure-stream-analytics */
const trim = nullIfAnyNull('TRIM', 1, (args) => trimmed(args.text(0), true, true));

function trimmed(text: string, atStart: boolean, atEnd: boolean): string {
  let start = 0;
  let end = text.length;
  if (atStart) while (start < end && whiteSpace.test(text.charAt(start))) start += 1;
  if (atEnd) while (end > start && whiteSpace.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

/**
 * NULL outside 0 … 1114111, and for halves of characters (0xD800 … 0xDFFF), which are none and would spoil the output.
 * https://learn.microsoft.com/stream-analytics-query/nchar-azure-stream-analytics
 */
const nchar = nullIfAnyNull('NCHAR', 1, (args) => {
  const code = args.integer(0);
  if (code < 0n || code > 0x10ffffn || (code >= 0xd800n && code <= 0xdfffn)) return null;
  return String.fromCodePoint(Number(code));
});

/** Of the first character; NULL of an empty text (the page is silent; as in T-SQL). https://learn.microsoft.com/stream-analytics-query/unicode-azure-stream-analytics */
const unicode = nullIfAnyNull('UNICODE', 1, (args) => {
  const code = args.text(0).codePointAt(0);
  return code === undefined ? null : BigInt(code);
});

export const textFunctions: readonly ScalarFunction[] = [
  concat,
  concatWs,
  left,
  len,
  lower,
  ltrim,
  nchar,
  replicate,
  reverse,
  right,
  rtrim,
  space,
  stuff,
  substring,
  trim,
  unicode,
  upper,
];
