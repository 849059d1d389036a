/** Which fields of an event are wanted, as a tree of names, with the column of each. Names match whatever their case. */
import type { SourceSlot } from '../plan/nodes.ts';

/** What of TextEncoder is used; the room has no platform types. */
declare class TextEncoder {
  encode(text: string): Uint8Array;
}

const utf8 = new TextEncoder();

export interface Wanted {
  readonly column: number;
  readonly kind: 'path' | 'presence' | 'time';
}

export class FieldTree {
  readonly wanted: Wanted[] = [];
  readonly #children: { readonly folded: string; readonly bytes: Uint8Array; readonly tree: FieldTree }[] = [];
  /** What stood at each position of the object in the event before: keys come in the same order as a rule. */
  readonly expected: { bytes: Uint8Array; tree: FieldTree | null }[] = [];

  get hasChildren(): boolean {
    return this.#children.length > 0;
  }

  add(slot: SourceSlot, column: number): void {
    if (slot.kind === 'record' || slot.kind === 'metadata') return;
    let tree: FieldTree = this;
    for (const part of slot.path) tree = tree.#child(part);
    tree.wanted.push({ column, kind: slot.kind });
  }

  #child(name: string): FieldTree {
    const folded = name.toLowerCase();
    const known = this.#children.find((child) => child.folded === folded);
    if (known !== undefined) return known.tree;
    const tree = new FieldTree();
    this.#children.push({ folded, bytes: utf8.encode(folded), tree });
    return tree;
  }

  /** The field with the key `bytes[start, end)`, which holds no escapes and only ASCII. */
  find(bytes: Uint8Array, start: number, end: number): FieldTree | null {
    for (const child of this.#children) {
      if (child.bytes.length === end - start && equalsFolded(child.bytes, bytes, start)) return child.tree;
    }
    return null;
  }

  findText(name: string): FieldTree | null {
    const folded = name.toLowerCase();
    return this.#children.find((child) => child.folded === folded)?.tree ?? null;
  }
}

function equalsFolded(folded: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let index = 0; index < folded.length; index += 1) {
    const byte = bytes[start + index] as number;
    const lower = byte >= 65 && byte <= 90 ? byte + 32 : byte;
    if (lower !== folded[index]) return false;
  }
  return true;
}
