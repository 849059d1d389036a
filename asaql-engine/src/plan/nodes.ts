/**
 * The plan: a graph of nodes, each made after the nodes it reads. Knows no operator and no syntax tree.
 *
 * The columns of a node are the slots that later nodes asked for: nothing is decoded, carried or computed that nobody reads.
 */
import type { Condition, Expression } from '../expressions/expression.ts';
import type { MakeUserAggregate } from '../expressions/user-functions.ts';
import type { TypeName } from '../expressions/value.ts';

interface NodeBase {
  readonly id: number;
}

export const metadataNames = ['EventProcessedUtcTime', 'PartitionId', 'EventEnqueuedUtcTime'] as const;
export type MetadataName = (typeof metadataNames)[number];

/** What a column of a source is. `presence` says only whether there is a value; `time` is a datetime where the text is one. */
export type SourceSlot =
  | { readonly kind: 'path' | 'presence' | 'time'; readonly path: readonly string[] }
  | { readonly kind: 'record' }
  | { readonly kind: 'metadata'; readonly name: MetadataName }
  /** What only GetMetadataPropertyValue reads: a property of the event beside its body. */
  | { readonly kind: 'property'; readonly path: readonly string[] };

/** An input as one FROM reads it: its columns, its time line. */
export interface SourceNode extends NodeBase {
  readonly kind: 'source';
  readonly input: string;
  readonly reference: boolean;
  /** Reference data: its rows hold from their time until those of a later time. */
  readonly snapshots: boolean;
  readonly slots: SourceSlot[];
  /** Over the source's own slots; null: the time of arrival. */
  timestamp: Expression | null;
  over: readonly Expression[];
  /** CREATE TABLE: the declared columns, in order. */
  readonly declared: readonly { readonly name: string; readonly type: TypeName }[] | null;
}

export interface FilterNode extends NodeBase {
  readonly kind: 'filter';
  readonly source: PlanNode;
  condition: Condition | null;
  /** The slots of the source that are carried on. */
  readonly carried: number[];
}

export interface ProjectNode extends NodeBase {
  readonly kind: 'project';
  readonly source: PlanNode;
  readonly expressions: Expression[];
}

export interface WindowPlan {
  readonly kind: 'hopping' | 'sliding' | 'session' | 'snapshot';
  /** `System.Window().Id`, null without one. */
  readonly id: string | null;
  readonly sizeUs: number;
  readonly hopUs: number;
  readonly offsetUs: number;
  /** Sliding windows: of each group only the last result in each interval of this length is needed (thin-sliding.ts); 0: all. */
  thinUs: number;
  thinOffsetUs: number;
  readonly maxDurationUs: number;
  /** Session windows: positions in the keys that have sessions of their own. */
  readonly partitionKeys: readonly number[];
}

export type AggregateKind =
  | 'count'
  | 'countDistinct'
  | 'sum'
  | 'avg'
  | 'min'
  | 'max'
  | 'var'
  | 'varp'
  | 'stdev'
  | 'stdevp'
  | 'percentileCont'
  | 'percentileDisc'
  | 'collect'
  | 'collectTop'
  | 'topOne'
  | 'user';

export interface AggregatePlan {
  readonly kind: AggregateKind;
  readonly key: string;
  /** What is aggregated. No argument: rows are counted. TopOne, CollectTop and Collect have the parts of a row here. */
  readonly values: readonly Expression[];
  /** Names of the parts, where the value is a record made of them; null: the value itself. */
  readonly partNames: readonly (string | null)[] | null;
  readonly orders: readonly { readonly expression: Expression; readonly descending: boolean }[];
  /** TopOne of a whole row: the result is only this part of it (a position in `values`); null: the row. */
  readonly part: number | null;
  /** PERCENTILE: 0 … 1. CollectTop: how many. */
  readonly parameter: number;
  readonly user: MakeUserAggregate | null;
}

/** Slots: the keys, then the window's id, then the aggregates. */
export interface AggregateNode extends NodeBase {
  readonly kind: 'aggregate';
  readonly source: PlanNode;
  readonly windows: readonly WindowPlan[];
  readonly keys: readonly Expression[];
  readonly aggregates: AggregatePlan[];
}

export type AnalyticPlan =
  | {
      readonly kind: 'lag';
      readonly key: string;
      readonly value: Expression;
      /** 0: LAST. */
      readonly offset: number;
      readonly otherwise: Expression | null;
      readonly partition: readonly Expression[];
      readonly when: Condition | null;
      readonly limitUs: number;
    }
  | {
      readonly kind: 'anomaly';
      readonly key: string;
      readonly value: Expression;
      readonly method: 'spikes' | 'dips' | 'spikesanddips' | 'changePoint';
      /** Percent, 1 … 100. */
      readonly confidence: number;
      /** Events. */
      readonly historySize: number;
      readonly partition: readonly Expression[];
      readonly when: Condition | null;
      readonly limitUs: number;
    }
  | {
      readonly kind: 'isFirst';
      readonly key: string;
      readonly intervalUs: number;
      readonly partition: readonly Expression[];
      readonly when: Condition | null;
    }
  | {
      readonly kind: 'aggregate';
      readonly key: string;
      readonly aggregate: AggregatePlan;
      readonly partition: readonly Expression[];
      readonly when: Condition | null;
      readonly limitUs: number;
    };

/** Slots: `carried` and analytic functions, as they were asked for. */
export interface AnalyticNode extends NodeBase {
  readonly kind: 'analytic';
  readonly source: PlanNode;
  readonly slots: ({ readonly kind: 'carried'; readonly slot: number } | { readonly kind: 'analytic'; readonly index: number })[];
  readonly analytics: AnalyticPlan[];
}

/** How far a matching right row's timestamp can lie from the left row's: right - left is within [lowUs, highUs]. */
export interface JoinBound {
  readonly lowUs: number;
  readonly highUs: number;
  /** What an unmatched row of a left join waits for: its timestamp + this is the timestamp of the result. */
  readonly unmatchedUs: number;
}

export interface JoinNode extends NodeBase {
  readonly kind: 'join';
  readonly left: PlanNode;
  readonly right: PlanNode;
  readonly outer: boolean;
  /** Equal keys of both sides, over the left and the right batch. */
  readonly leftKeys: readonly Expression[];
  readonly rightKeys: readonly Expression[];
  /** null: the right side is reference data. */
  readonly bound: JoinBound | null;
  /** The whole ON, over the joined row. The keys only spare pairs that cannot hold. */
  condition: Condition | null;
  /** Slots: which side and which slot of it; 'time' is the timestamp of that side's row. */
  readonly slots: { readonly side: 'left' | 'right'; readonly slot: number | 'time' }[];
}

export interface ApplyNode extends NodeBase {
  readonly kind: 'apply';
  readonly source: PlanNode;
  readonly outer: boolean;
  readonly function: 'elements' | 'properties';
  readonly argument: Expression;
  /** Slots: a carried slot of the source, or what the function yields. */
  readonly slots: (number | 'index' | 'value' | 'record')[];
}

export interface UnionNode extends NodeBase {
  readonly kind: 'union';
  readonly branches: readonly PlanNode[];
  /** Slots: for each the slot of every branch. */
  readonly slots: (readonly number[])[];
}

export interface MatchVariable {
  readonly name: string;
  readonly condition: Condition | null;
}

export type MatchPattern =
  | { readonly kind: 'variable'; readonly index: number }
  | { readonly kind: 'any' }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly MatchPattern[] }
  | { readonly kind: 'repeat'; readonly part: MatchPattern; readonly min: number; readonly max: number };

/** What a definition or a measure reads of the events matched so far. */
export interface MatchReading {
  readonly function: 'min' | 'max' | 'first' | 'last' | 'classifier';
  /** Index of the variable. */
  readonly variable: number;
  /** Slot of the source. */
  readonly slot: number;
}

/** Conditions and measures run over rows of `slots`: fields of the event, and readings. Slots of the node: the measures. */
export interface MatchNode extends NodeBase {
  readonly kind: 'match';
  readonly source: PlanNode;
  readonly slots: (
    | { readonly kind: 'carried'; readonly slot: number }
    | { readonly kind: 'reading'; readonly reading: MatchReading }
  )[];
  readonly limitUs: number;
  readonly partition: readonly Expression[];
  readonly pattern: MatchPattern;
  readonly variables: MatchVariable[];
  readonly measures: { readonly name: string; readonly expression: Expression }[];
}

export interface OutputNode extends NodeBase {
  readonly kind: 'output';
  readonly source: PlanNode;
  readonly output: string;
  readonly columns: readonly { readonly name: string | null; readonly slot: number }[];
  readonly lowerCaseNames: boolean;
}

export type PlanNode =
  | SourceNode
  | FilterNode
  | ProjectNode
  | AggregateNode
  | AnalyticNode
  | JoinNode
  | ApplyNode
  | UnionNode
  | MatchNode
  | OutputNode;

export function inputsOf(node: PlanNode): readonly PlanNode[] {
  switch (node.kind) {
    case 'source':
      return [];
    case 'join':
      return [node.left, node.right];
    case 'union':
      return node.branches;
    default:
      return [node.source];
  }
}
