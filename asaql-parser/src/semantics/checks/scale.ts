/** What keeps a query from running in parallel, and windows that give very many rows. */
import { catalogue } from '../../diagnostics/catalogue.ts';
import type { GroupByItem, NamedSource, QueryExpression } from '../../syntax/nodes.ts';
import { expressionKey } from '../expression-key.ts';
import { type BoundModel, type Findings, firstSelectOfSteps, type ScriptCheck, type SelectCheck } from './check.ts';

/** A group without the partition key gathers rows of all partitions. */
export const checkPartitioning: SelectCheck = (select, found, model) => {
  const { groupBy } = select.node;
  if (groupBy === null) return;
  const { compatibilityLevel } = model.declarations;
  for (const { node, relation } of select.sources) {
    const unpartitioned = node.kind === 'source' && node.partitionBy === null && relation.kind === 'input';
    if (unpartitioned && relation.stream === 'stream' && compatibilityLevel !== '1.2')
      found.report(catalogue.partitioning, node.span, `below level 1.2 ${relation.name} needs PARTITION BY.`);
  }
  const keys = new Set(
    groupBy.items.map((item) => (item.kind === 'window' || item.kind === 'windows' ? '' : expressionKey(item, select))),
  );
  for (const { node, relation } of select.sources) {
    if (node.kind !== 'source' || relation.kind !== 'input') continue;
    const input = model.declarations.inputs?.find(({ name }) => name.toLowerCase() === relation.name.toLowerCase());
    const key = input?.partitionKey?.toLowerCase();
    const isKey = (item: GroupByItem): boolean => item.kind === 'path' && item.parts.at(-1)?.text.toLowerCase() === key;
    if (key !== undefined && node.partitionBy === null && compatibilityLevel === '1.2' && !groupBy.items.some(isKey))
      found.report(catalogue.partitioning, groupBy.span, `GROUP BY lacks the partition key ${input?.partitionKey}.`);
  }
  for (const { node } of select.sources) {
    if (node.kind !== 'source' || node.partitionBy === null) continue;
    for (const key of node.partitionBy.keys) {
      if (keys.has(expressionKey(key, select))) continue;
      found.report(catalogue.partitioning, groupBy.span, `GROUP BY lacks the partition key ${found.textOf(key)}.`);
    }
  }
};

export const checkSlidingRate: SelectCheck = (select, found) => {
  const items = select.node.groupBy?.items ?? [];
  const sliding = items.find((item) => item.kind === 'window' && item.windowKind === 'sliding');
  const key = items.find((item) => item.kind === 'path');
  if (sliding !== undefined && key !== undefined) found.report(catalogue.slidingRate, sliding.span, found.textOf(key));
};

/** Rows that were partitioned by one key and are read by another travel between nodes. */
export const checkRepartitioning: ScriptCheck = (model, found) => {
  const selectOf = firstSelectOfSteps(model);
  for (const { sources } of model.selects) {
    for (const { node, relation } of sources) {
      if (node.kind !== 'source' || node.partitionBy === null || relation.kind !== 'step') continue;
      const before = selectOf.get(relation.name.toLowerCase())?.sources[0]?.node;
      if (before?.kind !== 'source' || before.partitionBy === null) continue;
      if (keysOf(before) !== keysOf(node))
        found.report(catalogue.partitioning, node.partitionBy.span, `${relation.name} is partitioned by another key.`);
    }
  }
};

function keysOf({ partitionBy }: NamedSource): string {
  return (partitionBy?.keys ?? []).map((key) => (key.kind === 'path' ? (key.parts.at(-1)?.text.toLowerCase() ?? '') : '')).join();
}

/** Power BI takes the rows of one writer. */
export const checkSerialOutputs: ScriptCheck = (model, found) => {
  for (const { name, node, implicit } of model.outputs) {
    const known = model.declarations.outputs?.find((output) => output.name.toLowerCase() === name.toLowerCase());
    if (known?.kind === 'powerBi' && !implicit)
      found.report(catalogue.partitioning, node.span, `${name} is Power BI, which is written by one writer.`);
  }
};

/** Readers of one event hub that a consumer group allows for each partition. */
const readersMax = 5;

export const checkReaders: ScriptCheck = (model, found) => {
  const uses = new Map<string, number>();
  for (const { name, node, relation } of model.inputUses) {
    if (relation.stream === 'reference') continue;
    const count = (uses.get(name.toLowerCase()) ?? 0) + 1;
    uses.set(name.toLowerCase(), count);
    if (count === readersMax + 1) found.report(catalogue.manyReaders, node.name.span, name);
  }
};

/** Streams that meet in a join or a union must have as many partitions each, unless PARTITION BY … INTO says otherwise. */
export const checkPartitionCounts: ScriptCheck = (model, found) => {
  for (const { node, sources } of model.selects) {
    const [first] = sources;
    if (first?.node.kind !== 'source') continue;
    for (const join of node.from?.joins ?? [])
      if (join.kind === 'join' && join.source.kind === 'source') compareCounts(first.node, join.source, model, found);
  }
  for (const { node } of model.unions) {
    const [left, right] = [directSource(node.left), directSource(node.right)];
    if (left !== null && right !== null) compareCounts(left, right, model, found);
  }
};

function directSource(query: QueryExpression): NamedSource | null {
  if (query.kind === 'select') return query.from?.source.kind === 'source' ? query.from.source : null;
  if (query.kind === 'parenthesizedQuery') return directSource(query.query);
  return query.kind === 'stepReference' ? query.source : directSource(query.left);
}

function compareCounts(left: NamedSource, right: NamedSource, model: BoundModel, found: Findings): void {
  const [a, b] = [partitionsOf(left, model), partitionsOf(right, model)];
  if (a !== null && b !== null && a !== b) found.report(catalogue.partitionCounts, right.span, left.name.text, right.name.text);
}

function partitionsOf(source: NamedSource, { declarations, relationOfSource }: BoundModel): number | null {
  if (source.partitionBy?.shardCount != null) return source.partitionBy.shardCount;
  if (relationOfSource.get(source)?.kind !== 'input') return null;
  const key = source.name.text.toLowerCase();
  const input = declarations.inputs?.find((candidate) => candidate.name.toLowerCase() === key && candidate.kind === 'stream');
  return input?.partitionCount ?? null;
}
