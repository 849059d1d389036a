/** What a quick fix is made from and made of. Knows no rule. */
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { BoundSelect } from '../../semantics/model.ts';
import type { Node } from '../../syntax/nodes.ts';
import { nearest } from '../../text/nearest.ts';
import { nameText } from '../name-text.ts';
import { nodePath } from '../node-path.ts';
import type { Snapshot } from '../snapshot.ts';
import type { TextEdit } from '../text-edit.ts';

export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** There is hardly another way. */
  readonly preferred?: boolean;
}

/** A diagnostic and what surrounds it. */
export class FixContext {
  readonly snapshot: Snapshot;
  readonly diagnostic: Diagnostic;

  constructor(snapshot: Snapshot, diagnostic: Diagnostic) {
    this.snapshot = snapshot;
    this.diagnostic = diagnostic;
  }

  /** The text that the diagnostic speaks of. */
  get found(): string {
    return this.textOf(this.diagnostic);
  }

  textOf({ span }: { readonly span: { readonly start: number; readonly end: number } }): string {
    return this.snapshot.text.slice(span.start, span.end);
  }

  /** The innermost node of a kind around the diagnostic. */
  around<Kind extends Node['kind']>(kind: Kind): Extract<Node, { kind: Kind }> | null {
    const { start, end } = this.diagnostic.span;
    const path = nodePath(this.snapshot.parsed.script, start);
    const found = path.findLast((node) => node.kind === kind && node.span.start <= start && end <= node.span.end);
    return (found as Extract<Node, { kind: Kind }> | undefined) ?? null;
  }

  /** The node of a kind that is exactly the diagnostic's. */
  exactly<Kind extends Node['kind']>(kind: Kind): Extract<Node, { kind: Kind }> | null {
    const node = this.around(kind);
    const { start, end } = this.diagnostic.span;
    return node !== null && node.span.start === start && node.span.end === end ? node : null;
  }

  /** The innermost SELECT around the diagnostic. */
  get select(): BoundSelect | null {
    const { start, end } = this.diagnostic.span;
    let found: BoundSelect | null = null;
    for (const select of this.snapshot.model.selects) {
      const { span } = select.node;
      if (span.start > start || span.end < end) continue;
      if (found === null || span.end - span.start <= found.node.span.end - found.node.span.start) found = select;
    }
    return found;
  }
}

export type FixMaker = (context: FixContext) => readonly Fix[];

/** Puts a text in the place of what the diagnostic speaks of. */
export function replacing(context: FixContext, text: string, title: string, preferred = true): Fix {
  return { title, edits: [{ span: context.diagnostic.span, text }], preferred };
}

/** The names that come nearest to what was written. */
export function didYouMean(
  context: FixContext,
  written: string,
  candidates: readonly string[],
  write = nameText,
): readonly Fix[] {
  const near = nearest(written, candidates);
  if (near === null) return [];
  const text = write(near);
  return [replacing(context, text, `Change to ${text}`)];
}

/** Takes a span out together with the white space before it. */
export function withSpaceBefore(
  { snapshot }: FixContext,
  { start, end }: { readonly start: number; readonly end: number },
): TextEdit {
  let from = start;
  while (from > 0 && /\s/.test(snapshot.text[from - 1] ?? '')) from--;
  return { span: { start: from, end }, text: '' };
}
