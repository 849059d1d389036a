/** Walking the tree without knowing its kinds of nodes. */
import type { Node } from './nodes.ts';

function isNode(value: object): value is Node {
  return 'kind' in value && 'span' in value;
}

/** Calls `visit` for each direct child of `node`, in the order of its fields. */
export function forEachChild(node: Node, visit: (child: Node) => void): void {
  for (const value of Object.values(node)) visitNodes(value, visit);
}

/** Nodes in a field: one, several, or inside plain records such as the branches of CASE. */
function visitNodes(value: unknown, visit: (child: Node) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) visitNodes(item, visit);
  } else if (isNode(value)) visit(value);
  else if (!('start' in value)) for (const part of Object.values(value)) visitNodes(part, visit);
}

/** Calls `enter` for `node` and everything below it; where it gives false the node's children are left out. */
export function walk(node: Node, enter: (node: Node) => boolean | undefined): void {
  if (enter(node) === false) return;
  forEachChild(node, (child) => walk(child, enter));
}
