/** What names mean in SELECT and HAVING of a grouped query: group keys, aggregates, the window. Knows no operator. */
import type { Path, Expression as Tree } from '@asaql/parser';
import type { Dictionary } from '../batch/dictionary.ts';
import type { Expression } from '../expressions/expression.ts';
import type { Scope } from '../expressions/from-tree.ts';
import { ColumnReference, MakeRecord, MemberAccess, RowTimestamp } from '../expressions/references.ts';
import { PlanError } from './plan-error.ts';
import type { SourcesScope } from './sources-scope.ts';
import { isAggregateCall, isSystemCall, treeKey } from './tree-walk.ts';

export interface GroupColumns {
  /** Slot of a group key by its tree key. */
  readonly keys: ReadonlyMap<string, number>;
  readonly windowSlot: number;
  /** The slot of an aggregate, planned when it is asked for. */
  readonly aggregate: (call: Extract<Tree, { kind: 'call' }>) => number;
  /** The slot of one property of an aggregate that is a whole row; null when it is none or has no such property. */
  readonly aggregatePart: (call: Extract<Tree, { kind: 'call' }>, property: string) => number | null;
}

export class GroupScope implements Scope {
  readonly #inner: SourcesScope;
  readonly #columns: GroupColumns;
  readonly #dictionary: Dictionary;
  /** HAVING may name a column of SELECT: the reference forbids it, Microsoft's own samples do it. */
  readonly #alias: (name: string) => Expression | null;

  constructor(inner: SourcesScope, columns: GroupColumns, dictionary: Dictionary, alias: (name: string) => Expression | null) {
    this.#inner = inner;
    this.#columns = columns;
    this.#dictionary = dictionary;
    this.#alias = alias;
  }

  replacement(node: Tree): Expression | null {
    if (node.kind === 'number' || node.kind === 'string' || node.kind === 'null') return null;
    if (isSystemCall(node, 'timestamp')) return new RowTimestamp(this.#dictionary);
    if (isSystemCall(node, 'window'))
      return new MakeRecord(this.#dictionary, [{ name: 'Id', value: this.#reference(this.#columns.windowSlot) }]);
    const slot = this.#columns.keys.get(treeKey(node, (path) => this.#inner.pathText(path)));
    if (slot !== undefined) return this.#reference(slot);
    return node.kind === 'call' && isAggregateCall(node) ? this.#reference(this.#columns.aggregate(node)) : null;
  }

  path(path: Path): Expression {
    const parts = JSON.parse(this.#inner.pathText(path)) as string[];
    for (let length = parts.length - 1; length > 0; length -= 1) {
      const slot = this.#columns.keys.get(JSON.stringify(parts.slice(0, length)));
      if (slot === undefined) continue;
      let expression = this.#reference(slot);
      for (const property of path.parts.slice(path.parts.length - (parts.length - length)))
        expression = new MemberAccess(expression, property.text);
      return expression;
    }
    const alias = path.parts.length === 1 ? this.#alias(path.parts[0]?.text ?? '') : null;
    if (alias !== null) return alias;
    const name = path.parts.map((part) => part.text).join('.');
    throw new PlanError(
      `Column '${name}' cannot be used in SELECT clause when GROUP BY clause is present. Only aggregating expressions and the expressions specified in the GROUP BY clause are allowed.`,
      path.span,
    );
  }

  presence(path: Path): Expression {
    return this.path(path);
  }

  sourceTimestamp(): null {
    return null;
  }

  /** A property of `TopOne()` is a column of its own: the row need not be made. */
  part(node: Tree, property: string): Expression | null {
    if (node.kind !== 'call' || !isAggregateCall(node)) return null;
    const slot = this.#columns.aggregatePart(node, property);
    return slot === null ? null : this.#reference(slot);
  }

  /** The number of a slot in the rows the expressions run over. */
  protected slot(slot: number): number {
    return slot;
  }

  #reference(slot: number): Expression {
    return new ColumnReference(this.#dictionary, this.slot(slot));
  }
}
