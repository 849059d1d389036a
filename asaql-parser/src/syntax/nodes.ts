/**
 * The typed tree of an ASAQL script: readonly discriminated unions with spans. Knows no parser and no meaning.
 *
 * Every node carries the span of its own text, without the trivia around it. What could not be understood is an
 * `error` node that keeps the parts that were. The lossless text is kept by the token list of the `Script`
 * (see printer.ts), so that nodes stay small.
 */
import type { Span } from '../text/span.ts';

interface NodeBase {
  readonly span: Span;
}

/** A name as written: bare, `[bracketed]` or `"quoted"`. `text` has the quoting removed. */
export interface Name extends NodeBase {
  readonly kind: 'name';
  readonly text: string;
  readonly quoting: 'none' | 'brackets' | 'quotes' | 'string';
}

// ---- Script and statements -------------------------------------------------------------------------------------

export interface Script extends NodeBase {
  readonly kind: 'script';
  readonly statements: readonly Statement[];
}

export type Statement = CreateTable | Query | ErrorStatement;

export interface CreateTable extends NodeBase {
  readonly kind: 'createTable';
  readonly name: Name;
  readonly columns: readonly ColumnDefinition[];
}

export interface ColumnDefinition extends NodeBase {
  readonly kind: 'columnDefinition';
  readonly name: Name;
  readonly type: DataType;
}

/** `nvarchar(max)` has `argument` 'max'. `typeName` is lower case as written, known or not. */
export interface DataType extends NodeBase {
  readonly kind: 'dataType';
  readonly typeName: string;
  readonly argument: string | null;
}

/** `WITH a AS (…), b AS (…)` (perhaps absent) and the SELECT statements that follow it. */
export interface Query extends NodeBase {
  readonly kind: 'query';
  readonly steps: readonly Step[];
  readonly selects: readonly SelectStatement[];
}

export interface Step extends NodeBase {
  readonly kind: 'step';
  readonly name: Name;
  readonly body: QueryExpression;
}

/** A SELECT at the top level: `into` is taken from the first query specification of its body. */
export interface SelectStatement extends NodeBase {
  readonly kind: 'selectStatement';
  readonly body: QueryExpression;
  readonly into: Name | null;
}

/** What the parser does not know as a statement, skipped to the next one. */
export interface ErrorStatement extends NodeBase {
  readonly kind: 'errorStatement';
  readonly parts: readonly Node[];
}

// ---- Query expressions -----------------------------------------------------------------------------------------

export type QueryExpression = QuerySpecification | UnionExpression | ParenthesizedQuery | StepReferenceQuery;

export interface UnionExpression extends NodeBase {
  readonly kind: 'union';
  readonly left: QueryExpression;
  readonly right: QueryExpression;
  readonly all: boolean;
}

export interface ParenthesizedQuery extends NodeBase {
  readonly kind: 'parenthesizedQuery';
  readonly query: QueryExpression;
}

/** `… UNION step2 PARTITION BY k`: a bare step as a branch, tolerated. */
export interface StepReferenceQuery extends NodeBase {
  readonly kind: 'stepReference';
  readonly source: NamedSource;
}

export interface QuerySpecification extends NodeBase {
  readonly kind: 'select';
  readonly items: readonly SelectItem[];
  readonly into: Name | null;
  readonly from: FromClause | null;
  readonly where: Expression | null;
  readonly groupBy: GroupByClause | null;
  readonly having: Expression | null;
  /** What was written in vain (TOP, ORDER BY) and refused with a diagnostic. */
  readonly rejected: readonly Expression[];
}

export type SelectItem = StarItem | ExpressionItem;

/** `*` (`qualifier` null), `alias.*` or `record.column.*`. */
export interface StarItem extends NodeBase {
  readonly kind: 'star';
  readonly qualifier: Path | null;
}

/** `expr AS alias`, `expr alias` or `alias = expr`. */
export interface ExpressionItem extends NodeBase {
  readonly kind: 'item';
  readonly expression: Expression;
  readonly alias: Name | null;
}

export interface GroupByClause extends NodeBase {
  readonly kind: 'groupBy';
  readonly items: readonly GroupByItem[];
}

export type GroupByItem = WindowSpecification | WindowsItem | Expression;

// ---- FROM ------------------------------------------------------------------------------------------------------

export interface FromClause extends NodeBase {
  readonly kind: 'from';
  readonly source: Source;
  readonly joins: readonly JoinClause[];
  readonly matchRecognize: MatchRecognize | null;
}

export type Source = NamedSource | DerivedSource;

export interface NamedSource extends NodeBase {
  readonly kind: 'source';
  readonly name: Name;
  readonly alias: Name | null;
  readonly timestampBy: TimestampBy | null;
  readonly partitionBy: PartitionBy | null;
}

export interface DerivedSource extends NodeBase {
  readonly kind: 'derived';
  readonly query: QueryExpression;
  readonly alias: Name | null;
}

export interface TimestampBy extends NodeBase {
  readonly kind: 'timestampBy';
  readonly expression: Expression;
  readonly over: readonly Expression[];
}

export interface PartitionBy extends NodeBase {
  readonly kind: 'partitionBy';
  readonly keys: readonly Expression[];
  readonly shardCount: number | null;
}

export type JoinClause = Join | Apply;

/** `type` 'right', 'full' and 'cross' are no ASAQL and carry a diagnostic; they have a tree all the same. */
export interface Join extends NodeBase {
  readonly kind: 'join';
  readonly type: 'inner' | 'left' | 'right' | 'full' | 'cross';
  readonly source: Source;
  readonly on: Expression | null;
}

export interface Apply extends NodeBase {
  readonly kind: 'apply';
  readonly type: 'cross' | 'outer';
  readonly call: Call;
  readonly alias: Name | null;
}

// ---- Windows ---------------------------------------------------------------------------------------------------

/** Units in their long form, whatever spelling was used. */
export type TimeUnit =
  | 'year'
  | 'quarter'
  | 'month'
  | 'dayofyear'
  | 'day'
  | 'week'
  | 'weekday'
  | 'hour'
  | 'minute'
  | 'second'
  | 'millisecond'
  | 'microsecond';

export interface DurationLiteral extends NodeBase {
  readonly kind: 'duration';
  readonly unit: TimeUnit;
  readonly amount: number;
}

/**
 * One window. `size` is the size of a tumbling, hopping or sliding window and the timeout of a session.
 * `System.Timestamp()` as a GROUP BY item is an expression, not a window specification, unless it stands in Windows().
 */
export interface WindowSpecification extends NodeBase {
  readonly kind: 'window';
  readonly windowKind: 'tumbling' | 'hopping' | 'sliding' | 'session' | 'snapshot';
  readonly size: DurationLiteral | null;
  readonly hop: DurationLiteral | null;
  readonly offset: DurationLiteral | null;
  readonly maxDuration: DurationLiteral | null;
  /** Session windows: `OVER (PARTITION BY …)`. */
  readonly partitionBy: readonly Expression[];
}

/** `Windows(Window('id', …), …)` or `Windows(TumblingWindow(…), …)`. */
export interface WindowsItem extends NodeBase {
  readonly kind: 'windows';
  readonly windows: readonly { readonly id: string | null; readonly window: WindowSpecification }[];
}

// ---- MATCH_RECOGNIZE -------------------------------------------------------------------------------------------

export interface MatchRecognize extends NodeBase {
  readonly kind: 'matchRecognize';
  readonly limit: DurationLiteral | null;
  readonly partitionBy: readonly Expression[];
  readonly measures: readonly ExpressionItem[];
  readonly afterMatch: 'nextRow';
  readonly pattern: Pattern | null;
  readonly definitions: readonly { readonly name: Name; readonly condition: Expression }[];
  readonly alias: Name | null;
}

export type Pattern =
  | (NodeBase & { readonly kind: 'patternVariable'; readonly name: Name })
  | (NodeBase & { readonly kind: 'patternAny' })
  | (NodeBase & { readonly kind: 'patternSequence'; readonly parts: readonly Pattern[] })
  | (NodeBase & { readonly kind: 'patternChoice'; readonly parts: readonly Pattern[] })
  | (NodeBase & { readonly kind: 'patternRepeat'; readonly part: Pattern; readonly min: number; readonly max: number });

// ---- Expressions -----------------------------------------------------------------------------------------------

export type Expression =
  | NumberLiteral
  | StringLiteral
  | NullLiteral
  | Path
  | Member
  | Call
  | Cast
  | Case
  | Unary
  | Binary
  | Between
  | InList
  | Like
  | IsNull
  | Parenthesized
  | ErrorExpression;

/** `text` as written; `numeric` 'bigint' without a point, else 'float'. */
export interface NumberLiteral extends NodeBase {
  readonly kind: 'number';
  readonly text: string;
  readonly numeric: 'bigint' | 'float';
}

export interface StringLiteral extends NodeBase {
  readonly kind: 'string';
  readonly value: string;
}

export interface NullLiteral extends NodeBase {
  readonly kind: 'null';
}

/** `a`, `a.b.c`, `[my input].[0].value`: what it means depends on what is in scope. */
export interface Path extends NodeBase {
  readonly kind: 'path';
  readonly parts: readonly Name[];
}

/** `call(…).name` or `(expr).name`. */
export interface Member extends NodeBase {
  readonly kind: 'member';
  readonly object: Expression;
  readonly name: Name;
}

/** Any call. `prefix` is `udf`, `uda` or `system` (lower case) for `udf.f(…)`; `System.Timestamp` without parentheses is a call too. */
export interface Call extends NodeBase {
  readonly kind: 'call';
  readonly prefix: string | null;
  readonly name: Name;
  /** `COUNT(*)`, `LAG(*)`: one argument of kind `starArgument`. */
  readonly arguments: readonly Argument[];
  readonly distinct: boolean;
  readonly over: Over | null;
}

/** A bare unit word where the function wants one (`DATEDIFF(minute, …)`) is a `unit`. */
export type Argument =
  | Expression
  | (NodeBase & { readonly kind: 'starArgument' })
  | (NodeBase & { readonly kind: 'unit'; readonly unit: TimeUnit; readonly text: string });

export interface Over extends NodeBase {
  readonly kind: 'over';
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly OrderItem[];
  readonly limit: DurationLiteral | null;
  readonly when: Expression | null;
}

export interface OrderItem extends NodeBase {
  readonly kind: 'orderItem';
  readonly expression: Expression;
  readonly descending: boolean;
}

export interface Cast extends NodeBase {
  readonly kind: 'cast';
  readonly try: boolean;
  readonly expression: Expression;
  readonly type: DataType;
}

/** Simple (`operand` present: WHEN holds a value) or searched (WHEN holds a condition). */
export interface Case extends NodeBase {
  readonly kind: 'case';
  readonly operand: Expression | null;
  readonly branches: readonly { readonly when: Expression; readonly then: Expression }[];
  readonly otherwise: Expression | null;
}

export interface Unary extends NodeBase {
  readonly kind: 'unary';
  readonly operator: '+' | '-' | '~' | 'not';
  readonly operand: Expression;
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^' | '=' | '<>' | '<' | '<=' | '>' | '>=' | 'and' | 'or';

/** `!=` is `<>`, `!<` is `>=`, `!>` is `<=`. */
export interface Binary extends NodeBase {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export interface Between extends NodeBase {
  readonly kind: 'between';
  readonly negated: boolean;
  readonly operand: Expression;
  readonly low: Expression;
  readonly high: Expression;
}

export interface InList extends NodeBase {
  readonly kind: 'in';
  readonly negated: boolean;
  readonly operand: Expression;
  readonly values: readonly Expression[];
}

export interface Like extends NodeBase {
  readonly kind: 'like';
  readonly negated: boolean;
  readonly operand: Expression;
  readonly pattern: Expression;
}

export interface IsNull extends NodeBase {
  readonly kind: 'isNull';
  readonly negated: boolean;
  readonly operand: Expression;
}

export interface Parenthesized extends NodeBase {
  readonly kind: 'parenthesized';
  readonly expression: Expression;
}

export interface ErrorExpression extends NodeBase {
  readonly kind: 'error';
  readonly parts: readonly Node[];
}

export type Node =
  | Name
  | Script
  | Statement
  | ColumnDefinition
  | DataType
  | Step
  | SelectStatement
  | QueryExpression
  | SelectItem
  | GroupByClause
  | FromClause
  | Source
  | TimestampBy
  | PartitionBy
  | JoinClause
  | DurationLiteral
  | WindowSpecification
  | WindowsItem
  | MatchRecognize
  | Pattern
  | Expression
  | Argument
  | Over
  | OrderItem;
