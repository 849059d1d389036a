/**
 * What is kept of one parse for the next one of nearly the same text: its units (steps, statements, tables) with what was
 * said of them. Knows no grammar.
 *
 * A unit is taken over when neither its text nor the few tokens behind it that the parser looked at have changed. Its
 * nodes stay the same objects, so that whoever keeps something by node finds it again; their spans move along with the
 * text. So a tree that was taken over must not be looked at any more: there is one newest tree, and it is right.
 */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { CreateTable, SelectStatement, Step } from '../syntax/nodes.ts';
import { moveSpans, spansIn } from '../text/moving-spans.ts';
import type { Span } from '../text/span.ts';

export type UnitNode = CreateTable | SelectStatement | Step;

export interface ParsedUnit<Node extends UnitNode = UnitNode> {
  readonly node: Node;
  readonly start: number;
  /** Behind the last token that it took. */
  readonly end: number;
  /** Behind the last token that the parser looked at; beyond the text where it saw the end. */
  readonly reach: number;
  readonly diagnostics: readonly Diagnostic[];
  /** Where the last syntax error inside was said; null if there was none. */
  readonly lastSyntaxError: number | null;
}

/** A token may depend on so many characters behind it: `1e+` on the digit that makes it a number. */
const marginMax = 4;

interface Kept extends ParsedUnit {
  readonly spans: readonly Span[] | null;
}

export class UnitMemory {
  private text = '';
  private kept = new Map<number, Kept>();
  private next = new Map<number, Kept>();
  private nextText = '';
  /** Up to here the new text is the old one. */
  private sameUntil = 0;
  /** From here, an offset of the old text, the new one is the old one again, moved by `delta`. */
  private sameFrom = 0;
  private delta = 0;
  private openFrom = 0;
  private takenCount = 0;

  /** Goes on to another text. A token from `openFrom` on depends on all that follows it. */
  begin(text: string, openFrom: number): void {
    const old = this.text;
    const limit = Math.min(old.length, text.length);
    let same = 0;
    while (same < limit && old.charCodeAt(same) === text.charCodeAt(same)) same++;
    let tail = 0;
    while (tail < limit - same && old.charCodeAt(old.length - 1 - tail) === text.charCodeAt(text.length - 1 - tail)) tail++;
    this.sameUntil = same;
    this.sameFrom = old.length - tail;
    this.delta = text.length - old.length;
    this.next = new Map();
    this.nextText = text;
    this.openFrom = openFrom;
    this.takenCount = 0;
  }

  /** The unit of the old text that begins at an offset of the new one, with its spans moved; null if it has changed. */
  take(kind: UnitNode['kind'], start: number): ParsedUnit | null {
    const before = this.kept.get(start);
    const safe = Math.min(this.sameUntil, this.openFrom);
    if (before !== undefined && before.reach + marginMax <= safe) return this.over(before, 0, kind);
    const behind = this.kept.get(start - this.delta);
    return behind !== undefined && behind.start >= this.sameFrom ? this.over(behind, this.delta, kind) : null;
  }

  private over(unit: Kept, delta: number, kind: UnitNode['kind']): ParsedUnit | null {
    if (unit.node.kind !== kind) return null;
    // Taken once: a text cannot hold one unit in two places.
    this.kept.delete(unit.start);
    this.takenCount++;
    if (delta === 0) {
      this.next.set(unit.start, unit);
      return unit;
    }
    const spans = unit.spans ?? spansIn([unit.node, unit.diagnostics]);
    moveSpans(spans, delta);
    const moved: Kept = {
      ...unit,
      spans,
      start: unit.start + delta,
      end: unit.end + delta,
      reach: unit.reach + delta,
      lastSyntaxError: unit.lastSyntaxError === null ? null : unit.lastSyntaxError + delta,
    };
    this.next.set(moved.start, moved);
    return moved;
  }

  keep(unit: ParsedUnit): void {
    if (unit.reach <= this.openFrom) this.next.set(unit.start, { ...unit, spans: null });
  }

  /** The new text becomes the old one. */
  end(): void {
    this.kept = this.next;
    this.text = this.nextText;
  }

  /** Whether anything of the text before stands in the new tree. */
  get hasTaken(): boolean {
    return this.takenCount > 0;
  }

  forget(): void {
    this.kept = new Map();
    this.text = '';
  }
}
