/** FROM: inputs, joins, APPLY, TIMESTAMP BY, PARTITION BY, and OVER (…) of functions. Knows no SELECT clauses. */
import type { ParserMethod, TokenType } from 'chevrotain';
import { catalogue } from '../diagnostics/catalogue.ts';
import type {
  Apply,
  Call,
  DurationLiteral,
  Expression,
  FromClause,
  Join,
  JoinClause,
  MatchRecognize,
  Name,
  NamedSource,
  OrderItem,
  Over,
  PartitionBy,
  Source,
  TimestampBy,
} from '../syntax/nodes.ts';
import * as t from '../syntax/token-types.ts';
import { CallGrammar } from './call-grammar.ts';
import { isNameToken, nameFromToken, taking, tokenSpan } from './grammar-base.ts';
import { startOf } from './operator-folding.ts';
import { durationFrom } from './window-from-call.ts';

const overStops = new Set<TokenType>([t.Partition, t.Order, t.Limit, t.When]);
const joinStops = new Set<TokenType>([t.Comma, t.MatchRecognizeWord]);

/** More are refused: every name is looked for in every source. */
const joinsMax = 200;

interface OverParts {
  partitionBy: Expression[];
  orderBy: OrderItem[];
  limit: DurationLiteral | null;
  when: Expression | null;
}

export abstract class SourceGrammar extends CallGrammar {
  // ---- FROM ------------------------------------------------------------------------------------------------------

  protected readonly fromClause = this.RULE('fromClause', (): FromClause => {
    const start = this.here();
    this.CONSUME(t.From);
    const source = this.SUBRULE(this.source);
    const joins: JoinClause[] = [];
    let matchRecognize: MatchRecognize | null = null;
    do {
      this.MANY({
        GATE: () => !this.at(t.Left) || this.atSecond(t.JoinWord) || this.atSecond(t.Outer) || !this.atSecond(t.LeftParen),
        DEF: () => {
          const join = this.SUBRULE(this.joinClause);
          if (joins.length < joinsMax) joins.push(join);
          else this.syntaxError(catalogue.tooLong, join.span, joinsMax);
        },
      });
      this.OPTION({
        GATE: () => this.atSecond(t.LeftParen),
        DEF: () => {
          matchRecognize = this.SUBRULE(this.matchRecognize);
        },
      });
    } while (this.skipToClause('in FROM', true, joinStops) && this.atJoin());
    return { kind: 'from', source, joins, matchRecognize, span: this.since(start) };
  });

  private atJoin(): boolean {
    const { tokenType } = this.LA(1);
    return (
      tokenType === t.JoinWord ||
      tokenType === t.Inner ||
      tokenType === t.Left ||
      tokenType === t.Cross ||
      tokenType === t.Outer ||
      tokenType === t.Comma
    );
  }

  private readonly source = this.RULE('source', (): Source => {
    const start = this.here();
    return this.OR([
      { ALT: (): Source => this.derived(start) },
      { ALT: (): Source => this.SUBRULE(this.namedSource) },
      {
        ALT: (): Source => {
          const name = this.RECORDING_PHASE ? this.missingName() : (this.reservedSource() ?? this.missingName());
          return { kind: 'source', name, alias: null, timestampBy: null, partitionBy: null, span: name.span };
        },
      },
    ]);
  });

  /** A reserved word where only a name makes sense, or nothing. */
  private reservedSource(): Name | null {
    if (this.at(t.End) || this.at(t.CaseWord) || this.at(t.By)) return this.expectName(0, 'an input', true);
    this.missing('the name of an input or step');
    return null;
  }

  private derived(start: number): Source {
    this.CONSUME(t.LeftParen);
    const query = this.nested(() => {
      const inner = this.SUBRULE(this.queryExpression);
      this.skipToClause('inside parentheses', false);
      return inner;
    });
    this.expect(0, t.RightParen, ')');
    const alias = this.sourceAlias(0);
    if (query === null) {
      const name = this.missingName();
      return { kind: 'source', name, alias, timestampBy: null, partitionBy: null, span: this.since(start) };
    }
    return { kind: 'derived', query, alias, span: this.since(start) };
  }

  protected readonly namedSource = this.RULE('namedSource', (): NamedSource => {
    const start = this.here();
    let name = nameFromToken(this.CONSUME(t.Word));
    this.MANY(() => {
      this.CONSUME(t.Dot);
      this.memberName(1);
    });
    if (!this.RECORDING_PHASE && this.behind() > name.span.end) {
      const span = this.since(start);
      const text = this.sourceText(span.start, span.end);
      this.report(catalogue.sourceName, span, text);
      name = { ...name, text, span };
    }
    let alias = this.sourceAlias(2);
    let timestampBy: TimestampBy | null = null;
    let partitionBy: PartitionBy | null = null;
    this.MANY1({
      GATE: () => this.atSecond(t.By),
      DEF: () => {
        this.OR([
          {
            ALT: () => {
              const clause = this.SUBRULE(this.timestampBy);
              if (timestampBy !== null) this.report(catalogue.clauseTwice, clause.span, 'TIMESTAMP BY');
              timestampBy ??= clause;
            },
          },
          {
            ALT: () => {
              const clause = this.SUBRULE(this.partitionBy);
              if (partitionBy !== null) this.report(catalogue.clauseTwice, clause.span, 'PARTITION BY');
              partitionBy ??= clause;
            },
          },
        ]);
      },
    });
    alias = this.lateAlias(alias, timestampBy !== null || partitionBy !== null);
    return { kind: 'source', name, alias, timestampBy, partitionBy, span: this.since(start) };
  });

  /** `FROM i TIMESTAMP BY t AS x`: understood, with a word about the order. */
  private lateAlias(alias: Name | null, afterTime: boolean): Name | null {
    if (this.RECORDING_PHASE || alias !== null || !afterTime || !this.at(t.As) || !isNameToken(this.LA(2))) return alias;
    this.SKIP_TOKEN();
    const token = this.LA(1);
    this.SKIP_TOKEN();
    this.report(catalogue.aliasAfterTime, tokenSpan(token), token.image);
    return nameFromToken(token);
  }

  /** `AS x` or a bare `x` that cannot start something else. */
  private sourceAlias(index: number): Name | null {
    return (
      this.option(index, {
        GATE: () => this.at(t.As) || this.bareAliasAhead(),
        DEF: () => {
          const as = this.option(index + 1, () => this.consume(index, t.As));
          return this.expectName(index, 'an alias', as !== undefined);
        },
      }) ?? null
    );
  }

  private bareAliasAhead(): boolean {
    const type = this.LA(1).tokenType;
    const next = this.LA(2).tokenType;
    if (type === t.Timestamp || type === t.Partition || type === t.Order) return next !== t.By;
    if (type === t.Right || type === t.Full) return next !== t.JoinWord && next !== t.Outer;
    if (type === t.MatchRecognizeWord) return next !== t.LeftParen;
    if (type === t.Limit) return next !== t.NumberText;
    if (type === t.Except || type === t.Intersect) return next !== t.Select && next !== t.LeftParen;
    return type !== t.Go;
  }

  private readonly timestampBy = this.RULE('timestampBy', (): TimestampBy => {
    const start = this.here();
    this.CONSUME(t.Timestamp);
    this.CONSUME(t.By);
    const expression = this.SUBRULE(this.expression);
    const over = this.OPTION(() => {
      this.CONSUME(t.OverWord);
      return this.SUBRULE(this.keyList);
    });
    return { kind: 'timestampBy', expression, over: over ?? [], span: this.since(start) };
  });

  private readonly partitionBy = this.RULE('partitionBy', (): PartitionBy => {
    const start = this.here();
    this.CONSUME(t.Partition);
    this.CONSUME(t.By);
    const keys = this.SUBRULE(this.keyList);
    let shardCount: number | null = null;
    this.OPTION({
      GATE: () => this.atSecond(t.NumberText),
      DEF: () => {
        this.CONSUME(t.Into);
        const count = this.CONSUME(t.NumberText);
        shardCount = Number(count.image);
        if (!(shardCount > 1)) this.report(catalogue.shardCount, tokenSpan(count), shardCount);
      },
    });
    return { kind: 'partitionBy', keys, shardCount, span: this.since(start) };
  });

  // ---- Joins -----------------------------------------------------------------------------------------------------

  private readonly joinClause = this.RULE('joinClause', (): JoinClause => {
    const start = this.here();
    return this.OR([
      {
        ALT: (): JoinClause => {
          this.OPTION(() => this.CONSUME(t.Inner));
          return this.joinRest(0, 'inner', start);
        },
      },
      {
        ALT: (): JoinClause => {
          this.CONSUME(t.Left);
          this.OPTION1(() => this.CONSUME(t.Outer));
          return this.joinRest(1, 'left', start);
        },
      },
      {
        ALT: (): JoinClause => {
          const type = this.OR1([
            { ALT: (): Join['type'] => taking(this.CONSUME(t.Right), 'right') },
            { ALT: (): Join['type'] => taking(this.CONSUME(t.Full), 'full') },
          ]);
          this.OPTION2(() => this.CONSUME1(t.Outer));
          const span = this.since(start);
          const instead = type === 'right' ? 'swap the inputs and use LEFT JOIN.' : 'use two LEFT JOINs and UNION.';
          this.report(catalogue.joinKind, span, this.RECORDING_PHASE ? '' : type.toUpperCase(), instead);
          return this.joinRest(2, type, start);
        },
      },
      { ALT: (): JoinClause => this.crossRest(start) },
      {
        ALT: (): JoinClause => {
          this.CONSUME2(t.Outer);
          return this.applyRest(0, 'outer', start);
        },
      },
      {
        ALT: (): JoinClause => {
          const comma = this.CONSUME(t.Comma);
          this.report(catalogue.commaJoin, tokenSpan(comma));
          const source = this.SUBRULE4(this.source);
          return { kind: 'join', type: 'cross', source, on: null, span: this.since(start) };
        },
      },
    ]);
  });

  private crossRest(start: number): JoinClause {
    const cross = this.CONSUME(t.Cross);
    const joined = this.OPTION4(() => {
      this.CONSUME3(t.JoinWord);
      this.report(
        catalogue.joinKind,
        tokenSpan(cross),
        'CROSS',
        'use JOIN … ON with a DATEDIFF bound, or CROSS APPLY for arrays.',
      );
      const source = this.SUBRULE3(this.source);
      const on = this.OPTION3(() => {
        this.CONSUME3(t.On);
        return this.SUBRULE3(this.expression);
      });
      return { source, on: on ?? null };
    });
    if (joined !== undefined && !this.RECORDING_PHASE) return { kind: 'join', type: 'cross', ...joined, span: this.since(start) };
    return this.applyRest(1, 'cross', start);
  }

  private joinRest(index: number, type: Join['type'], start: number): Join {
    this.expect(index, t.JoinWord, 'JOIN');
    const source = this.subrule(index, this.source);
    const on = this.option(index + 20, () => {
      this.consume(index, t.On);
      return this.subrule(index, this.expression);
    });
    if (on === undefined) this.syntaxError(catalogue.joinWithoutOn, this.since(start));
    return { kind: 'join', type, source, on: on ?? null, span: this.since(start) };
  }

  private applyRest(index: number, type: Apply['type'], start: number): Apply {
    this.expect(index, t.ApplyWord, type === 'cross' ? 'APPLY or JOIN after CROSS' : 'APPLY after OUTER');
    const at = this.here();
    const found = this.option(index + 8, {
      GATE: () => isNameToken(this.LA(1)),
      DEF: () => this.subrule(index, this.reference),
    });
    const call = this.RECORDING_PHASE ? null : this.applyCall(found, at);
    const alias = this.option(index + 10, {
      GATE: () => this.at(t.As) || this.bareAliasAhead(),
      DEF: () => {
        const as = this.option(index + 12, () => this.consume(index, t.As));
        return this.expectName(index + 2, 'a name for the result of APPLY', as !== undefined);
      },
    });
    if (alias === undefined) this.syntaxError(catalogue.applyAlias, this.since(start));
    return { kind: 'apply', type, call: call ?? this.missingCall(), alias: alias ?? null, span: this.since(start) };
  }

  private applyCall(found: Expression | undefined, at: number): Call | null {
    if (found?.kind === 'call') return found;
    this.syntaxError(catalogue.applyFunction, found === undefined ? this.foundSpan() : this.since(at));
    return null;
  }

  private missingCall(): Call {
    const name = this.missingName();
    return { kind: 'call', prefix: null, name, arguments: [], distinct: false, over: null, span: name.span };
  }

  protected abstract readonly matchRecognize: ParserMethod<[], MatchRecognize>;

  // ---- OVER (…) --------------------------------------------------------------------------------------------------

  protected override readonly over = this.RULE('over', (): Over => {
    const start = this.here();
    this.OPTION(() => {
      this.CONSUME(t.Within);
      this.expect(0, t.Group, 'GROUP after WITHIN');
      this.report(catalogue.withinGroup, this.since(start));
    });
    this.OPTION1(() => this.CONSUME(t.OverWord));
    const parts: OverParts = { partitionBy: [], orderBy: [], limit: null, when: null };
    if (this.expect(0, t.LeftParen, '( after OVER') !== null) {
      this.nested(() => {
        do this.MANY(() => this.overPart(parts));
        while (this.skipToClause('inside OVER (…)', false, overStops));
      });
      this.expect(0, t.RightParen, ') at the end of OVER');
    }
    return { kind: 'over', ...parts, span: this.since(start) };
  });

  private overPart(parts: OverParts): void {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.Partition);
          this.expect(0, t.By, 'BY after PARTITION');
          parts.partitionBy = this.SUBRULE(this.keyList);
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Order);
          this.expect(1, t.By, 'BY after ORDER');
          this.MANY_SEP({ SEP: t.Comma, DEF: () => parts.orderBy.push(this.SUBRULE(this.orderItem)) });
        },
      },
      {
        ALT: () => {
          parts.limit = this.SUBRULE(this.limitDuration) ?? parts.limit;
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.When);
          parts.when = this.SUBRULE(this.expression);
        },
      },
    ]);
  }

  protected readonly orderItem = this.RULE('orderItem', (): OrderItem => {
    const expression = this.SUBRULE(this.expression);
    const descending = this.OPTION(() =>
      this.OR([{ ALT: () => this.CONSUME(t.Asc) === undefined }, { ALT: () => this.CONSUME(t.Desc) !== undefined }]),
    );
    return { kind: 'orderItem', expression, descending: descending ?? false, span: this.since(startOf(expression)) };
  });

  protected readonly limitDuration = this.RULE('limitDuration', (): DurationLiteral | null => {
    const start = this.here();
    this.CONSUME(t.Limit);
    const isDuration = this.at(t.Duration);
    const call = this.OPTION({ GATE: () => this.RECORDING_PHASE || isDuration, DEF: () => this.SUBRULE(this.reference) });
    if (this.RECORDING_PHASE) return null;
    const args = call?.kind === 'call' ? call.arguments : [];
    const duration = durationFrom(args, this.since(start), (diagnostic) => this.diagnostics.push(diagnostic));
    if (duration === null)
      this.syntaxError(
        catalogue.windowArguments,
        this.since(start),
        'LIMIT DURATION',
        'LIMIT DURATION(unit, n) with a whole number',
      );
    return duration;
  });
}
