/**
 * Text to tokens: chevrotain's lexer and one pass over what it found. Knows no grammar.
 *
 * Every character of the text is in exactly one token, white space and comments too, so that the tokens put together
 * give the text back.
 */
import { type IToken, Lexer, type TokenType } from 'chevrotain';
import { catalogue } from '../diagnostics/catalogue.ts';
import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import * as t from './token-types.ts';

export interface LexedText {
  /** All tokens, trivia too, in order. */
  readonly all: readonly IToken[];
  /** What the grammar sees. The array is handed to the parser, which may append to it. */
  readonly significant: IToken[];
  readonly diagnostics: readonly Diagnostic[];
  /** Where a text begins that nothing closes; infinite if there is none. A quote anywhere behind would change that token. */
  readonly openFrom: number;
}

let sharedLexer: Lexer | null = null;

function lexer(): Lexer {
  sharedLexer ??= new Lexer(t.lexedTypes, { positionTracking: 'onlyOffset', ensureOptimizations: true, skipValidations: true });
  return sharedLexer;
}

/** Longest keyword, MATCH_RECOGNIZE. */
const keywordLengthMax = 15;

export function endOf(token: IToken): number {
  return token.startOffset + token.image.length;
}

function retype(token: IToken, type: TokenType): void {
  token.tokenType = type;
  token.tokenTypeIdx = type.tokenTypeIdx!;
}

function unknownToken(text: string, start: number, length: number): IToken {
  const typeIndex = t.Unknown.tokenTypeIdx!;
  return {
    image: text.slice(start, start + length),
    startOffset: start,
    tokenTypeIdx: typeIndex,
    tokenType: t.Unknown,
  } as IToken;
}

function complaint(token: IToken): Diagnostic | null {
  const span = { start: token.startOffset, end: endOf(token) };
  switch (token.tokenType) {
    case t.Unknown:
      return diagnose(catalogue.unknownCharacters, span, token.image);
    case t.UnterminatedString:
      return diagnose(catalogue.unterminatedString, span);
    case t.UnterminatedBracket:
      return diagnose(catalogue.unterminatedName, span, ']');
    case t.UnterminatedQuote:
      return diagnose(catalogue.unterminatedName, span, '"');
    case t.BlockComment:
      return token.image.length < 4 || !token.image.endsWith('*/') ? diagnose(catalogue.unterminatedComment, span) : null;
    case t.StringText:
      return token.image.startsWith("'") ? null : diagnose(catalogue.nationalString, span);
    case t.NumberText:
      return /[eExX]/.test(token.image) ? diagnose(catalogue.numberForm, span, token.image) : null;
    case t.Identifier:
      return /^[@#$]/.test(token.image) ? diagnose(catalogue.variable, span, token.image) : null;
    case t.Equal:
      return token.image === '==' ? diagnose(catalogue.foreignOperator, span, '==', '=') : null;
    case t.Ampersand:
      return token.image === '&&' ? diagnose(catalogue.foreignOperator, span, '&&', 'AND') : null;
    case t.Pipe:
      return token.image === '||' ? diagnose(catalogue.foreignOperator, span, '||', 'CONCAT(…) or +') : null;
    default:
      return null;
  }
}

/** Cuts `text` into tokens. Takes time proportional to the text, whatever it holds. */
export function tokenize(text: string): LexedText {
  const lexed = lexer().tokenize(text);
  const all = lexed.errors.length === 0 ? lexed.tokens : withUnknown(text, lexed.tokens, lexed.errors);
  const significant: IToken[] = [];
  const diagnostics: Diagnostic[] = [];
  let openFrom = Number.POSITIVE_INFINITY;
  for (const token of all) {
    const type = token.tokenType;
    if (type === t.WhiteSpace || type === t.LineComment) continue;
    if (type === t.Identifier && token.image.length <= keywordLengthMax) {
      const keyword = t.keywordByText.get(token.image.toLowerCase());
      if (keyword !== undefined) {
        retype(token, keyword);
        significant.push(token);
        continue;
      }
    }
    if (type === t.UnterminatedString) openFrom = Math.min(openFrom, token.startOffset);
    const diagnostic = complaint(token);
    if (diagnostic !== null) diagnostics.push(diagnostic);
    if (type === t.Ampersand && token.image === '&&') retype(token, t.And);
    if (type !== t.BlockComment) significant.push(token);
  }
  return { all, significant, diagnostics, openFrom };
}

function withUnknown(text: string, tokens: IToken[], errors: readonly { offset: number; length: number }[]): IToken[] {
  const merged: IToken[] = [];
  let next = 0;
  for (const error of errors) {
    for (let token = tokens[next]; token !== undefined && token.startOffset < error.offset; token = tokens[next]) {
      merged.push(token);
      next++;
    }
    merged.push(unknownToken(text, error.offset, error.length));
  }
  for (; next < tokens.length; next++) merged.push(tokens[next]!);
  return merged;
}
