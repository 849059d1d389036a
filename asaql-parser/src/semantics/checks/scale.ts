/** What keeps a query from running in parallel, and windows that give very many rows. */
import { catalogue } from '../../diagnostics/catalogue.ts';
import { expressionKey } from '../expression-key.ts';
import type { SelectCheck } from './check.ts';

/** A group without the partition key gathers rows of all partitions. */
export const checkPartitioning: SelectCheck = (select, found) => {
  const { groupBy } = select.node;
  if (groupBy === null) return;
  const keys = new Set(
    groupBy.items.map((item) => (item.kind === 'window' || item.kind === 'windows' ? '' : expressionKey(item, select))),
  );
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
