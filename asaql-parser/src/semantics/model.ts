/** What a script means: relations, scopes, columns, bound calls and paths. Built by binder.ts, read by the checks. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type {
  Apply,
  Binary,
  Call,
  Cast,
  DerivedSource,
  Expression,
  MatchRecognize,
  Name,
  NamedSource,
  Node,
  Path,
  QueryExpression,
  QuerySpecification,
  Script,
  SelectItem,
  Step,
  UnionExpression,
} from '../syntax/nodes.ts';
import type { JobDeclarations } from './declarations.ts';
import type { FunctionSpec } from './functions/function-spec.ts';
import type { Column, ValueType } from './types.ts';

/** Rows that can be read: an input, a step, a derived table, the result of APPLY or of MATCH_RECOGNIZE. */
export interface Relation {
  readonly name: string;
  readonly kind: 'input' | 'step' | 'derived' | 'apply' | 'match';
  readonly columns: readonly Column[];
  readonly columnByName: ReadonlyMap<string, Column>;
  /** `closed`: exactly these columns. `sampled`: these were seen, others may exist. `open`: others surely may exist. */
  readonly extent: 'closed' | 'sampled' | 'open';
  readonly stream: 'stream' | 'reference' | 'unknown';
  /** Whether its rows carry the end of a window as their time. */
  readonly windowed: boolean;
}

export interface BoundSource {
  /** The name it goes by in its SELECT. */
  readonly alias: string;
  readonly relation: Relation;
  readonly node: NamedSource | DerivedSource | Apply | MatchRecognize;
}

/** What a dotted name stands for. */
export type Resolution =
  | {
      readonly kind: 'column';
      readonly source: BoundSource;
      readonly column: Column | null;
      readonly fields: readonly Name[];
      readonly type: ValueType;
    }
  | { readonly kind: 'event'; readonly source: BoundSource }
  | { readonly kind: 'alias'; readonly type: ValueType }
  | { readonly kind: 'pattern' }
  | { readonly kind: 'hidden'; readonly source: BoundSource }
  | { readonly kind: 'ambiguous'; readonly sources: readonly BoundSource[] }
  | { readonly kind: 'missing'; readonly source: BoundSource | null; readonly name: Name }
  | { readonly kind: 'missingField'; readonly name: Name; readonly type: ValueType };

/** Where in a SELECT an expression stands. */
export type Place =
  | 'select'
  | 'where'
  | 'groupBy'
  | 'having'
  | 'on'
  | 'timestampBy'
  | 'timestampOver'
  | 'partitionBy'
  | 'apply'
  | 'measures'
  | 'define';

export interface BoundPath {
  readonly node: Path;
  readonly resolution: Resolution;
  readonly place: Place;
  /** The nearest call around it. */
  readonly within: BoundCall | null;
}

export interface BoundCall {
  readonly node: Call;
  readonly spec: FunctionSpec | null;
  readonly form: 'scalar' | 'aggregate' | 'analytic' | 'udf' | 'uda' | 'window' | 'tableValued' | 'system' | 'match' | 'unknown';
  readonly place: Place;
  readonly within: BoundCall | null;
  /** Types of the arguments, in order; null for units and stars. */
  readonly argumentTypes: (ValueType | null)[];
  type: ValueType;
}

/** A place that wants a condition and holds a value, or the other way round. */
export interface ConditionMismatch {
  readonly node: Expression;
  readonly wanted: 'condition' | 'value';
}

export interface BoundSelect {
  readonly node: QuerySpecification;
  /** The step or statement that it belongs to. */
  readonly step: Step | null;
  /** Whether INTO may stand in it: the first SELECT of a statement. */
  readonly mayHaveInto: boolean;
  readonly sources: readonly BoundSource[];
  readonly types: ReadonlyMap<Expression, ValueType>;
  readonly resolutions: ReadonlyMap<Path, Resolution>;
  readonly paths: readonly BoundPath[];
  readonly calls: readonly BoundCall[];
  readonly binaries: readonly { readonly node: Binary; readonly place: Place }[];
  readonly casts: readonly Cast[];
  readonly mismatches: readonly ConditionMismatch[];
  /** What the SELECT gives. */
  readonly result: Relation;
  readonly items: readonly { readonly node: SelectItem; readonly columns: readonly Column[] }[];
}

export interface BoundUnion {
  readonly node: UnionExpression;
  readonly left: Relation;
  readonly right: Relation;
  readonly result: Relation;
}

export interface BoundStep {
  readonly node: Step;
  readonly relation: Relation;
  readonly sameNameBefore: boolean;
}

export interface BoundOutput {
  readonly name: string;
  /** INTO's name, or the SELECT that has none. */
  readonly node: Node;
  readonly implicit: boolean;
  readonly body: QueryExpression;
  readonly result: Relation;
}

/** A source that is no step: an input, used at `node`. */
export interface InputUse {
  readonly name: string;
  readonly node: NamedSource;
  readonly relation: Relation;
  readonly select: QuerySpecification | null;
  readonly insideStep: Step | null;
  readonly trouble: 'unknown' | 'later step' | 'itself' | null;
}

export interface Model {
  readonly script: Script;
  readonly text: string;
  readonly declarations: JobDeclarations;
  readonly selects: readonly BoundSelect[];
  readonly steps: readonly BoundStep[];
  readonly unions: readonly BoundUnion[];
  readonly outputs: readonly BoundOutput[];
  readonly inputUses: readonly InputUse[];
  /** What each name in FROM means. */
  readonly relationOfSource: ReadonlyMap<NamedSource, Relation>;
  /** Lower-case names of the steps that are read. */
  readonly stepsRead: ReadonlySet<string>;
  /** Syntax and meaning, in the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
}
