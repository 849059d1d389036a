/** Tokens as other rooms see them: without chevrotain. Together they are the text. */
import type { IToken } from 'chevrotain';
import type { Span } from '../text/span.ts';
import { endOf } from './lexer.ts';
import * as t from './token-types.ts';

export type TokenKind =
  | 'whitespace'
  | 'comment'
  | 'keyword'
  | 'name'
  | 'string'
  | 'number'
  | 'operator'
  | 'punctuation'
  | 'unknown';

export interface SyntaxToken {
  readonly kind: TokenKind;
  readonly text: string;
  readonly span: Span;
}

const kinds = new Map<unknown, TokenKind>([
  [t.WhiteSpace, 'whitespace'],
  [t.LineComment, 'comment'],
  [t.BlockComment, 'comment'],
  [t.StringText, 'string'],
  [t.UnterminatedString, 'string'],
  [t.NumberText, 'number'],
  [t.Identifier, 'name'],
  [t.BracketName, 'name'],
  [t.QuotedName, 'name'],
  [t.UnterminatedBracket, 'name'],
  [t.UnterminatedQuote, 'name'],
  [t.Unknown, 'unknown'],
  ...[t.LeftParen, t.RightParen, t.LeftCurly, t.RightCurly, t.Comma, t.Semicolon, t.Dot].map((type): [unknown, TokenKind] => [
    type,
    'punctuation',
  ]),
  ...[...t.keywordByText.values()].map((type): [unknown, TokenKind] => [type, 'keyword']),
]);

export function syntaxTokens(tokens: readonly IToken[]): readonly SyntaxToken[] {
  return tokens.map((token) => ({
    kind: kinds.get(token.tokenType) ?? 'operator',
    text: token.image,
    span: { start: token.startOffset, end: endOf(token) },
  }));
}
