/** SELECT and what is made of SELECTs: its clauses, UNION, steps. Knows no statements. */
import { catalogue } from '../diagnostics/catalogue.ts';
import type {
  Expression,
  FromClause,
  GroupByClause,
  GroupByItem,
  Name,
  QueryExpression,
  QuerySpecification,
  SelectItem,
  Step,
} from '../syntax/nodes.ts';
import * as t from '../syntax/token-types.ts';
import { chainMax, isNameToken, nameFromToken, tokenSpan } from './grammar-base.ts';
import { MatchGrammar } from './match-grammar.ts';
import { startOf } from './operator-folding.ts';
import { groupByItemFrom } from './window-from-call.ts';

type Clause = 'INTO' | 'FROM' | 'WHERE' | 'GROUP BY' | 'HAVING';
const clauseOrder: readonly Clause[] = ['INTO', 'FROM', 'WHERE', 'GROUP BY', 'HAVING'];

interface SelectParts {
  items: SelectItem[];
  into: Name | null;
  from: FromClause | null;
  where: Expression | null;
  groupBy: GroupByClause | null;
  having: Expression | null;
  rejected: Expression[];
}

export abstract class QueryGrammar extends MatchGrammar {
  // ---- Queries ---------------------------------------------------------------------------------------------------

  protected override readonly queryExpression = this.RULE('queryExpression', (): QueryExpression => {
    const before = this.here();
    let left = this.SUBRULE(this.queryTerm);
    // Where there is no query, its place is right behind the token before.
    const start = Math.min(before, left.span?.start ?? before);
    let length = 0;
    this.MANY({
      GATE: () => this.at(t.Union) || this.atSecond(t.Select) || this.atSecond(t.LeftParen),
      DEF: () => {
        const all = this.unionWord();
        const right = this.SUBRULE1(this.queryTerm);
        if (length++ < chainMax) left = { kind: 'union', left, right, all, span: this.since(start) };
        else this.syntaxError(catalogue.tooLong, right.span, chainMax);
      },
    });
    return left;
  });

  /** UNION [ALL], or EXCEPT and INTERSECT, which are refused. Gives whether ALL was written. */
  private unionWord(): boolean {
    const word = this.OR([
      { ALT: () => this.CONSUME(t.Union) },
      { ALT: () => this.CONSUME(t.Except) },
      { ALT: () => this.CONSUME(t.Intersect) },
    ]);
    const all = this.OPTION(() => this.CONSUME(t.All));
    if (this.RECORDING_PHASE) return false;
    if (word.tokenType !== t.Union) this.report(catalogue.setOperation, tokenSpan(word), word.image.toUpperCase());
    else if (all !== undefined) this.report(catalogue.unionAll, tokenSpan(all));
    return all !== undefined;
  }

  private readonly queryTerm = this.RULE('queryTerm', (): QueryExpression => {
    const start = this.here();
    return this.OR([
      { ALT: (): QueryExpression => this.SUBRULE(this.querySpecification) },
      {
        ALT: (): QueryExpression => {
          this.CONSUME(t.LeftParen);
          const query = this.nested(() => {
            const inner = this.SUBRULE(this.queryExpression);
            this.skipToClause('inside parentheses', false);
            return inner;
          });
          this.expect(0, t.RightParen, ')');
          return query === null ? this.emptyQuery(start) : { kind: 'parenthesizedQuery', query, span: this.since(start) };
        },
      },
      {
        ALT: (): QueryExpression => {
          const source = this.SUBRULE(this.namedSource);
          this.report(catalogue.stepReference, source.span ?? this.emptySpan(), source.name?.text ?? '');
          return { kind: 'stepReference', source, span: source.span };
        },
      },
      {
        ALT: (): QueryExpression => {
          this.missing('SELECT');
          return this.emptyQuery(this.behind());
        },
      },
    ]);
  });

  private emptyQuery(start: number): QuerySpecification {
    const span = this.since(start);
    return { kind: 'select', items: [], into: null, from: null, where: null, groupBy: null, having: null, rejected: [], span };
  }

  protected readonly step = this.RULE('step', (): Step => {
    const start = this.here();
    const name = this.expectName(0, 'the name of a step', !this.at(t.Select)) ?? this.missingName();
    this.expect(0, t.As, 'AS ( and the query of the step');
    this.expect(0, t.LeftParen, '( and the query of the step');
    const body = this.nested(() => {
      const inner = this.SUBRULE(this.queryExpression);
      this.OPTION(() => this.CONSUME(t.Semicolon));
      this.skipToClause('inside the step', false);
      return inner;
    });
    this.expect(0, t.RightParen, ') at the end of the step');
    return { kind: 'step', name, body: body ?? this.emptyQuery(start), span: this.since(Math.min(start, name.span?.start ?? 0)) };
  });

  // ---- SELECT ----------------------------------------------------------------------------------------------------

  protected readonly querySpecification = this.RULE('querySpecification', (): QuerySpecification => {
    const start = this.here();
    this.CONSUME(t.Select);
    const parts: SelectParts = { items: [], into: null, from: null, where: null, groupBy: null, having: null, rejected: [] };
    this.selectModifiers(parts);
    this.selectList(parts.items);
    let last: Clause | null = null;
    do {
      this.MANY1({
        GATE: () => !this.at(t.Order) || this.atSecond(t.By),
        DEF: () => {
          const from = this.here();
          const clause = this.clause(parts);
          if (clause !== null) last = this.checkOrder(clause, last, from);
        },
      });
    } while (this.skipToClause(last === null ? 'in the SELECT list' : `after ${last}`, false) && this.atClause());
    if (!this.RECORDING_PHASE && parts.from === null) {
      if (this.atEnd() || parts.items.length > 0)
        this.syntaxError(catalogue.missingFrom, { start, end: start + 'SELECT'.length });
    }
    return { kind: 'select', ...parts, span: this.since(start) };
  });

  private atClause(): boolean {
    const type = this.LA(1).tokenType;
    return type === t.Into || type === t.From || type === t.Where || type === t.Group || type === t.Having || type === t.Order;
  }

  private checkOrder(clause: Clause, last: Clause | null, start: number): Clause {
    if (last !== null && clauseOrder.indexOf(clause) < clauseOrder.indexOf(last)) {
      this.report(catalogue.clauseOrder, { start, end: start + clause.split(' ')[0]!.length }, clause, last);
      return last;
    }
    return clause;
  }

  /** DISTINCT, ALL and TOP, written in vain. */
  private selectModifiers(parts: SelectParts): void {
    this.OPTION({
      GATE: () => this.RECORDING_PHASE || this.distinctAhead(),
      DEF: () => {
        const word = this.OR([{ ALT: () => this.CONSUME(t.Distinct) }, { ALT: () => this.CONSUME(t.All) }]);
        if (word.tokenType === t.Distinct) this.report(catalogue.distinct, tokenSpan(word));
      },
    });
    this.OPTION1({
      GATE: () =>
        this.RECORDING_PHASE ||
        this.atSecond(t.NumberText) ||
        (this.atSecond(t.LeftParen) && this.LA(3).tokenType === t.NumberText),
      DEF: () => {
        const start = this.here();
        this.CONSUME(t.Top);
        parts.rejected.push(this.SUBRULE(this.topCount));
        this.report(catalogue.top, this.since(start));
      },
    });
  }

  private readonly topCount = this.RULE('topCount', (): Expression => {
    const start = this.here();
    this.OPTION(() => this.CONSUME(t.LeftParen));
    const count = this.CONSUME(t.NumberText);
    this.OPTION1(() => this.CONSUME(t.RightParen));
    const number: Expression = { kind: 'number', text: count.image, numeric: 'bigint', span: tokenSpan(count) };
    return { kind: 'error', parts: [number], span: this.since(start) };
  });

  /** `SELECT DISTINCT a`, and not a column named distinct. */
  private distinctAhead(): boolean {
    const next = this.LA(2);
    return (
      (isNameToken(next) && !this.at(t.All)) ||
      next.tokenType === t.Star ||
      next.tokenType === t.CaseWord ||
      next.tokenType === t.CastWord ||
      next.tokenType === t.TryCast ||
      (this.at(t.Distinct) && next.tokenType === t.LeftParen)
    );
  }

  private selectList(items: SelectItem[]): void {
    items.push(this.SUBRULE(this.selectItem));
    do {
      this.MANY({
        GATE: () => !this.trailingComma(),
        DEF: () => {
          this.CONSUME(t.Comma);
          items.push(this.SUBRULE1(this.selectItem));
        },
      });
    } while (this.skipToClause('in the SELECT list', true) && this.at(t.Comma) && !this.trailingComma());
    if (!this.RECORDING_PHASE && this.at(t.Comma)) {
      const comma = this.LA(1);
      this.report(
        catalogue.trailingComma,
        tokenSpan(comma),
        this.LA(2).image === '' ? 'the end' : this.LA(2).image.toUpperCase(),
      );
      this.SKIP_TOKEN();
    }
  }

  private trailingComma(): boolean {
    const next = this.LA(2).tokenType;
    return this.at(t.Comma) && (next === t.From || next === t.Into || next === t.Where || next === t.Group);
  }

  private readonly selectItem = this.RULE('selectItem', (): SelectItem => {
    const start = this.here();
    return this.OR([
      { ALT: (): SelectItem => ({ kind: 'star', qualifier: null, span: tokenSpan(this.CONSUME(t.Star)) }) },
      {
        GATE: () => this.atSecond(t.Equal),
        ALT: (): SelectItem => {
          const alias = nameFromToken(this.CONSUME(t.Word));
          this.CONSUME(t.Equal);
          const expression = this.SUBRULE(this.expression);
          return { kind: 'item', expression, alias, span: this.since(start) };
        },
      },
      { ALT: (): SelectItem => this.plainItem() },
    ]);
  });

  private plainItem(): SelectItem {
    const expression = this.SUBRULE1(this.expression);
    const start = startOf(expression);
    const starred = this.OPTION({
      GATE: () => this.atSecond(t.Star),
      DEF: () => {
        this.CONSUME(t.Dot);
        return this.CONSUME1(t.Star);
      },
    });
    if (starred !== undefined && expression.kind === 'path')
      return { kind: 'star', qualifier: expression, span: this.since(start) };
    const alias = this.OPTION1({ GATE: () => !this.clauseAhead(), DEF: () => this.itemAlias() });
    return { kind: 'item', expression, alias: alias ?? null, span: this.since(start) };
  }

  /** Words that start something else and are no alias, unless AS stands before them. */
  private clauseAhead(): boolean {
    const type = this.LA(1).tokenType;
    return (type === t.Order && this.atSecond(t.By)) || type === t.Go;
  }

  private itemAlias(): Name | null {
    const as = this.OPTION2(() => this.CONSUME(t.As));
    if (this.at(t.StringText)) return nameFromToken(this.CONSUME(t.StringText));
    if (this.RECORDING_PHASE) this.OR1([{ ALT: () => this.CONSUME1(t.Word) }, { ALT: () => this.CONSUME1(t.StringText) }]);
    const reservedToo = as !== undefined && !this.atClause();
    return this.expectName(2, 'an alias', reservedToo);
  }

  // ---- Clauses ---------------------------------------------------------------------------------------------------

  /** One clause behind the list. Gives its name, or null for one that the language does not have. */
  private clause(parts: SelectParts): Clause | null {
    const start = this.here();
    return this.OR1([
      {
        ALT: (): Clause => {
          this.CONSUME1(t.Into);
          const name = this.expectName(1, 'the name of an output after INTO', !this.atClause());
          this.twice(parts.into, 'INTO', start);
          parts.into ??= name;
          return 'INTO';
        },
      },
      {
        ALT: (): Clause => {
          const from = this.SUBRULE(this.fromClause);
          this.twice(parts.from, 'FROM', start);
          parts.from ??= from;
          return 'FROM';
        },
      },
      {
        ALT: (): Clause => {
          this.CONSUME1(t.Where);
          const where = this.SUBRULE1(this.expression);
          this.twice(parts.where, 'WHERE', start);
          parts.where ??= where;
          return 'WHERE';
        },
      },
      {
        ALT: (): Clause => {
          const groupBy = this.SUBRULE(this.groupByClause);
          this.twice(parts.groupBy, 'GROUP BY', start);
          parts.groupBy ??= groupBy;
          return 'GROUP BY';
        },
      },
      {
        ALT: (): Clause => {
          this.CONSUME1(t.Having);
          const having = this.SUBRULE2(this.expression);
          this.twice(parts.having, 'HAVING', start);
          parts.having ??= having;
          return 'HAVING';
        },
      },
      {
        ALT: (): null => {
          const keys = this.SUBRULE(this.orderByClause);
          this.report(catalogue.orderBy, this.since(start));
          parts.rejected.push({ kind: 'error', parts: keys, span: this.since(start) });
          return null;
        },
      },
    ]);
  }

  private twice(before: unknown, clause: Clause, start: number): void {
    if (before !== null) this.report(catalogue.clauseTwice, this.since(start), clause);
  }

  private readonly orderByClause = this.RULE('orderByClause', () => {
    this.CONSUME(t.Order);
    this.CONSUME(t.By);
    const keys = [this.SUBRULE(this.orderItem)];
    this.MANY(() => {
      this.CONSUME(t.Comma);
      keys.push(this.SUBRULE1(this.orderItem));
    });
    return keys;
  });

  private readonly groupByClause = this.RULE('groupByClause', (): GroupByClause => {
    const start = this.here();
    this.CONSUME(t.Group);
    this.expect(0, t.By, 'BY after GROUP');
    const items: GroupByItem[] = [this.groupByItem(0)];
    do {
      this.MANY(() => {
        this.CONSUME(t.Comma);
        items.push(this.groupByItem(1));
      });
    } while (this.skipToClause('in GROUP BY', true) && this.at(t.Comma));
    return { kind: 'groupBy', items, span: this.since(start) };
  });

  private groupByItem(index: number): GroupByItem {
    const item = this.subrule(index, this.expression);
    return this.RECORDING_PHASE ? item : groupByItemFrom(item, (diagnostic) => this.diagnostics.push(diagnostic));
  }
}
