/**
 * What every part of the grammar uses: spans, names, expected tokens, skipping. Knows no construct of the language.
 *
 * Recovery happens at the call: a token that must be there is `expect`ed, which reports its absence and goes on, and
 * every alternative ends in one that takes what is there. Chevrotain's own recovery would throw half-built nodes away;
 * this way each node keeps its good parts, no exception is ever raised, and the time stays linear.
 */
import { EmbeddedActionsParser, EOF, type IToken, type TokenType } from 'chevrotain';
import { catalogue } from '../diagnostics/catalogue.ts';
import { type Diagnostic, type DiagnosticRule, diagnose } from '../diagnostics/diagnostic.ts';
import { endOf } from '../syntax/lexer.ts';
import type { Name } from '../syntax/nodes.ts';
import * as t from '../syntax/token-types.ts';
import type { Span } from '../text/span.ts';
import { FirstTokenLookahead } from './first-token-lookahead.ts';
import type { UnitMemory, UnitNode } from './unit-memory.ts';

/** Deeper nesting is refused: the call stack is finite, and no readable query comes near. */
export const depthMax = 60;

/** Longer chains of operators or UNIONs are refused, so that trees stay shallow enough to walk by recursion. */
export const chainMax = 800;

/** So many tokens ahead are looked at to decide something. */
const lookaheadMax = 3;

/** Nobody reads more; a text with so many errors is no query. */
export const diagnosticsMax = 1000;

/** Tokens at which skipping always stops: a new clause or statement begins. */
const clauseStarts = new Set<TokenType>([
  EOF,
  t.Select,
  t.From,
  t.Where,
  t.Group,
  t.Having,
  t.Into,
  t.With,
  t.Union,
  t.Create,
  t.Semicolon,
  t.Go,
  t.JoinWord,
  t.Inner,
  t.Left,
  t.Cross,
  t.Outer,
  t.On,
]);

function isQuotedWord(token: IToken): boolean {
  const type = token.tokenType;
  return type === t.BracketName || type === t.QuotedName || type === t.UnterminatedBracket || type === t.UnterminatedQuote;
}

const reservedTypes = new Set<TokenType>([...t.keywordByText.values()].filter((type) => type.CATEGORIES?.includes(t.Reserved)));
const contextualTypes = new Set<TokenType>([...t.keywordByText.values()].filter((type) => type.CATEGORIES?.includes(t.Word)));

export function isReserved(token: IToken): boolean {
  return reservedTypes.has(token.tokenType);
}

export function isNameToken(token: IToken): boolean {
  return token.tokenType === t.Identifier || contextualTypes.has(token.tokenType) || isQuotedWord(token);
}

function unquoted(image: string, close: string): string {
  const terminated = image.length > 1 && image.endsWith(close);
  const inner = image.slice(1, terminated ? -1 : undefined);
  return inner.includes(close) ? inner.replaceAll(close + close, close) : inner;
}

/** The text of a string literal without quotes. */
export function stringValue(image: string): string {
  return unquoted(image.startsWith("'") ? image : image.slice(1), "'");
}

export function tokenSpan(token: IToken): Span {
  return { start: token.startOffset, end: endOf(token) };
}

export function nameFromToken(token: IToken): Name {
  const span = tokenSpan(token);
  const { image } = token;
  switch (image.charCodeAt(0)) {
    case 0x5b:
      return { kind: 'name', span, text: unquoted(image, ']'), quoting: 'brackets' };
    case 0x22:
      return { kind: 'name', span, text: unquoted(image, '"'), quoting: 'quotes' };
    case 0x27:
      return { kind: 'name', span, text: stringValue(image), quoting: 'string' };
    default:
      return { kind: 'name', span, text: image, quoting: 'none' };
  }
}

export abstract class GrammarBase extends EmbeddedActionsParser {
  protected diagnostics: Diagnostic[] = [];
  protected depth = 0;
  private lastSyntaxError = -1;
  private textLength = 0;
  private memory: UnitMemory | null = null;

  constructor(skipValidations: boolean) {
    super(t.vocabulary, {
      recoveryEnabled: false,
      maxLookahead: 1,
      lookaheadStrategy: new FirstTokenLookahead(),
      skipValidations,
    });
  }

  /** Sets the tokens to parse and forgets everything about the text before but its units in `memory`. */
  protected begin(tokens: IToken[], diagnostics: Diagnostic[], textLength: number, memory: UnitMemory | null): void {
    this.input = tokens;
    this.memory = memory;
    this.diagnostics = diagnostics;
    this.depth = 0;
    this.lastSyntaxError = -1;
    this.textLength = textLength;
  }

  // ---- Units -----------------------------------------------------------------------------------------------------

  /** A unit at the top of the script: the one that stood there before if nothing of it has changed, else a new one. */
  protected unit<Node extends UnitNode>(kind: Node['kind'], parse: () => Node): Node {
    const { memory } = this;
    const start = this.here();
    // A place that has been complained about already is silent: then the unit would not say all that it has to say.
    if (this.RECORDING_PHASE || memory === null || this.lastSyntaxError === start) return parse();
    const before = memory.take(kind, start);
    if (before === null) return this.newUnit(start, memory, parse);
    for (let at = start; at < before.end; at = this.here()) this.SKIP_TOKEN();
    for (const diagnostic of before.diagnostics) this.diagnostics.push(diagnostic);
    this.lastSyntaxError = before.lastSyntaxError ?? this.lastSyntaxError;
    return before.node as Node;
  }

  private newUnit<Node extends UnitNode>(start: number, memory: UnitMemory, parse: () => Node): Node {
    const said = this.diagnostics.length;
    const errorBefore = this.lastSyntaxError;
    const node = parse();
    const diagnostics = this.diagnostics.slice(said);
    const ahead = this.LA(lookaheadMax);
    // What lies before its first token belongs to something else.
    const isWhole = node.span.start >= start && diagnostics.every(({ span }) => span.start >= start);
    if (isWhole)
      memory.keep({
        node,
        start,
        end: this.behind(),
        reach: ahead.tokenType === EOF ? this.textLength + 1 : endOf(ahead),
        diagnostics,
        lastSyntaxError: this.lastSyntaxError === errorBefore ? null : this.lastSyntaxError,
      });
    return node;
  }

  // ---- Where we are ----------------------------------------------------------------------------------------------

  protected at(type: TokenType): boolean {
    return this.LA(1).tokenType === type;
  }

  protected atSecond(type: TokenType): boolean {
    return this.LA(2).tokenType === type;
  }

  protected atEnd(): boolean {
    return this.LA(1).tokenType === EOF;
  }

  /** Offset of the next token. */
  protected here(): number {
    const token = this.LA(1);
    return token.tokenType === EOF ? this.textLength : token.startOffset;
  }

  /** Offset behind the last token that was taken. */
  protected behind(): number {
    const token = this.LA(0);
    return token.tokenType === EOF ? 0 : endOf(token);
  }

  protected since(start: number): Span {
    const end = this.behind();
    return { start: Math.min(start, end), end };
  }

  protected emptySpan(): Span {
    const end = this.behind();
    return { start: end, end };
  }

  /** Whether the next token touches the one before it. */
  protected touchesPrevious(): boolean {
    return this.LA(1).startOffset === this.behind();
  }

  // ---- Saying what is wrong --------------------------------------------------------------------------------------

  protected report<Facts extends readonly unknown[]>(rule: DiagnosticRule<Facts>, span: Span, ...facts: Facts): void {
    if (!this.RECORDING_PHASE && this.diagnostics.length < diagnosticsMax) this.diagnostics.push(diagnose(rule, span, ...facts));
  }

  /** One complaint per place: what follows from it is not worth a message. */
  protected syntaxError<Facts extends readonly unknown[]>(rule: DiagnosticRule<Facts>, span: Span, ...facts: Facts): void {
    const place = this.here();
    if (place === this.lastSyntaxError) return;
    this.lastSyntaxError = place;
    this.report(rule, span, ...facts);
  }

  protected foundText(): string {
    const token = this.LA(1);
    if (token.tokenType === EOF) return 'the end of the text';
    const image = token.image.slice(0, 40).replace(/\s+/g, ' ');
    return image.length > 24 ? `${image.slice(0, 24)}…` : image;
  }

  /** The next token, or the place behind the last one where the text has ended. */
  protected foundSpan(): Span {
    const token = this.LA(1);
    return token.tokenType === EOF ? this.emptySpan() : tokenSpan(token);
  }

  protected missing(expected: string): void {
    this.syntaxError(catalogue.expected, this.foundSpan(), expected, this.foundText());
  }

  // ---- Taking tokens ---------------------------------------------------------------------------------------------

  /** Takes a token of the type, or says what is missing and takes nothing. */
  protected expect(index: number, type: TokenType, expected: string): IToken | null {
    if (this.RECORDING_PHASE || this.LA(1).tokenType === type) return this.consume(index, type);
    this.missing(expected);
    return null;
  }

  /** Takes a name. Reserved words are taken too, with advice, where `reservedToo` says that nothing else can follow. */
  protected expectName(index: number, expected: string, reservedToo = false): Name | null {
    if (this.RECORDING_PHASE) {
      this.consume(index, t.Word);
      return null;
    }
    const token = this.LA(1);
    if (isNameToken(token)) return nameFromToken(this.consume(index, t.Word));
    if (reservedToo && isReserved(token)) {
      this.report(catalogue.reservedWord, tokenSpan(token), token.image);
      this.SKIP_TOKEN();
      return nameFromToken(token);
    }
    this.missing(expected);
    return null;
  }

  protected missingName(): Name {
    return { kind: 'name', span: this.emptySpan(), text: '', quoting: 'none' };
  }

  // ---- Skipping --------------------------------------------------------------------------------------------------

  /** Skips to a clause, a statement, the end of the parentheses around, or (with `commas`) a comma. True if it skipped. */
  protected skipToClause(where: string, commas: boolean, alsoStop: ReadonlySet<TokenType> | null = null): boolean {
    if (this.RECORDING_PHASE || this.isStop(this.LA(1), commas, alsoStop)) return false;
    const start = this.here();
    const first = this.LA(1);
    const found = this.foundText();
    const span = tokenSpan(first);
    let open = 0;
    for (let token = first; token.tokenType !== EOF; token = this.LA(1)) {
      if (open === 0 && this.isStop(token, commas, alsoStop)) break;
      if (token.tokenType === t.LeftParen) open++;
      else if (token.tokenType === t.RightParen && open > 0) open--;
      else if (open > 0 && isStatementStart(token)) break;
      this.SKIP_TOKEN();
    }
    if (this.lastSyntaxError !== start) {
      if (first.tokenType === t.Limit) this.report(catalogue.limitClause, span);
      else this.report(catalogue.unexpected, span, found, where);
    }
    this.lastSyntaxError = this.here();
    return true;
  }

  private isStop(token: IToken, commas: boolean, alsoStop: ReadonlySet<TokenType> | null): boolean {
    const type = token.tokenType;
    if (clauseStarts.has(type)) return true;
    if (type === t.RightParen) return this.depth > 0;
    if (type === t.Comma) return commas;
    if (type === t.Except || type === t.Intersect) return this.atSecond(t.Select) && this.LA(1) === token;
    if (type === t.Order) return this.atSecond(t.By) && this.LA(1) === token;
    return alsoStop?.has(type) === true;
  }

  /** Runs `parse` one level deeper; beyond the limit skips the parentheses instead and gives null. */
  protected nested<T>(parse: () => T): T | null {
    if (this.RECORDING_PHASE) return parse();
    if (this.depth >= depthMax) {
      this.report(catalogue.tooDeep, this.foundSpan(), depthMax);
      this.skipBalanced();
      return null;
    }
    this.depth++;
    try {
      return parse();
    } finally {
      this.depth--;
    }
  }

  /** Skips to the parenthesis that closes the innermost open one, without taking it. */
  private skipBalanced(): void {
    let open = 0;
    for (let token = this.LA(1); token.tokenType !== EOF; token = this.LA(1)) {
      if (token.tokenType === t.LeftParen) open++;
      else if (token.tokenType === t.RightParen && open-- === 0) break;
      this.SKIP_TOKEN();
    }
    this.lastSyntaxError = this.here();
  }
}

export function isStatementStart(token: IToken): boolean {
  const type = token.tokenType;
  return type === t.Semicolon || type === t.Go || type === t.Create || type === t.With;
}

/** What an alternative stands for, once its token is taken. */
export function taking<T>(_token: IToken, value: T): T {
  return value;
}
