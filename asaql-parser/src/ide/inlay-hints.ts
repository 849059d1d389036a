/** Types of columns, shown behind the items that make them. */
import type { Span } from '../text/span.ts';
import type { Snapshot } from './snapshot.ts';
import { columnText, typeText } from './type-text.ts';

export interface InlayHint {
  /** Stands behind this offset. */
  readonly offset: number;
  readonly label: string;
  readonly tooltip: string | null;
}

/** Hints inside `range`, in the order of the text. What is not known has none. */
export function inlayHints(snapshot: Snapshot, range: Span = { start: 0, end: snapshot.text.length }): readonly InlayHint[] {
  const hints: InlayHint[] = [];
  for (const select of snapshot.model.selects) {
    if (select.node.span.end < range.start || select.node.span.start > range.end) continue;
    for (const { node, columns } of select.items) {
      const offset = node.span.end;
      if (offset < range.start || offset > range.end) continue;
      if (node.kind === 'star') {
        if (columns.length > 0)
          hints.push({
            offset,
            label: ` ${columns.length} column${columns.length === 1 ? '' : 's'}`,
            tooltip: columns.map(columnText).join('\n'),
          });
        continue;
      }
      const [column] = columns;
      if (column === undefined || column.type.name === 'any' || column.type.name === 'null') continue;
      const text = typeText(column.type);
      hints.push({ offset, label: `: ${column.type.name}`, tooltip: text === column.type.name ? null : text });
    }
  }
  return hints.sort((a, b) => a.offset - b.offset);
}
