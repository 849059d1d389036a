/** TIMESTAMP BY … OVER: its keys in groups and joins, and its partitions. Source: the page on TIMESTAMP BY. */
import { catalogue } from '../../diagnostics/catalogue.ts';
import type { Expression, Join, NamedSource } from '../../syntax/nodes.ts';
import { bare, conjuncts, expressionKey } from '../expression-key.ts';
import type { BoundSelect, BoundSource } from '../model.ts';
import { type Findings, firstSelectOfSteps, type ScriptCheck, type SelectCheck } from './check.ts';

/** The substream keys of a source: its own, or those of the input that a step passes on. */
interface Substreams {
  readonly keys: readonly Expression[];
  readonly names: readonly string[];
}

function lastName(expression: Expression): string {
  const inner = bare(expression);
  return inner.kind === 'path' ? (inner.parts.at(-1)?.text.toLowerCase() ?? '') : '';
}

function ownSubstreams({ node }: BoundSource): Substreams | null {
  const keys = node.kind === 'source' ? (node.timestampBy?.over ?? []) : [];
  return keys.length === 0 ? null : { keys, names: keys.map(lastName) };
}

/** Keys of OVER must be in every GROUP BY and in the condition of every join between streams. */
export const checkSubstreamKeys: SelectCheck = (select, found, model) => {
  for (const source of select.sources) {
    const own = ownSubstreams(source);
    if (own !== null) checkOwn(own, source, select, found, model.declarations.inputs ?? []);
  }
};

export const checkSubstreamsOfSteps: ScriptCheck = (model, found) => {
  const selectOf = firstSelectOfSteps(model);
  for (const select of model.selects)
    for (const source of select.sources)
      if (source.relation.kind === 'step' && ownSubstreams(source) === null)
        checkPassedOn(select, found, selectOf.get(source.relation.name.toLowerCase()));
};

type Inputs = readonly { readonly name: string; readonly partitionCount?: number }[];

function checkOwn(own: Substreams, source: BoundSource, select: BoundSelect, found: Findings, inputs: Inputs): void {
  const { groupBy } = select.node;
  if (groupBy !== null) {
    const grouped = new Set(
      groupBy.items.map((item) => (item.kind === 'window' || item.kind === 'windows' ? '' : expressionKey(item, select))),
    );
    for (const key of own.keys)
      if (!grouped.has(expressionKey(key, select)))
        found.report(catalogue.timestampOverKeys, key.span, found.textOf(key), 'GROUP BY');
  }
  for (const join of streamJoins(source, select)) {
    const equal = equalNames(join);
    for (const [index, key] of own.keys.entries())
      if (!equal.has(own.names[index] ?? ''))
        found.report(catalogue.timestampOverKeys, key.span, found.textOf(key), 'the condition of the join');
  }
  checkPartitions(own, source.node as NamedSource, found, inputs);
}

/** A group over a step that hands the events of substreams on. */
function checkPassedOn(select: BoundSelect, found: Findings, step: BoundSelect | undefined): void {
  const { groupBy } = select.node;
  if (groupBy === null || step === undefined || step.node.groupBy !== null) return;
  const grouped = new Set(groupBy.items.map((item) => (item.kind === 'path' ? lastName(item) : '')));
  for (const inner of step.sources) {
    for (const name of ownSubstreams(inner)?.names ?? []) {
      const isPassedOn = step.result.extent !== 'closed' || step.result.columnByName.has(name);
      if (isPassedOn && !grouped.has(name))
        found.report(
          catalogue.timestampOverKeys,
          { start: groupBy.span.start, end: groupBy.span.start + 'GROUP'.length },
          name,
          'GROUP BY',
        );
    }
  }
}

function streamJoins(source: BoundSource, select: BoundSelect): readonly Join[] {
  const isFirst = select.sources[0] === source;
  return (select.node.from?.joins ?? []).filter((join): join is Join => {
    if (join.kind !== 'join' || join.on === null || (!isFirst && join.source !== source.node)) return false;
    const other = select.sources.find(({ node }) => node === join.source);
    return select.sources[0]?.relation.stream === 'stream' && other?.relation.stream === 'stream';
  });
}

function equalNames(join: Join): ReadonlySet<string> {
  const names = new Set<string>();
  for (const part of join.on === null ? [] : conjuncts(join.on)) {
    const equality = bare(part);
    if (equality.kind !== 'binary' || equality.operator !== '=') continue;
    names.add(lastName(equality.left));
    names.add(lastName(equality.right));
  }
  return names;
}

function checkPartitions({ names }: Substreams, node: NamedSource, found: Findings, inputs: Inputs): void {
  if (node.timestampBy === null) return;
  const partitions = inputs.find(({ name }) => name.toLowerCase() === node.name.text.toLowerCase())?.partitionCount ?? 1;
  if (node.partitionBy === null) {
    if (partitions > 1)
      found.report(
        catalogue.substreamPartition,
        node.timestampBy.span,
        `${node.name.text} has ${partitions} partitions, so it needs PARTITION BY PartitionId.`,
      );
    return;
  }
  for (const key of node.partitionBy.keys) {
    const name = lastName(key);
    if (name !== '' && !names.includes(name))
      found.report(
        catalogue.substreamPartition,
        node.timestampBy.span,
        `the partition key ${found.textOf(key)} must be among the keys of OVER.`,
      );
  }
}

/** Substreams are for all streams of a job or for none. Streams that take the time of arrival are told with less certainty. */
export const checkSubstreamInputs: ScriptCheck = (model, found) => {
  const { inputs } = model.declarations;
  const isStream = (name: string): boolean =>
    inputs?.some((input) => input.kind === 'stream' && input.name.toLowerCase() === name.toLowerCase()) === true;
  const streams = model.inputUses.filter(({ name, node }) => node.timestampBy !== null || isStream(name));
  if (!streams.some(({ node }) => (node.timestampBy?.over.length ?? 0) > 0)) return;
  for (const { name, node } of streams) {
    if (node.timestampBy === null) found.reportAs('warning', catalogue.timestampOverAll, node.name.span, name);
    else if (node.timestampBy.over.length === 0) found.report(catalogue.timestampOverAll, node.timestampBy.span, name);
  }
};
