/**
 * One message for what comes from another language, in the place of all that the parser says about it. Looks at tokens,
 * and only where the parser found something wrong: a column may be named `interval`.
 */
import type { IToken } from 'chevrotain';
import { catalogue } from '../diagnostics/catalogue.ts';
import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import { endOf, tokenize } from '../syntax/lexer.ts';
import type { Script } from '../syntax/nodes.ts';
import { Identifier } from '../syntax/token-types.ts';
import { nearest } from '../text/nearest.ts';
import { Places, startOfBlank } from '../text/places.ts';
import type { Span } from '../text/span.ts';
import { entryOf } from '../text/word-entry.ts';
import { type ForeignForm, foreignForms } from './foreign-forms.ts';

interface Found {
  readonly form: ForeignForm;
  readonly span: Span;
  readonly parts: readonly string[];
}

/** A part that reaches further is not what was meant; without a limit a long text of open parts would take for ever. */
const lengthMax = 2000;

type Part = (tokens: readonly IToken[], at: number) => number;

const compiled = new Map<string, { readonly form: ForeignForm; readonly parts: readonly Part[] }[]>();
for (const form of foreignForms) {
  const [first = '', ...rest] = form.pattern.split(' ');
  const parts = rest.map(partFrom);
  for (const word of first.split('|')) {
    const known = compiled.get(word);
    if (known === undefined) compiled.set(word, [{ form, parts }]);
    else known.push({ form, parts });
  }
}

/** How many tokens a part of a pattern takes at a place; 0 where it does not fit. */
function partFrom(part: string): Part {
  if (part === '~') return (tokens, at) => (at < tokens.length ? 1 : 0);
  if (part.startsWith('!'))
    return (tokens, at) => (at < tokens.length && tokens[at]?.image.toLowerCase() !== part.slice(1) ? 1 : 0);
  if (part === '(…)') return parenthesized;
  if (part.startsWith('until:')) return upTo(new Set(part.slice('until:'.length).split('|')));
  const words = new Set(part.split('|'));
  return (tokens, at) => {
    const image = tokens[at]?.image ?? '';
    const isWord = words.has(image.toLowerCase());
    return isWord || (words.has('#') && /^\d/.test(image)) || (words.has("'") && image.startsWith("'")) ? 1 : 0;
  };
}

function upTo(ends: ReadonlySet<string>): Part {
  return (tokens, at) => {
    const limit = Math.min(tokens.length, at + lengthMax);
    for (let end = at; end < limit; end++) if (ends.has(tokens[end]!.image)) return end - at + 1;
    return 0;
  };
}

function parenthesized(tokens: readonly IToken[], at: number): number {
  if (tokens[at]?.image !== '(') return 0;
  const limit = Math.min(tokens.length, at + lengthMax);
  let open = 0;
  for (let next = at; next < limit; next++) {
    const { image } = tokens[next]!;
    if (image === '(') open++;
    else if (image === ')' && --open === 0) return next - at + 1;
  }
  return 0;
}

function formAt(tokens: readonly IToken[], at: number): Found | null {
  let longest: Found | null = null;
  const first = tokens[at];
  if (first === undefined) return null;
  for (const { form, parts } of compiled.get(keyOf(first)) ?? []) {
    if (form.notAfter?.split('|').includes(tokens[at - 1]?.image.toLowerCase() ?? '') === true) continue;
    let next = at + 1;
    for (const part of parts) {
      const taken = part(tokens, next);
      if (taken === 0) {
        next = -1;
        break;
      }
      next += taken;
    }
    if (next < 0 || (form.tight === true && !isTight(tokens, at, next))) continue;
    const span = { start: first.startOffset, end: endOf(tokens[next - 1]!) };
    if (longest === null || span.end > longest.span.end)
      longest = { form, span, parts: tokens.slice(at, next).map(({ image }) => image) };
  }
  return longest;
}

function keyOf({ image }: IToken): string {
  return image.startsWith("['") ? "['" : image.toLowerCase();
}

function isTight(tokens: readonly IToken[], from: number, to: number): boolean {
  for (let index = from + 1; index < to; index++) if (tokens[index]!.startOffset !== endOf(tokens[index - 1]!)) return false;
  return true;
}

const unterminated: ReadonlySet<string> = new Set(
  [catalogue.unterminatedString, catalogue.unterminatedName, catalogue.unterminatedComment].map(({ code }) => code),
);
const saidByLexer: ReadonlySet<string> = new Set([...unterminated, catalogue.unknownCharacters.code]);

/** Each variable once, and nothing about a statement that is refused as a whole but that it is. */
export function withoutRepeats(diagnostics: readonly Diagnostic[], script: Script): readonly Diagnostic[] {
  const refused = script.statements.filter(({ kind }) => kind === 'errorStatement');
  const variables = new Set<string>();
  const isOpen = diagnostics.some(({ code }) => unterminated.has(code));
  const taken = new Set(diagnostics.flatMap(({ code, span }) => (saidByLexer.has(code) ? [span.start] : [])));
  const units = diagnostics.filter(({ code }) => code === catalogue.timeUnit.code).map(({ span }) => span.start);
  return diagnostics.filter(({ code, span, message }) => {
    if (isOpen && code === catalogue.missingFrom.code) return false;
    if ((code === catalogue.unexpected.code || code === catalogue.expected.code) && taken.has(span.start)) return false;
    // A window whose unit is none has been told of already; few windows stand in a text.
    const isWindow = code === catalogue.windowArguments.code;
    if (isWindow && units.some((start) => span.start <= start && start < span.end)) return false;
    const isVariable = code === catalogue.variable.code;
    const isKnown = isVariable && variables.has(message);
    if (isVariable) variables.add(message);
    return !isKnown && !refused.some((statement) => statement.span.start < span.start && span.end <= statement.span.end);
  });
}

export interface SyntaxFindings {
  readonly diagnostics: readonly Diagnostic[];
  /** Places of which nothing more is to be said. */
  readonly lost: readonly Span[];
}

/** What the parser found in `text`, with one message for each form of another language. */
export function withForeignForms(text: string, tokens: readonly IToken[], diagnostics: readonly Diagnostic[]): SyntaxFindings {
  const lost: Span[] = [];
  const own: Diagnostic[] = [];
  const spans = diagnostics.map(({ span }) => span);
  const found = new Places(text, spans);
  const ends = spans.map(({ end }) => end).sort((a, b) => a - b);
  let lostUntil = 0;
  for (let at = 0; at < tokens.length; at++) {
    const first = tokens[at]!;
    if (first.startOffset < lostUntil) continue;
    const written = compiled.has(keyOf(first)) ? formAt(tokens, at) : null;
    if (written === null) {
      const span = { start: first.startOffset, end: endOf(first) };
      const meant = first.tokenType === Identifier && found.touches(span) ? misspelled(first.image) : null;
      if (meant === null) continue;
      own.push(diagnose(catalogue.misspelled, span, first.image, meant));
      lostUntil = endOfStatement(tokens, at, text);
      lost.push({ start: span.start, end: lostUntil });
      continue;
    }
    if (!found.touches(written.span)) continue;
    const { form, span } = written;
    // The tail of something that has been told already, as in ORDER BY a OFFSET 5 ROWS, is not told again.
    const told = Math.max(lastUpTo(ends, span.start), own.at(-1)?.span.end ?? -1);
    if (told < startOfBlank(text, span.start)) own.push(diagnose(catalogue.foreignForm, span, shown(text, span), form.instead));
    lostUntil = form.derails === true ? endOfStatement(tokens, at, text) : span.end;
    lost.push({ start: span.start, end: lostUntil });
  }
  if (lost.length === 0) return { diagnostics, lost };
  // What is wrong before a lost place is told all the same.
  const gone = new Places(text, lost, 'behind');
  const kept = diagnostics.filter(({ span }) => !gone.touches(span));
  return { diagnostics: [...kept, ...own].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end), lost };
}

const clauseWords = ['select', 'from', 'where', 'having', 'between', 'union', 'into', 'with', 'join', 'null'];
const runTogether: Readonly<Record<string, string>> = {
  groupby: 'GROUP BY',
  orderby: 'ORDER BY',
  timestampby: 'TIMESTAMP BY',
  partitionby: 'PARTITION BY',
  leftjoin: 'LEFT JOIN',
  crossapply: 'CROSS APPLY',
};

/** The word that is meant by one that stands where something is wrong; null if it is like none. */
function misspelled(word: string): string | null {
  if (word.length < 3 || word.length > 11) return null;
  return entryOf(runTogether, word.toLowerCase()) ?? nearest(word, clauseWords)?.toUpperCase() ?? null;
}

/** The greatest of some numbers in order that is not beyond `limit`; -1 if there is none. */
function lastUpTo(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return numbers[low - 1] ?? -1;
}

function endOfStatement(tokens: readonly IToken[], from: number, text: string): number {
  for (let at = from + 1; at < tokens.length; at++) {
    const { image, startOffset } = tokens[at]!;
    if (image === ';' || image.toUpperCase() === 'GO') return startOffset;
  }
  return text.length;
}

function shown(text: string, { start, end }: Span): string {
  const written = text.slice(start, end).replace(/\s+/g, ' ');
  return written.length > 40 ? `${written.slice(0, 40)}…` : written;
}

/** The same in ASAQL for a form that `text` is; null where that cannot be told. */
export function rewriteOf(text: string): string | null {
  const found = formAt(tokenize(text).significant, 0);
  return found === null ? null : (found.form.rewrite?.(found.parts, text) ?? null);
}
