/**
 * Names over plan nodes: what a name means in the rows of a node, asked for slot by slot. Knows no operator.
 *
 * Input columns are not declared as a rule, so a relation over an input knows every name (LQ: data types: each record
 * of a column can have a different type). Names match whatever their case (semantics.md).
 */

import type { Dictionary } from '../batch/dictionary.ts';
import type { Expression } from '../expressions/expression.ts';
import { ColumnReference, MakeRecord, MemberAccess } from '../expressions/references.ts';
import { metadataNames, type PlanNode, type ProjectNode, type SourceNode, type SourceSlot, type UnionNode } from './nodes.ts';

/** Where a name leads: a slot, and the properties to follow from there. */
export interface Found {
  readonly slot: number;
  readonly rest: readonly string[];
}

/** A column of SELECT *; without a name: a record whose properties are the columns. */
export interface StarColumn {
  readonly name: string | null;
  readonly slot: number;
}

export interface Relation {
  readonly node: PlanNode;
  /** Whether any name is a column. */
  readonly open: boolean;
  readonly reference: boolean;
  find(parts: readonly string[], presence: boolean): Found | null;
  star(): readonly StarColumn[];
  /** The slot of the whole row as a record. */
  record(): number;
  /** Where a property of GetMetadataPropertyValue leads; null where rows are no events of an input. */
  metadata?(path: readonly string[]): Found | null;
}

export function sameName(left: string, right: string): boolean {
  return left === right || left.toLowerCase() === right.toLowerCase();
}

/** The expression for what was found. */
export function expressionFor(found: Found, dictionary: Dictionary): Expression {
  let expression: Expression = new ColumnReference(dictionary, found.slot);
  for (const property of found.rest) expression = new MemberAccess(expression, property);
  return expression;
}

/** Remembers asked-for things and numbers them. */
export function slotOf<T>(slots: T[], wanted: T, same: (known: T) => boolean): number {
  const known = slots.findIndex(same);
  if (known !== -1) return known;
  slots.push(wanted);
  return slots.length - 1;
}

export class SourceRelation implements Relation {
  readonly node: SourceNode;
  readonly reference: boolean;
  readonly #metadata: boolean;

  /** `metadata`: rows carry what Event Hubs adds. */
  constructor(node: SourceNode, metadata: boolean) {
    this.node = node;
    this.reference = node.reference;
    this.#metadata = metadata;
  }

  get open(): boolean {
    return this.node.declared === null;
  }

  find(parts: readonly string[], presence: boolean): Found | null {
    const [first] = parts;
    if (first === undefined) return null;
    const metadata = this.#metadata ? metadataNames.find((name) => sameName(name, first)) : undefined;
    if (metadata !== undefined) return { slot: this.#slot({ kind: 'metadata', name: metadata }), rest: parts.slice(1) };
    const { declared } = this.node;
    if (declared === null) return { slot: this.#slot({ kind: presence ? 'presence' : 'path', path: parts }), rest: [] };
    const column = declared.find((candidate) => sameName(candidate.name, first));
    return column === undefined ? null : { slot: this.#slot({ kind: 'path', path: [column.name] }), rest: parts.slice(1) };
  }

  /** Times and partition of an event whose input does not tell them are columns of it, as in captured samples. */
  metadata(path: readonly string[]): Found {
    const last = path.at(-1) ?? '';
    const plain = path.length === 1 || (path.length === 2 && sameName(path[0] ?? '', 'EventHub'));
    const known = plain ? metadataNames.find((name) => sameName(name, last)) : undefined;
    const found = known === undefined ? null : this.find([known], false);
    return found ?? { slot: this.#slot({ kind: 'property', path }), rest: [] };
  }

  /** The slot of a TIMESTAMP BY column: read as a datetime while decoding. */
  timeSlot(path: readonly string[]): number {
    return this.#slot({ kind: 'time', path });
  }

  star(): readonly StarColumn[] {
    const { declared } = this.node;
    const own: StarColumn[] =
      declared === null
        ? [{ name: null, slot: this.record() }]
        : declared.map(({ name }) => ({ name, slot: this.#slot({ kind: 'path', path: [name] }) }));
    const metadata = this.#metadata ? metadataNames.map((name) => ({ name, slot: this.#slot({ kind: 'metadata', name }) })) : [];
    return [...own, ...metadata];
  }

  record(): number {
    return this.#slot({ kind: 'record' });
  }

  #slot(wanted: SourceSlot): number {
    const key = slotKey(wanted);
    return slotOf(this.node.slots, wanted, (known) => slotKey(known) === key);
  }
}

function slotKey(slot: SourceSlot): string {
  if (slot.kind === 'record') return 'record';
  return slot.kind === 'metadata'
    ? `metadata ${slot.name}`
    : `${slot.kind} ${JSON.stringify(slot.path.map((part) => part.toLowerCase()))}`;
}

/** A relation seen through a node that carries slots on under numbers of its own. */
export class CarriedRelation implements Relation {
  readonly node: PlanNode;
  readonly #inner: Relation;
  readonly #carry: (slot: number) => number;

  constructor(node: PlanNode, inner: Relation, carry: (slot: number) => number) {
    this.node = node;
    this.#inner = inner;
    this.#carry = carry;
  }

  get open(): boolean {
    return this.#inner.open;
  }

  get reference(): boolean {
    return this.#inner.reference;
  }

  find(parts: readonly string[], presence: boolean): Found | null {
    const found = this.#inner.find(parts, presence);
    return found === null ? null : { slot: this.#carry(found.slot), rest: found.rest };
  }

  star(): readonly StarColumn[] {
    return this.#inner.star().map(({ name, slot }) => ({ name, slot: this.#carry(slot) }));
  }

  record(): number {
    return this.#carry(this.#inner.record());
  }

  metadata(path: readonly string[]): Found | null {
    const found = this.#inner.metadata?.(path) ?? null;
    return found === null ? null : { slot: this.#carry(found.slot), rest: found.rest };
  }
}

/** An item of a SELECT list, compiled when somebody asks for it. */
export type SelectColumn =
  | {
      readonly kind: 'named';
      readonly name: string;
      readonly expression: () => Expression;
      /** A property of the value where it can be had without making the record; else null. */
      readonly part: (property: string) => Expression | null;
    }
  /** `*`, `alias.*`: the columns of a relation of the source. */
  | { readonly kind: 'relation'; readonly relation: Relation }
  /** `record.*`. */
  | { readonly kind: 'record'; readonly expression: () => Expression };

export class SelectRelation implements Relation {
  readonly node: ProjectNode;
  readonly reference: boolean;
  readonly #columns: readonly SelectColumn[];
  readonly #dictionary: Dictionary;

  constructor(node: ProjectNode, columns: readonly SelectColumn[], reference: boolean, dictionary: Dictionary) {
    this.node = node;
    this.reference = reference;
    this.#columns = columns;
    this.#dictionary = dictionary;
  }

  get open(): boolean {
    return this.#columns.some((column) => column.kind === 'record' || (column.kind === 'relation' && column.relation.open));
  }

  find(parts: readonly string[], presence: boolean): Found | null {
    const [first, ...rest] = parts;
    if (first === undefined) return null;
    for (const column of this.#columns) {
      if (column.kind !== 'named' || !sameName(column.name, first)) continue;
      const [property] = rest;
      const part = property === undefined ? null : column.part(property);
      return part === null ? { slot: this.#slot(column.expression()), rest } : { slot: this.#slot(part), rest: rest.slice(1) };
    }
    for (const column of this.#columns) {
      if (column.kind === 'named') continue;
      if (column.kind === 'record') return { slot: this.#slot(new MemberAccess(column.expression(), first)), rest };
      const found = column.relation.find(parts, presence);
      if (found !== null) return { slot: this.#slot(new ColumnReference(this.#dictionary, found.slot)), rest: found.rest };
    }
    return null;
  }

  star(): readonly StarColumn[] {
    return this.#columns.flatMap((column): readonly StarColumn[] => {
      if (column.kind === 'named') return [{ name: column.name, slot: this.#slot(column.expression()) }];
      if (column.kind === 'record') return [{ name: null, slot: this.#slot(column.expression()) }];
      return column.relation
        .star()
        .map(({ name, slot }) => ({ name, slot: this.#slot(new ColumnReference(this.#dictionary, slot)) }));
    });
  }

  record(): number {
    const parts = this.star().map(({ name, slot }) => ({ name, value: this.node.expressions[slot] as Expression }));
    return this.#slot(new MakeRecord(this.#dictionary, parts));
  }

  #slot(expression: Expression): number {
    return slotOf(this.node.expressions, expression, (known) => known.key === expression.key);
  }
}

/** Columns of a UNION go by name, and by position where a branch has no such name. */
export class UnionRelation implements Relation {
  readonly node: UnionNode;
  readonly #branches: readonly Relation[];

  constructor(node: UnionNode, branches: readonly Relation[]) {
    this.node = node;
    this.#branches = branches;
  }

  get open(): boolean {
    return this.#branches.some((branch) => branch.open);
  }

  get reference(): boolean {
    return this.#branches.every((branch) => branch.reference);
  }

  find(parts: readonly string[], presence: boolean): Found | null {
    const [first, ...rest] = parts;
    if (first === undefined) return null;
    if (this.open) {
      const found = this.#branches.map((branch) => branch.find([first], presence && rest.length === 0));
      if (found.some((one) => one === null || one.rest.length > 0)) return null;
      return { slot: this.#slot(found.map((one) => (one as Found).slot)), rest };
    }
    const column = this.star().find((candidate) => candidate.name !== null && sameName(candidate.name, first));
    return column === undefined ? null : { slot: column.slot, rest };
  }

  star(): readonly StarColumn[] {
    if (this.open) return [{ name: null, slot: this.record() }];
    const stars = this.#branches.map((branch) => branch.star());
    return (stars[0] ?? []).map(({ name }, position) => {
      const slots = stars.map((columns) => {
        const byName = columns.find((column) => column.name !== null && name !== null && sameName(column.name, name));
        return (byName ?? columns[position])?.slot ?? 0;
      });
      return { name, slot: this.#slot(slots) };
    });
  }

  record(): number {
    return this.#slot(this.#branches.map((branch) => branch.record()));
  }

  #slot(slots: readonly number[]): number {
    const key = slots.join(',');
    return slotOf(this.node.slots, slots, (known) => known.join(',') === key);
  }
}

/** A relation with a fixed list of columns: what APPLY and MATCH_RECOGNIZE yield. */
export class ListedRelation implements Relation {
  readonly node: PlanNode;
  readonly open = false;
  readonly reference = false;
  readonly #columns: readonly { readonly name: string; readonly slot: () => number }[];
  readonly #record: () => number;

  constructor(node: PlanNode, columns: readonly { readonly name: string; readonly slot: () => number }[], record: () => number) {
    this.node = node;
    this.#columns = columns;
    this.#record = record;
  }

  find(parts: readonly string[]): Found | null {
    const [first, ...rest] = parts;
    const column = first === undefined ? undefined : this.#columns.find((candidate) => sameName(candidate.name, first));
    return column === undefined ? null : { slot: column.slot(), rest };
  }

  star(): readonly StarColumn[] {
    return this.#columns.map(({ name, slot }) => ({ name, slot: slot() }));
  }

  record(): number {
    return this.#record();
  }
}
