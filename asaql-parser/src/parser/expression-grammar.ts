/**
 * Expressions and conditions. Knows no clauses: a SELECT inside an expression is parsed by the rule that the subclass
 * has for it, to be refused with its good parts kept.
 *
 * One rule for a condition, one for a predicate, one for arithmetic and one for what is in between the operators:
 * precedence is folded afterwards (operator-folding.ts), because every level of rules costs time on every operand.
 */
import type { IToken, ParserMethod, TokenType } from 'chevrotain';
import { catalogue } from '../diagnostics/catalogue.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { BinaryOperator, Case, DataType, Expression, Name, QueryExpression } from '../syntax/nodes.ts';
import * as t from '../syntax/token-types.ts';
import { chainMax, GrammarBase, isReserved, nameFromToken, stringValue, taking, tokenSpan } from './grammar-base.ts';
import { binary, foldArithmetic, foldCondition, startOf, unary } from './operator-folding.ts';
import type { UnitMemory } from './unit-memory.ts';

const comparisonByImage: Record<string, BinaryOperator> = {
  '=': '=',
  '==': '=',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '!<': '>=',
  '<=': '<=',
  '>': '>',
  '!>': '<=',
  '>=': '>=',
};

/** What may follow a reserved word that was meant as a name. */
const followsName = new Set<TokenType>([
  t.Comma,
  t.Dot,
  t.Equal,
  t.NotEqual,
  t.Less,
  t.Greater,
  t.LessOrEqual,
  t.GreaterOrEqual,
  t.From,
  t.As,
  t.Plus,
  t.Slash,
  t.Percent,
]);

/** Reserved words that a missing operand may stand before. */
const endsOperand = new Set<TokenType>([
  t.Select,
  t.From,
  t.Where,
  t.Group,
  t.Having,
  t.Into,
  t.With,
  t.Union,
  t.Create,
  t.And,
  t.Or,
  t.Then,
  t.When,
  t.Else,
  t.As,
  t.Is,
  t.In,
  t.LikeWord,
  t.BetweenWord,
  t.Not,
  t.OverWord,
  t.Null,
  t.JoinWord,
  t.On,
]);

const testWords = new Set<TokenType>([t.LikeWord, t.BetweenWord, t.In]);

/** Signs in a row that are kept: two cancel each other already. */
const signsMax = 16;

/** Tokens in the place of an operand that are skipped: nothing could be made of them. */
const strayTokens = new Set<TokenType>([
  t.Unknown,
  t.Question,
  t.LeftCurly,
  t.RightCurly,
  t.Dot,
  t.Slash,
  t.Percent,
  t.Caret,
  t.Pipe,
  t.Ampersand,
  t.Equal,
  t.NotEqual,
  t.Less,
  t.Greater,
  t.LessOrEqual,
  t.GreaterOrEqual,
]);

export abstract class ExpressionGrammar extends GrammarBase {
  protected abstract readonly queryExpression: ParserMethod<[], QueryExpression>;
  private caseDepth = 0;
  private expressionDepth = 0;
  /** Levels that chains of operators add to the tree of one expression. */
  private chained = 0;

  protected override begin(tokens: IToken[], diagnostics: Diagnostic[], textLength: number, memory: UnitMemory | null): void {
    super.begin(tokens, diagnostics, textLength, memory);
    this.caseDepth = 0;
    this.expressionDepth = 0;
  }

  /** Whether a chain may grow by another part; says so once when it may not. */
  private mayGrow(): boolean {
    if (this.chained < chainMax) {
      this.chained++;
      return true;
    }
    this.syntaxError(catalogue.tooLong, this.foundSpan(), chainMax);
    return false;
  }

  // ---- Conditions ------------------------------------------------------------------------------------------------

  protected readonly expression = this.RULE('expression', (): Expression => {
    if (this.expressionDepth++ === 0) this.chained = 0;
    const first = this.negatable(0);
    let operands: Expression[] | null = null;
    let operators: BinaryOperator[] | null = null;
    this.MANY(() => {
      const operator = this.OR([
        { ALT: (): BinaryOperator => taking(this.CONSUME(t.And), 'and') },
        { ALT: (): BinaryOperator => taking(this.CONSUME(t.Or), 'or') },
      ]);
      operands ??= [first];
      operators ??= [];
      operators.push(operator);
      operands.push(this.negatable(1));
    });
    this.expressionDepth--;
    return operands === null || operators === null ? first : foldCondition(operands, operators);
  });

  private negatable(index: number): Expression {
    let starts: number[] | null = null;
    this.many(index + 1, () => {
      starts ??= [];
      starts.push(this.here());
      this.consume(index, t.Not);
    });
    let operand = this.subrule(index, this.predicate);
    if (starts === null) return operand;
    for (const start of (starts as number[]).reverse()) if (this.mayGrow()) operand = unary('not', start, operand);
    return operand;
  }

  private readonly predicate = this.RULE('predicate', (): Expression => {
    let left = this.SUBRULE(this.arithmetic);
    this.MANY({
      GATE: () => !this.at(t.Not) || testWords.has(this.LA(2).tokenType),
      DEF: () => {
        const next = this.OR([
          { ALT: () => this.comparison(left) },
          { ALT: () => this.isNull(left) },
          {
            ALT: () => {
              const negated = this.OPTION(() => this.CONSUME2(t.Not)) !== undefined;
              return this.SUBRULE2(this.test, { ARGS: [left, negated] });
            },
          },
        ]);
        if (this.mayGrow()) left = next;
      },
    });
    return left;
  });

  private comparison(left: Expression): Expression {
    const operator = this.CONSUME(t.ComparisonOperator);
    return binary(comparisonByImage[operator.image] ?? '=', left, this.SUBRULE1(this.arithmetic));
  }

  private isNull(operand: Expression): Expression {
    this.CONSUME(t.Is);
    const negated = this.OPTION1(() => this.CONSUME1(t.Not)) !== undefined;
    this.expect(0, t.Null, negated ? 'NULL after IS NOT' : 'NULL or NOT NULL after IS');
    return { kind: 'isNull', negated, operand, span: this.since(startOf(operand)) };
  }

  /** LIKE, BETWEEN and IN, after their NOT. */
  private readonly test = this.RULE('test', (operand: Expression, negated: boolean): Expression => {
    const start = startOf(operand);
    return this.OR([
      {
        ALT: (): Expression => {
          this.CONSUME(t.LikeWord);
          const pattern = this.SUBRULE(this.arithmetic);
          return { kind: 'like', negated, operand, pattern, span: this.since(start) };
        },
      },
      {
        ALT: (): Expression => {
          this.CONSUME(t.BetweenWord);
          const low = this.SUBRULE1(this.arithmetic);
          this.expect(0, t.And, 'AND and the upper bound of BETWEEN');
          const high = this.SUBRULE2(this.arithmetic);
          return { kind: 'between', negated, operand, low, high, span: this.since(start) };
        },
      },
      {
        ALT: (): Expression => {
          this.CONSUME(t.In);
          const values: Expression[] = [];
          const open = this.expect(0, t.LeftParen, '( and a list of values after IN');
          if (open !== null) {
            this.nested(() => {
              do {
                this.MANY_SEP({ SEP: t.Comma, DEF: () => values.push(this.SUBRULE(this.expression)) });
              } while (this.skipToClause('in a list of values', true) && this.at(t.Comma) && this.SKIP_TOKEN());
            });
            this.expect(0, t.RightParen, ') at the end of the list');
          }
          return { kind: 'in', negated, operand, values, span: this.since(start) };
        },
      },
    ]);
  });

  // ---- Arithmetic ------------------------------------------------------------------------------------------------

  protected readonly arithmetic = this.RULE('arithmetic', (): Expression => {
    const first = this.signed(0);
    let operands: Expression[] | null = null;
    let operators: BinaryOperator[] | null = null;
    this.MANY({
      GATE: () => !(this.at(t.Star) && this.LA(2).tokenType === t.Comma),
      DEF: () => {
        const operator = this.CONSUME(t.ArithmeticOperator);
        const operand = this.signed(1);
        operands ??= [first];
        operators ??= [];
        if (this.mayGrow()) {
          operators.push(operator.image.charAt(0) as BinaryOperator);
          operands.push(operand);
        }
      },
    });
    return operands === null || operators === null ? first : foldArithmetic(operands, operators);
  });

  private signed(index: number): Expression {
    let signs: IToken[] | null = null;
    this.many(index + 1, () => {
      const sign = this.or(index, [
        { ALT: () => this.consume(index, t.Plus) },
        { ALT: () => this.consume(index, t.Minus) },
        { ALT: () => this.consume(index, t.Tilde) },
      ]) as IToken;
      signs ??= [];
      signs.push(sign);
    });
    const operand = this.subrule(index, this.primary);
    return signs === null ? operand : withSigns(signs, operand);
  }

  // ---- Operands --------------------------------------------------------------------------------------------------

  private readonly primary = this.RULE('primary', (): Expression => {
    const operand = this.OR([
      { ALT: (): Expression => this.SUBRULE(this.reference) },
      {
        ALT: (): Expression => {
          const token = this.CONSUME(t.NumberText);
          const numeric = /^\d+$/.test(token.image) ? 'bigint' : 'float';
          return { kind: 'number', text: token.image, numeric, span: tokenSpan(token) };
        },
      },
      { ALT: (): Expression => textLiteral(this.CONSUME(t.StringText)) },
      { ALT: (): Expression => textLiteral(this.CONSUME(t.UnterminatedString)) },
      { ALT: (): Expression => ({ kind: 'null', span: tokenSpan(this.CONSUME(t.Null)) }) },
      { ALT: (): Expression => this.SUBRULE(this.parenthesized) },
      { ALT: (): Expression => this.SUBRULE(this.caseExpression) },
      { ALT: (): Expression => this.SUBRULE(this.castExpression) },
      { GATE: () => this.LA(0).tokenType === t.LeftParen, ALT: (): Expression => this.subquery() },
      { ALT: (): Expression => this.missingOperand('a value: a column, a number, a text or a function') },
    ]);
    return this.members(operand);
  });

  /** `.name` behind a call or parentheses. */
  private members(operand: Expression): Expression {
    let object = operand;
    this.MANY({
      GATE: () => this.LA(2).tokenType !== t.Star,
      DEF: () => {
        this.CONSUME(t.Dot);
        const name = this.memberName(0);
        if (this.mayGrow()) object = { kind: 'member', object, name, span: this.since(startOf(object)) };
      },
    });
    return object;
  }

  /** The name behind a dot. */
  protected memberName(index: number): Name {
    const token = this.LA(1);
    if (!this.RECORDING_PHASE && isReserved(token) && token.startOffset === this.behind()) {
      this.report(catalogue.reservedMember, tokenSpan(token), token.image);
      this.SKIP_TOKEN();
      return nameFromToken(token);
    }
    return this.expectName(index, 'the name of a field after the dot') ?? this.missingName();
  }

  private subquery(): Expression {
    const start = this.here();
    this.syntaxError(catalogue.subquery, this.foundSpan());
    const query = this.SUBRULE(this.queryExpression);
    return { kind: 'error', parts: [query], span: this.since(Math.min(start, query.span?.start ?? start)) };
  }

  /** Nothing that could be an operand: says so, skips what cannot be read at all, and leaves an error node. */
  protected missingOperand(expected: string): Expression {
    if (this.RECORDING_PHASE) return { kind: 'error', parts: [], span: { start: 0, end: 0 } };
    const token = this.LA(1);
    if (isReserved(token) && !endsOperand.has(token.tokenType) && this.caseDepth === 0 && followsName.has(this.LA(2).tokenType)) {
      this.report(catalogue.reservedWord, tokenSpan(token), token.image);
      this.SKIP_TOKEN();
      const name = nameFromToken(token);
      return { kind: 'path', parts: [name], span: name.span };
    }
    const before = this.emptySpan();
    this.missing(expected);
    if (!strayTokens.has(token.tokenType)) return { kind: 'error', parts: [], span: before };
    const start = this.here();
    while (strayTokens.has(this.LA(1).tokenType)) this.SKIP_TOKEN();
    return { kind: 'error', parts: [], span: this.since(start) };
  }

  private readonly parenthesized = this.RULE('parenthesized', (): Expression => {
    const start = this.here();
    this.CONSUME(t.LeftParen);
    const expression = this.nested(() => {
      const inner = this.SUBRULE(this.expression);
      this.skipToClause('inside parentheses', false);
      return inner;
    });
    this.expect(0, t.RightParen, ')');
    const span = this.since(start);
    return expression === null ? { kind: 'error', parts: [], span } : { kind: 'parenthesized', expression, span };
  });

  private readonly caseExpression = this.RULE('caseExpression', (): Expression => {
    const start = this.here();
    this.CONSUME(t.CaseWord);
    this.caseDepth++;
    const parsed = this.nested(() => this.caseBody(start));
    this.caseDepth--;
    return parsed ?? { kind: 'error', parts: [], span: this.since(start) };
  });

  private caseBody(start: number): Case {
    const operand = this.OPTION({
      GATE: () => !this.at(t.When) && !this.at(t.Else) && !this.at(t.End),
      DEF: () => this.SUBRULE(this.expression),
    });
    const branches: { when: Expression; then: Expression }[] = [];
    this.MANY(() => {
      this.CONSUME(t.When);
      const when = this.SUBRULE1(this.expression);
      this.expect(0, t.Then, 'THEN');
      // biome-ignore lint/suspicious/noThenProperty: the branches of CASE are never awaited.
      branches.push({ when, then: this.SUBRULE2(this.expression) });
    });
    const otherwise = this.OPTION1(() => {
      this.CONSUME(t.Else);
      return this.SUBRULE3(this.expression);
    });
    if (!this.RECORDING_PHASE) {
      if (branches.length === 0) this.missing('WHEN … THEN … in CASE');
      else if (otherwise === undefined && this.at(t.End)) {
        this.report(catalogue.caseWithoutElse, this.foundSpan());
      }
    }
    this.expect(0, t.End, 'END of CASE');
    return { kind: 'case', operand: operand ?? null, branches, otherwise: otherwise ?? null, span: this.since(start) };
  }

  private readonly castExpression = this.RULE('castExpression', (): Expression => {
    const start = this.here();
    const tried = this.OR([
      { ALT: () => this.CONSUME(t.CastWord) === undefined },
      { ALT: () => this.CONSUME(t.TryCast) !== undefined },
    ]);
    if (this.expect(0, t.LeftParen, `( after ${tried ? 'TRY_CAST' : 'CAST'}`) === null) {
      return { kind: 'error', parts: [], span: this.since(start) };
    }
    const parts = this.nested(() => {
      const expression = this.SUBRULE(this.expression);
      const as = this.expect(0, t.As, 'AS and a type');
      const type = this.RECORDING_PHASE || as !== null ? this.SUBRULE(this.dataType) : this.missingType();
      this.skipToClause('inside CAST', false);
      return { expression, type };
    });
    this.expect(0, t.RightParen, ') after the type');
    const span = this.since(start);
    return parts === null ? { kind: 'error', parts: [], span } : { kind: 'cast', try: tried, ...parts, span };
  });

  private missingType(): DataType {
    return { kind: 'dataType', typeName: '', argument: null, span: this.emptySpan() };
  }

  protected readonly dataType = this.RULE('dataType', (): DataType => {
    const start = this.here();
    const name = this.expectName(0, 'a type: bigint, float, nvarchar(max), datetime, bit, record or array');
    let argument: string | null = null;
    this.OPTION(() => {
      this.CONSUME(t.LeftParen);
      const from = this.here();
      this.MANY(() => {
        this.OR([
          { ALT: () => this.CONSUME1(t.Word) },
          { ALT: () => this.CONSUME(t.NumberText) },
          { ALT: () => this.CONSUME(t.Comma) },
        ]);
      });
      argument = this.sourceText(from, this.behind());
      this.expect(0, t.RightParen, ') after the length of the type');
    });
    if (name === null) return { kind: 'dataType', typeName: '', argument, span: this.emptySpan() };
    return { kind: 'dataType', typeName: name.text.toLowerCase(), argument, span: this.since(start) };
  });

  /** A piece of the text, in lower case. */
  protected abstract sourceText(start: number, end: number): string;

  protected abstract readonly reference: ParserMethod<[], Expression>;

  /** One or more expressions separated by commas. */
  protected readonly keyList = this.RULE('keyList', (): Expression[] => {
    const keys: Expression[] = [this.SUBRULE(this.expression)];
    this.MANY(() => {
      this.CONSUME(t.Comma);
      keys.push(this.SUBRULE1(this.expression));
    });
    return keys;
  });
}

function textLiteral(token: IToken): Expression {
  return { kind: 'string', value: stringValue(token.image), span: tokenSpan(token) };
}

function withSigns(signs: readonly IToken[], operand: Expression): Expression {
  let signed = operand;
  for (const sign of signs.slice(-signsMax).reverse()) signed = unary(sign.image as '+' | '-' | '~', sign.startOffset, signed);
  return signed;
}
