// Where each node of the diagram stands: in columns by how far it is from the inputs, ordered so that few lines cross. Knows
// no page.
import type { JobDiagram } from '../protocol/index.ts';

export interface PlacedNode {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly nodes: readonly PlacedNode[];
  readonly width: number;
  readonly height: number;
}

export const nodeWidth = 196;
export const nodeHeight = 58;
const [gapX, gapY, margin] = [34, 18, 12];
const sweeps = 8;

export function layoutOf({ nodes, edges }: JobDiagram): Layout {
  const levels = levelsOf(
    nodes.map(({ id }) => id),
    edges,
  );
  const outputs = new Set(nodes.filter(({ kind }) => kind === 'output').map(({ id }) => id));
  const last = Math.max(0, ...levels.values());
  // Outputs stand together at the end: that is where people look for them.
  for (const id of outputs)
    levels.set(id, Math.max(last, ...[...levels].filter(([other]) => !outputs.has(other)).map(([, level]) => level + 1)));
  const deepest = Math.max(0, ...levels.values());
  const columns = Array.from({ length: deepest + 1 }, (_, level) =>
    nodes.map(({ id }) => id).filter((id) => (levels.get(id) ?? 0) === level),
  );
  const filled = columns.filter((column) => column.length > 0);
  for (let sweep = 0; sweep < sweeps; sweep += 1) order(filled, edges, sweep % 2 === 0);
  const tallest = Math.max(1, ...filled.map((column) => column.length));
  const height = tallest * (nodeHeight + gapY) - gapY + 2 * margin;
  const placed = filled.flatMap((column, level) => {
    const used = column.length * (nodeHeight + gapY) - gapY;
    return column.map(
      (id, index): PlacedNode => ({
        id,
        x: margin + level * (nodeWidth + gapX),
        y: (height - used) / 2 + index * (nodeHeight + gapY),
      }),
    );
  });
  return { nodes: placed, width: filled.length * (nodeWidth + gapX) - gapX + 2 * margin, height };
}

/** The longest way from an input; a circle, which no valid query has, ends where it began. */
function levelsOf(ids: readonly string[], edges: JobDiagram['edges']): Map<string, number> {
  const levels = new Map<string, number>();
  const visit = (id: string, path: ReadonlySet<string>): number => {
    const known = levels.get(id);
    if (known !== undefined) return known;
    if (path.has(id)) return 0;
    const on = new Set([...path, id]);
    const level = Math.max(0, ...edges.filter(({ to }) => to === id).map(({ from }) => visit(from, on) + 1));
    levels.set(id, level);
    return level;
  };
  for (const id of ids) visit(id, new Set());
  return levels;
}

/** Each node near the middle of its neighbours in the column before, or behind. */
function order(columns: string[][], edges: JobDiagram['edges'], forward: boolean): void {
  const sequence = forward
    ? columns.map((_, index) => index).slice(1)
    : columns
        .map((_, index) => index)
        .reverse()
        .slice(1);
  const places = new Map<string, number>();
  const note = () => {
    for (const column of columns) for (const [index, id] of column.entries()) places.set(id, (index + 0.5) / column.length);
  };
  note();
  for (const at of sequence) {
    const column = columns[at] as string[];
    const middle = (id: string) => {
      const near = edges.flatMap(({ from, to }) => (forward ? (to === id ? [from] : []) : from === id ? [to] : []));
      return near.length === 0
        ? (places.get(id) ?? 0)
        : near.reduce((sum, other) => sum + (places.get(other) ?? 0), 0) / near.length;
    };
    const middles = new Map(column.map((id) => [id, middle(id)]));
    column.sort((a, b) => (middles.get(a) as number) - (middles.get(b) as number));
    note();
  }
}
