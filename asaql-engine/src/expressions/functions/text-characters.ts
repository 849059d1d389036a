/**
 * Texts by characters. Must not know any function.
 *
 * A character is a Unicode code point: NCHAR takes codes up to 1114111 and UNICODE gives them, so one of them is one character
 * (https://learn.microsoft.com/stream-analytics-query/nchar-azure-stream-analytics), and no function can cut one in half.
 */
import { EvaluationError } from '../value.ts';

/** Longer results of one call are refused: a text of this many UTF-16 units (32 MB) is beyond what any output takes. */
export const textLengthMax = 2 ** 24;

const surrogate = /[\ud800-\udfff]/;

/** Where every character is one unit of a JavaScript string, its own functions do; most texts are so. */
function isPlain(text: string): boolean {
  return !surrogate.test(text);
}

export function charactersOf(text: string): readonly string[] {
  return Array.from(text);
}

export function characterCount(text: string): number {
  return isPlain(text) ? text.length : Array.from(text).length;
}

/** Characters `from` up to `to`, from 0; positions beyond the ends are the ends. */
export function sliceCharacters(text: string, from: bigint, to: bigint): string {
  const end = text.length;
  const [first, last] = [clamp(from, end), clamp(to, end)];
  return isPlain(text) ? text.slice(first, last) : Array.from(text).slice(first, last).join('');
}

function clamp(position: bigint, end: number): number {
  return position < 0n ? 0 : position > end ? end : Number(position);
}

/** The place, from 0, of the character that begins at a unit of the string. */
export function characterPosition(text: string, unit: number): number {
  return characterCount(text.slice(0, unit));
}

/** The unit at which a character begins; the text's end for positions beyond it. */
export function unitPosition(text: string, position: bigint): number {
  return sliceCharacters(text, 0n, position).length;
}

/** Every character turned into another, one for one. */
export function mapCharacters(text: string, map: (character: string) => string): string {
  return Array.from(text, map).join('');
}

/** One form for all spellings that differ in case, of the same length: positions in it are positions in the text. */
export function foldCase(text: string): string {
  const folded = text.toLowerCase();
  return folded.length === text.length ? folded : mapCharacters(text, foldCharacter);
}

export function foldCharacter(character: string): string {
  const folded = character.toLowerCase();
  return folded.length === character.length ? folded : character;
}

export function checkTextLength(length: number | bigint, functionName: string): void {
  if (length > textLengthMax) {
    throw new EvaluationError(
      `The result of function ${functionName} would be ${length} characters long. No more than ${textLengthMax} are allowed.`,
    );
  }
}
