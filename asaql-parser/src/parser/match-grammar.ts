/** MATCH_RECOGNIZE and its patterns. Knows no other clause. Source: the reference page of MATCH_RECOGNIZE. */
import type { TokenType } from 'chevrotain';
import { catalogue } from '../diagnostics/catalogue.ts';
import type { DurationLiteral, Expression, ExpressionItem, MatchRecognize, Name, Pattern } from '../syntax/nodes.ts';
import * as t from '../syntax/token-types.ts';
import { nameFromToken, taking, tokenSpan } from './grammar-base.ts';
import { startOf } from './operator-folding.ts';
import { SourceGrammar } from './source-grammar.ts';

const partStarts = new Set<TokenType>([t.Limit, t.Partition, t.Measures, t.After, t.PatternWord, t.Define]);

interface MatchParts {
  limit: DurationLiteral | null;
  partitionBy: Expression[];
  measures: ExpressionItem[];
  pattern: Pattern | null;
  definitions: { name: Name; condition: Expression }[];
}

export abstract class MatchGrammar extends SourceGrammar {
  protected override readonly matchRecognize = this.RULE('matchRecognize', (): MatchRecognize => {
    const start = this.here();
    this.CONSUME(t.MatchRecognizeWord);
    const parts: MatchParts = { limit: null, partitionBy: [], measures: [], pattern: null, definitions: [] };
    this.expect(0, t.LeftParen, '( after MATCH_RECOGNIZE');
    this.nested(() => {
      do this.MANY(() => this.matchPart(parts));
      while (this.skipToClause('inside MATCH_RECOGNIZE', false, partStarts) && partStarts.has(this.LA(1).tokenType));
    });
    this.expect(0, t.RightParen, ') at the end of MATCH_RECOGNIZE');
    const alias = this.OPTION(() => {
      const as = this.OPTION1(() => this.CONSUME(t.As));
      return this.expectName(0, 'a name for the matches', as !== undefined);
    });
    const span = this.since(start);
    if (!this.RECORDING_PHASE) this.checkParts(parts, alias ?? null, span);
    return { kind: 'matchRecognize', ...parts, afterMatch: 'nextRow', alias: alias ?? null, span };
  });

  private checkParts(parts: MatchParts, alias: Name | null, span: { start: number; end: number }): void {
    const at = { start: span.start, end: span.start + 'MATCH_RECOGNIZE'.length };
    const problem = (text: string): void => this.report(catalogue.matchRecognize, at, text);
    if (parts.limit === null) problem('LIMIT DURATION(unit, n) is missing.');
    if (parts.measures.length === 0) problem('MEASURES is missing.');
    if (parts.pattern === null) problem('PATTERN (…) is missing.');
    if (parts.definitions.length === 0) problem('DEFINE is missing.');
    if (alias === null) problem('AS name is missing after the closing parenthesis.');
  }

  private matchPart(parts: MatchParts): void {
    this.OR([
      {
        ALT: () => {
          parts.limit = this.SUBRULE(this.limitDuration) ?? parts.limit;
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Partition);
          this.expect(0, t.By, 'BY after PARTITION');
          parts.partitionBy = this.SUBRULE(this.keyList);
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Measures);
          this.MANY_SEP({ SEP: t.Comma, DEF: () => parts.measures.push(this.SUBRULE(this.measure)) });
        },
      },
      { ALT: () => this.SUBRULE(this.afterMatch) },
      {
        ALT: () => {
          this.CONSUME(t.PatternWord);
          this.expect(2, t.LeftParen, '( after PATTERN');
          const pattern = this.nested(() => this.SUBRULE(this.patternChoice)) ?? parts.pattern;
          parts.pattern ??= pattern;
          this.expect(2, t.RightParen, ') at the end of the pattern');
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Define);
          this.MANY_SEP1({ SEP: t.Comma, DEF: () => parts.definitions.push(this.SUBRULE(this.definition)) });
        },
      },
    ]);
  }

  private readonly measure = this.RULE('measure', (): ExpressionItem => {
    const expression = this.SUBRULE(this.expression);
    const as = this.expect(0, t.As, 'AS and a name for the measure');
    const alias = this.RECORDING_PHASE || as !== null ? this.expectName(0, 'a name for the measure', true) : null;
    return { kind: 'item', expression, alias, span: this.since(startOf(expression)) };
  });

  private readonly definition = this.RULE('definition', (): { name: Name; condition: Expression } => {
    const name = this.expectName(0, 'a pattern name') ?? this.missingName();
    this.expect(0, t.As, 'AS and a condition');
    const condition = this.SUBRULE(this.expression);
    return { name, condition };
  });

  private readonly afterMatch = this.RULE('afterMatch', (): void => {
    const start = this.here();
    this.CONSUME(t.After);
    const words: TokenType[] = [];
    const take = (token: { tokenType: TokenType } | undefined): void => {
      if (token !== undefined) words.push(token.tokenType);
    };
    take(this.OPTION(() => this.CONSUME(t.Match)));
    take(this.OPTION1(() => this.CONSUME(t.Skip)));
    take(this.OPTION2(() => this.CONSUME(t.To)));
    take(this.OPTION3(() => this.CONSUME(t.Next)));
    take(this.OPTION4(() => this.CONSUME(t.Row)));
    if (this.RECORDING_PHASE) return;
    while (!partStarts.has(this.LA(1).tokenType) && !this.atEnd() && !this.at(t.RightParen) && !this.at(t.Semicolon)) {
      words.length = 0;
      this.SKIP_TOKEN();
    }
    if (words.length !== 5)
      this.report(catalogue.matchRecognize, this.since(start), 'only AFTER MATCH SKIP TO NEXT ROW is supported.');
  });

  // ---- Patterns --------------------------------------------------------------------------------------------------

  private readonly patternChoice = this.RULE('patternChoice', (): Pattern => {
    const start = this.here();
    const parts: Pattern[] = [this.SUBRULE(this.patternSequence)];
    this.MANY(() => {
      this.CONSUME(t.Pipe);
      parts.push(this.SUBRULE1(this.patternSequence));
    });
    return parts.length === 1 ? parts[0]! : { kind: 'patternChoice', parts, span: this.since(start) };
  });

  private readonly patternSequence = this.RULE('patternSequence', (): Pattern => {
    const start = this.here();
    const parts: Pattern[] = [];
    this.MANY(() => parts.push(this.SUBRULE(this.patternAtom)));
    if (parts.length === 0) this.missing('a pattern name');
    return parts.length === 1 ? parts[0]! : { kind: 'patternSequence', parts, span: this.since(Math.min(start, this.behind())) };
  });

  private readonly patternAtom = this.RULE('patternAtom', (): Pattern => {
    const start = this.here();
    const part = this.OR([
      {
        ALT: (): Pattern => {
          const name = nameFromToken(this.CONSUME(t.Word));
          return { kind: 'patternVariable', name, span: name.span };
        },
      },
      { ALT: (): Pattern => ({ kind: 'patternAny', span: tokenSpan(this.CONSUME(t.Dot)) }) },
      {
        ALT: (): Pattern => {
          this.CONSUME(t.LeftParen);
          const inner = this.nested(() => this.SUBRULE(this.patternChoice));
          this.expect(0, t.RightParen, ') in the pattern');
          return inner ?? { kind: 'patternSequence', parts: [], span: this.since(start) };
        },
      },
    ]);
    const repeat = this.OPTION(() => this.SUBRULE(this.quantifier));
    return repeat === undefined ? part : { kind: 'patternRepeat', part, ...repeat, span: this.since(start) };
  });

  private readonly quantifier = this.RULE('quantifier', (): { min: number; max: number } => {
    return this.OR([
      { ALT: () => taking(this.CONSUME(t.Star), { min: 0, max: Number.POSITIVE_INFINITY }) },
      { ALT: () => taking(this.CONSUME(t.Plus), { min: 1, max: Number.POSITIVE_INFINITY }) },
      { ALT: () => taking(this.CONSUME(t.Question), { min: 0, max: 1 }) },
      { ALT: () => this.counted() },
    ]);
  });

  /** `{2}`, `{2,}`, `{2,4}`, `{,4}`: not on the reference page, but in a documented example. */
  private counted(): { min: number; max: number } {
    this.CONSUME(t.LeftCurly);
    const low = this.OPTION(() => this.CONSUME(t.NumberText));
    let comma = false;
    let high: { image: string } | undefined;
    this.OPTION1(() => {
      this.CONSUME(t.Comma);
      comma = true;
      high = this.OPTION2(() => this.CONSUME1(t.NumberText));
    });
    this.expect(0, t.RightCurly, '} after the number of repetitions');
    const min = low === undefined ? 0 : Number(low.image);
    return { min, max: high !== undefined ? Number(high.image) : comma ? Number.POSITIVE_INFINITY : min };
  }
}
