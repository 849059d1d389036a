/** Columns and fields that can be read at a place: those declared, and those that the query reads elsewhere already. */
import type { BoundSelect, BoundSource, Model, Relation } from '../semantics/model.ts';
import { fieldOf } from '../semantics/resolve-path.ts';
import { anyType, type Column, type ValueType } from '../semantics/types.ts';
import type { Name } from '../syntax/nodes.ts';
import type { Span } from '../text/span.ts';

/** Columns of a relation. Of an open one also the fields that the query reads, except at `cursor`. */
export function columnsOf(relation: Relation, model: Model, cursor: Span): readonly Column[] {
  return relation.extent === 'closed' ? relation.columns : withRead(relation.columns, readFields(relation, [], model, cursor));
}

/** Fields of what a dotted name means in a SELECT; empty if nothing is known of it. */
export function fieldsOf(path: readonly Name[], select: BoundSelect, model: Model, cursor: Span): readonly Column[] {
  const [first, ...rest] = path;
  if (first === undefined) return [];
  const aliased = select.sources.find((source) => source.alias.toLowerCase() === first.text.toLowerCase());
  if (aliased !== undefined) return fieldsBelow(aliased, rest, model, cursor);
  const owner =
    select.sources.find((source) => source.relation.columnByName.has(first.text.toLowerCase())) ??
    select.sources.find((source) => source.relation.extent !== 'closed');
  return owner === undefined ? [] : fieldsBelow(owner, path, model, cursor);
}

function fieldsBelow({ relation }: BoundSource, path: readonly Name[], model: Model, cursor: Span): readonly Column[] {
  const [first, ...rest] = path;
  if (first === undefined) return columnsOf(relation, model, cursor);
  const type = rest.reduce<ValueType>(
    (outer, name) => fieldOf(outer, name) ?? anyType,
    relation.columnByName.get(first.text.toLowerCase())?.type ?? anyType,
  );
  if (type.fields !== undefined && type.open !== true) return type.fields;
  return withRead(
    type.fields ?? [],
    readFields(
      relation,
      path.map((name) => name.text.toLowerCase()),
      model,
      cursor,
    ),
  );
}

function withRead(declared: readonly Column[], read: readonly Column[]): readonly Column[] {
  const names = new Set(declared.map((column) => column.name.toLowerCase()));
  return [...declared, ...read.filter((column) => !names.has(column.name.toLowerCase()))];
}

/** Fields below a path that the query reads from a relation, each once. */
function readFields(relation: Relation, below: readonly string[], model: Model, cursor: Span): readonly Column[] {
  const found = new Map<string, Column>();
  for (const select of model.selects) {
    for (const { node, resolution } of select.paths) {
      if (resolution.kind !== 'column' || resolution.source.relation.name !== relation.name) continue;
      const count = 1 + resolution.fields.length;
      const names = node.parts.slice(-count);
      const name = names[below.length];
      if (name === undefined || below.some((part, index) => names[index]?.text.toLowerCase() !== part)) continue;
      const isCursor = name.span.start <= cursor.end && cursor.start <= name.span.end;
      if (!isCursor && name.text !== '') found.set(name.text.toLowerCase(), { name: name.text, type: anyType });
    }
  }
  return [...found.values()];
}
