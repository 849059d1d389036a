/**
 * A rewrite: where a tumbling step keeps of a sliding step only the newest result of each group, the sliding step need
 * not say the others. Saves working out (and carrying) nearly every result of a busy window; the rows are the same.
 *
 * Applies to `SELECT k, TopOne() OVER (ORDER BY t DESC) … FROM sliding GROUP BY k, TumblingWindow(…)`, where t is the
 * sliding step's System.Timestamp(), k are exactly its keys, and nobody else reads it.
 */
import type { AggregateNode, PlanNode, ProjectNode } from './nodes.ts';
import { inputsOf } from './nodes.ts';

export function thinSliding(nodes: readonly PlanNode[]): void {
  const readers = new Map<PlanNode, PlanNode[]>();
  for (const node of nodes) {
    for (const input of inputsOf(node)) readers.set(input, [...(readers.get(input) ?? []), node]);
  }
  for (const node of nodes) {
    if (node.kind !== 'aggregate' || node.windows.length !== 1 || node.windows[0]?.kind !== 'sliding') continue;
    const project = onlyReader(node, readers);
    if (project?.kind !== 'project') continue;
    const tumbling = onlyReader(project, readers);
    if (tumbling?.kind !== 'aggregate' || !keepsNewest(node, project, tumbling)) continue;
    const [window] = tumbling.windows;
    if (window === undefined) continue;
    node.windows[0].thinUs = window.sizeUs;
    node.windows[0].thinOffsetUs = window.offsetUs;
  }
}

function onlyReader(node: PlanNode, readers: ReadonlyMap<PlanNode, readonly PlanNode[]>): PlanNode | null {
  const all = readers.get(node) ?? [];
  return all.length === 1 ? (all[0] ?? null) : null;
}

function keepsNewest(sliding: AggregateNode, project: ProjectNode, tumbling: AggregateNode): boolean {
  const [window] = tumbling.windows;
  if (tumbling.windows.length !== 1 || window?.kind !== 'hopping' || window.sizeUs !== window.hopUs) return false;
  const behind = (key: string): string | undefined => project.expressions[Number(key.slice(1))]?.key;
  const newestOnly = tumbling.aggregates.every(({ kind, orders }) => {
    const [order] = orders;
    return (
      kind === 'topOne' &&
      orders.length === 1 &&
      order?.descending === true &&
      behind(order.expression.key) === 'System.Timestamp()'
    );
  });
  if (!newestOnly || tumbling.aggregates.length === 0) return false;
  const keys = new Set(tumbling.keys.map((key) => (key.key.startsWith('#') ? behind(key.key) : undefined)));
  return keys.size === sliding.keys.length && sliding.keys.every((_, index) => keys.has(`#${index}`));
}
