/** Names, paths and calls of functions. Knows no operators and no clauses. */
import type { ParserMethod } from 'chevrotain';
import { catalogue } from '../diagnostics/catalogue.ts';
import type { Argument, Call, Expression, Name, Over } from '../syntax/nodes.ts';
import { isPluralTimeUnit, timeUnitFromText } from '../syntax/time-units.ts';
import * as t from '../syntax/token-types.ts';
import { ExpressionGrammar } from './expression-grammar.ts';
import { isNameToken, nameFromToken, tokenSpan } from './grammar-base.ts';

/** Functions whose first argument is a unit word. */
const unitFunctions = new Set([
  'dateadd',
  'datediff',
  'datename',
  'datepart',
  'isfirst',
  'duration',
  'hop',
  'offset',
  'timeout',
  'maxduration',
  'tumblingwindow',
  'tumbling',
  'hoppingwindow',
  'hopping',
  'slidingwindow',
  'sliding',
  'sessionwindow',
  'session',
]);

export abstract class CallGrammar extends ExpressionGrammar {
  protected override readonly reference = this.RULE('reference', (): Expression => {
    const start = this.here();
    const parts: Name[] = [
      this.OR([{ ALT: () => nameFromToken(this.CONSUME(t.Word)) }, { ALT: () => nameFromToken(this.CONSUME(t.Left)) }]),
    ];
    this.MANY({
      GATE: () => this.LA(2).tokenType !== t.Star,
      DEF: () => {
        this.CONSUME(t.Dot);
        parts.push(this.memberName(1));
      },
    });
    const call = this.OPTION(() => this.SUBRULE(this.callTail, { ARGS: [start, parts] }));
    if (call !== undefined) return call;
    const span = this.since(start);
    if (isSystemTimestamp(parts)) {
      return { kind: 'call', prefix: 'system', name: parts[1]!, arguments: [], distinct: false, over: null, span };
    }
    if (parts[0]?.quoting === 'none' && parts.length === 1 && parts[0].text.toLowerCase() === 'left') {
      this.syntaxError(catalogue.reservedWord, span, parts[0].text);
    }
    return this.arrayIndex({ kind: 'path', parts, span });
  });

  /** `a[0]` is written in vain: brackets that touch a path and hold a number or a text. */
  private arrayIndex(path: Expression): Expression {
    if (this.RECORDING_PHASE || !this.at(t.BracketName) || !this.touchesPrevious()) return path;
    const token = this.LA(1);
    const index = /^\[\s*(\d+)\s*\]$/.exec(token.image)?.[1];
    if (index === undefined) return path;
    this.SKIP_TOKEN();
    const array = this.sourceText(path.span.start, path.span.end);
    this.report(catalogue.arrayIndex, tokenSpan(token), `GetArrayElement(${array}, ${index})`);
    return { kind: 'error', parts: [path, nameFromToken(token)], span: this.since(path.span.start) };
  }

  private readonly callTail = this.RULE('callTail', (start: number, parts: readonly Name[]): Call => {
    this.CONSUME(t.LeftParen);
    const args: Argument[] = [];
    const name = parts?.at(-1) ?? this.missingName();
    const prefix =
      (parts?.length ?? 0) > 1
        ? parts
            .slice(0, -1)
            .map((part) => part.text.toLowerCase())
            .join('.')
        : null;
    let distinct = false;
    this.nested(() => {
      this.OPTION({
        GATE: () => this.RECORDING_PHASE || this.quantifierAhead(),
        DEF: () => {
          distinct = this.OR([
            { ALT: () => this.CONSUME(t.Distinct) !== undefined },
            { ALT: () => this.CONSUME(t.All) === undefined },
          ]);
        },
      });
      const unitFirst = prefix === null && unitFunctions.has(name.text.toLowerCase());
      this.argumentList(args, unitFirst);
    });
    this.expect(0, t.RightParen, ') after the arguments');
    const over = this.OPTION2({
      GATE: () => this.LA(2).tokenType === t.LeftParen || this.at(t.Within),
      DEF: () => this.SUBRULE(this.over),
    });
    return { kind: 'call', prefix, name, arguments: args, distinct, over: over ?? null, span: this.since(start) };
  });

  private argumentList(args: Argument[], unitFirst: boolean): void {
    const first = (): number => args.push(this.argument(args.length === 0 && unitFirst));
    this.OPTION1({
      GATE: () => !this.at(t.RightParen),
      DEF: () => {
        do {
          first();
          this.MANY(() => {
            this.CONSUME(t.Comma);
            args.push(this.SUBRULE1(this.argumentRule, { ARGS: [false] }));
          });
        } while (this.skipToClause('between arguments', true) && this.at(t.Comma) && this.SKIP_TOKEN() !== undefined);
      },
    });
  }

  private argument(unit: boolean): Argument {
    return this.SUBRULE(this.argumentRule, { ARGS: [unit] });
  }

  private readonly argumentRule = this.RULE('argumentRule', (unit: boolean): Argument => {
    return this.OR([
      { ALT: (): Argument => ({ kind: 'starArgument', span: tokenSpan(this.CONSUME(t.Star)) }) },
      {
        ALT: (): Argument => {
          const expression = this.SUBRULE(this.expression);
          return unit === true ? this.unitArgument(expression) : expression;
        },
      },
    ]);
  });

  /** A bare word or, by mistake, a text where a unit belongs. */
  private unitArgument(expression: Expression): Argument {
    if (expression.kind === 'call') return expression;
    const text =
      expression.kind === 'path' && expression.parts.length === 1
        ? expression.parts[0]!.text
        : expression.kind === 'string'
          ? expression.value
          : null;
    if (text === null) {
      if (expression.kind !== 'error')
        this.report(catalogue.timeUnit, expression.span, this.sourceText(expression.span.start, expression.span.end));
      return expression;
    }
    const unit = timeUnitFromText(text);
    if (unit === null || expression.kind === 'string') {
      this.report(catalogue.timeUnit, expression.span, expression.kind === 'string' ? `'${text}'` : text);
      return unit === null ? expression : { kind: 'unit', unit, text, span: expression.span };
    }
    if (isPluralTimeUnit(text)) this.report(catalogue.pluralUnit, expression.span, text, unit);
    return { kind: 'unit', unit, text, span: expression.span };
  }

  /** `COUNT(DISTINCT x)` and not a column named distinct. */
  private quantifierAhead(): boolean {
    const next = this.LA(2);
    return (
      isNameToken(next) ||
      next.tokenType === t.StringText ||
      next.tokenType === t.NumberText ||
      next.tokenType === t.CastWord ||
      next.tokenType === t.TryCast ||
      next.tokenType === t.CaseWord ||
      next.tokenType === t.LeftParen ||
      next.tokenType === t.Null ||
      next.tokenType === t.Left
    );
  }

  protected abstract readonly over: ParserMethod<[], Over>;
}

function isSystemTimestamp(parts: readonly Name[]): boolean {
  const [system, timestamp] = parts;
  return (
    parts.length === 2 &&
    system?.quoting === 'none' &&
    system.text.toLowerCase() === 'system' &&
    timestamp?.text.toLowerCase() === 'timestamp'
  );
}
