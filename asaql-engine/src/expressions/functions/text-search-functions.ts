/**
 * Functions that look for one text in another: https://learn.microsoft.com/stream-analytics-query/string-functions-azure-stream-analytics
 *
 * Case does not count, as it does not in `=` and LIKE: REGEXMATCH is documented so, of the others the reference says nothing.
 */
import { likePattern } from '../like-pattern.ts';
import { nullIfAnyNull } from './call-arguments.ts';
import type { ScalarFunction } from './signature.ts';
import {
  characterPosition,
  charactersOf,
  checkTextLength,
  foldCase,
  foldCharacter,
  mapCharacters,
  unitPosition,
} from './text-characters.ts';

/**
 * From 1; 0 when not found, and for an empty text to find (silent; as in T-SQL).
 * https://learn.microsoft.com/stream-analytics-query/charindex-azure-stream-analytics
 */
const charIndex = nullIfAnyNull('CHARINDEX', [2, 3], (args) => {
  const wanted = args.text(0);
  const text = args.text(1);
  const start = args.count === 3 ? args.integer(2) : 1n;
  if (wanted === '') return 0n;
  return position(text, foldCase(text).indexOf(foldCase(wanted), unitPosition(text, start - 1n)));
});

const patternLengthMax = 8000;

/**
 * Wildcards are those of LIKE. Without a leading % the pattern must stand at the beginning, without one at its end, at the end.
 * https://learn.microsoft.com/stream-analytics-query/patindex-azure-stream-analytics
 */
const patIndex = nullIfAnyNull('PATINDEX', 2, (args) => {
  const pattern = args.text(0);
  const text = args.text(1);
  if (pattern.length > patternLengthMax) {
    throw args.wrongValue(0, `has ${pattern.length} characters. No more than ${patternLengthMax} are allowed.`);
  }
  return position(text, likeExpressions.of(pattern)?.exec(text)?.index ?? -1);
});

/**
 * Single-line (a dot is any character), without regard to case. A pattern that is not valid matches nothing: 0.
 * https://learn.microsoft.com/stream-analytics-query/regexmatch-azure-stream-analytics
 */
const regexMatch = nullIfAnyNull('REGEXMATCH', 2, (args) => {
  const text = args.text(0);
  return position(text, regularExpressions.of(args.text(1))?.exec(text)?.index ?? -1);
});

function position(text: string, unit: number): bigint {
  return unit === -1 ? 0n : BigInt(characterPosition(text, unit) + 1);
}

/** Compiled patterns, so that a pattern that stands in the query is compiled once. They change nothing but the time it takes. */
class PatternMemo {
  readonly #compile: (pattern: string) => RegExp;
  readonly #known = new Map<string, RegExp | null>();

  constructor(compile: (pattern: string) => RegExp) {
    this.#compile = compile;
  }

  /** Null when the pattern is not valid. */
  of(pattern: string): RegExp | null {
    const known = this.#known.get(pattern);
    if (known !== undefined) return known;
    const compiled = this.#attempt(pattern);
    // Patterns that come with the data must not pile up.
    if (this.#known.size >= 64) this.#known.clear();
    this.#known.set(pattern, compiled);
    return compiled;
  }

  #attempt(pattern: string): RegExp | null {
    try {
      return this.#compile(pattern);
    } catch (error) {
      if (error instanceof SyntaxError) return null;
      throw error;
    }
  }
}

const regularExpressions = new PatternMemo((pattern) => new RegExp(pattern, 'is'));

const likeExpressions = new PatternMemo((pattern) => {
  const rest = pattern.replace(/^%+/, '');
  if (rest === '' && pattern !== '') return /^/;
  const anchored = likePattern(rest);
  return rest === pattern ? anchored : new RegExp(anchored.source.replace(/^\^/, ''), anchored.flags);
});

/** An empty pattern changes nothing: https://learn.microsoft.com/stream-analytics-query/replace-azure-stream-analytics */
const replace = nullIfAnyNull('REPLACE', 3, (args) => {
  const text = args.text(0);
  const wanted = foldCase(args.text(1));
  const replacement = args.text(2);
  if (wanted === '') return text;
  const folded = foldCase(text);
  const parts: string[] = [];
  let from = 0;
  for (let at = folded.indexOf(wanted); at !== -1; at = folded.indexOf(wanted, from)) {
    parts.push(text.slice(from, at));
    from = at + wanted.length;
  }
  parts.push(text.slice(from));
  checkTextLength(text.length + (parts.length - 1) * (replacement.length - wanted.length), args.name);
  return parts.join(replacement);
});

/**
 * Character by character, each at most once. A character that stands twice in the list is replaced by its first counterpart.
 * https://learn.microsoft.com/stream-analytics-query/translate-azure-stream-analytics
 */
const translate = nullIfAnyNull('TRANSLATE', 3, (args) => {
  const characters = charactersOf(args.text(1));
  const translations = charactersOf(args.text(2));
  if (characters.length !== translations.length) {
    throw args.wrongValue(
      2,
      `has ${translations.length} characters and the ${args.ordinal(1)} has ${characters.length}: both must have as many.`,
    );
  }
  const counterparts = new Map<string, string>();
  characters.forEach((character, index) => {
    const folded = foldCharacter(character);
    if (!counterparts.has(folded)) counterparts.set(folded, translations[index] ?? character);
  });
  return mapCharacters(args.text(0), (character) => counterparts.get(foldCharacter(character)) ?? character);
});

export const textSearchFunctions: readonly ScalarFunction[] = [charIndex, patIndex, regexMatch, replace, translate];
