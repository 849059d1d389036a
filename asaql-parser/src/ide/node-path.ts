/** The nodes around a place of a text. Knows no feature. */
import type { Node } from '../syntax/nodes.ts';
import { forEachChild } from '../syntax/walk.ts';

/** From the outermost node to the innermost that touches `offset`; of two neighbours the one behind it. */
export function nodePath(root: Node, offset: number): readonly Node[] {
  const path: Node[] = [];
  for (let node: Node | null = root; node !== null; node = childAt(node, offset)) path.push(node);
  return path;
}

function childAt(node: Node, offset: number): Node | null {
  let touching: Node | null = null;
  let inside: Node | null = null;
  forEachChild(node, (child) => {
    const { start, end } = child.span;
    if (start > offset || end < offset) return;
    if (start === end) touching ??= child;
    else if (offset < end) inside ??= child;
    else touching = child;
  });
  return inside ?? touching;
}

/** The innermost node of a kind at a place. */
export function nodeAt<Kind extends Node['kind']>(root: Node, offset: number, kind: Kind): Extract<Node, { kind: Kind }> | null {
  return (nodePath(root, offset).findLast((node) => node.kind === kind) as Extract<Node, { kind: Kind }> | undefined) ?? null;
}

/** The outermost node of a kind that covers exactly a span. */
export function nodeWithSpan(root: Node, span: { readonly start: number; readonly end: number }): Node | null {
  const around = nodePath(root, span.start).find((node) => node.span.start === span.start && node.span.end === span.end);
  return around ?? null;
}
