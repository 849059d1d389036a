/**
 * Where a plan is cut in two, so that two threads can share the work: the front half decodes, puts rows in order, filters
 * and projects, up to the first operators that keep rows; the back half does the rest.
 */
import { inputsOf, type PlanNode } from './nodes.ts';

/** The nodes of the front half; null where cutting gains nothing: whole events would have to be handed over. */
export function frontHalf(nodes: readonly PlanNode[]): ReadonlySet<PlanNode> | null {
  const front = new Set<PlanNode>();
  for (const node of nodes) {
    if (node.kind === 'source' && node.slots.some((slot) => slot.kind === 'record')) return null;
    const stateless = node.kind === 'source' || node.kind === 'filter' || node.kind === 'project';
    if (stateless && inputsOf(node).every((input) => front.has(input))) front.add(node);
  }
  return front;
}
