/** What names mean in a SELECT before grouping: columns of its sources. Knows no operator. */
import type { Call, Path, Expression as Tree } from '@asaql/parser';
import type { Dictionary } from '../batch/dictionary.ts';
import { metadataPath } from '../decode/metadata-value.ts';
import type { Expression } from '../expressions/expression.ts';
import type { Scope } from '../expressions/from-tree.ts';
import { ColumnReference, Constant, MakeRecord, RowTimestamp } from '../expressions/references.ts';
import { PlanError } from './plan-error.ts';
import { expressionFor, type Relation, sameName } from './relation.ts';
import { isSystemCall, treeKey } from './tree-walk.ts';

export interface NamedRelation {
  /** How the query calls it: its alias, else its name. */
  readonly name: string;
  /** The name behind the alias; must not be used any more. */
  readonly hiddenName: string | null;
  readonly relation: Relation;
  /** The slot of its row's timestamp, where rows of several sources are joined. */
  readonly timestamp: (() => Expression) | null;
  /** The slot of an analytic function that was worked out over this source before it was joined; null for any other call. */
  readonly analytic?: (call: Call) => number | null;
}

export class SourcesScope implements Scope {
  readonly sources: readonly NamedRelation[];
  readonly dictionary: Dictionary;
  /** The slot of an analytic function's result; null when the call is none. */
  readonly #analytic: (call: Call) => Expression | null;

  constructor(
    sources: readonly NamedRelation[],
    dictionary: Dictionary,
    analytic: (call: Call) => Expression | null = () => null,
  ) {
    this.sources = sources;
    this.dictionary = dictionary;
    this.#analytic = analytic;
  }

  replacement(node: Tree): Expression | null {
    if (node.kind !== 'call') return null;
    if (isSystemCall(node, 'timestamp')) return new RowTimestamp(this.dictionary);
    if (isSystemCall(node, 'window')) {
      return new MakeRecord(this.dictionary, [{ name: 'Id', value: new Constant(this.dictionary, null) }]);
    }
    if (node.prefix === null && node.name.text.toLowerCase() === 'getmetadatapropertyvalue') return this.#metadata(node);
    for (const { analytic } of this.sources) {
      const slot = analytic?.(node) ?? null;
      if (slot !== null) return this.column(slot);
    }
    return this.#analytic(node);
  }

  path(path: Path): Expression {
    return this.#find(path, false);
  }

  presence(path: Path): Expression {
    return this.#find(path, true);
  }

  part(): null {
    return null;
  }

  sourceTimestamp(path: Path): Expression | null {
    const source =
      path.parts.length === 1 ? this.sources.find(({ name }) => sameName(name, path.parts[0]?.text ?? '')) : undefined;
    return source?.timestamp?.() ?? null;
  }

  column(slot: number): Expression {
    return new ColumnReference(this.dictionary, slot);
  }

  /** A path as it is without the name of its source. */
  pathText(path: Path): string {
    const parts = path.parts.map((part) => part.text.toLowerCase());
    const qualified = parts.length > 1 && this.sources.some(({ name }) => sameName(name, parts[0] ?? ''));
    return JSON.stringify(qualified ? parts.slice(1) : parts);
  }

  /** A text that is equal for expressions of equal meaning here. */
  treeText(node: Tree): string {
    return treeKey(node, (path) => this.pathText(path));
  }

  #find(path: Path, presence: boolean): Expression {
    const parts = path.parts.map((part) => part.text);
    const [first = ''] = parts;
    const named = this.sources.find(({ name }) => sameName(name, first));
    if (named !== undefined && parts.length > 1) {
      const found = named.relation.find(parts.slice(1), presence);
      if (found === null) throw new PlanError(`'${named.name}' has no column '${parts[1]}'.`, path.span);
      return expressionFor(found, this.dictionary);
    }
    const closed = this.#first(parts, presence, false);
    if (closed !== null) return closed;
    if (named !== undefined) return expressionFor({ slot: named.relation.record(), rest: [] }, this.dictionary);
    const hidden = this.sources.find(({ hiddenName }) => hiddenName !== null && sameName(hiddenName, first));
    if (hidden !== undefined && parts.length > 1) {
      throw new PlanError(
        `'${first}' has the alias '${hidden.name}' here: write ${hidden.name}.${parts.slice(1).join('.')}.`,
        path.span,
      );
    }
    const open = this.sources.filter(({ relation }) => relation.open);
    if (open.length > 1)
      throw new PlanError(
        `Column '${first}' could belong to ${open.map(({ name }) => name).join(' or ')}: qualify it.`,
        path.span,
      );
    const found = this.#first(parts, presence, true);
    if (found === null)
      throw new PlanError(`Column '${first}' does not exist in ${this.sources.map(({ name }) => name).join(', ')}.`, path.span);
    return found;
  }

  #first(parts: readonly string[], presence: boolean, open: boolean): Expression | null {
    for (const { relation } of this.sources) {
      if (relation.open !== open) continue;
      const found = relation.find(parts, presence);
      if (found !== null) return expressionFor(found, this.dictionary);
    }
    return null;
  }

  /** https://learn.microsoft.com/stream-analytics-query/getmetadatapropertyvalue: what Event Hubs adds to a row. */
  #metadata(call: Call): Expression {
    const [input, property] = call.arguments;
    if (input?.kind !== 'path') {
      throw new PlanError(
        "First parameter of function 'GetMetadataPropertyValue' is invalid. Input stream name is expected.",
        call.span,
      );
    }
    const source = this.sources.find(
      ({ name, hiddenName }) =>
        sameName(name, input.parts[0]?.text ?? '') || sameName(hiddenName ?? '', input.parts[0]?.text ?? ''),
    );
    const path =
      property?.kind === 'path'
        ? property.parts.map((part) => part.text)
        : property?.kind === 'string'
          ? metadataPath(property.value)
          : [];
    if (path.length === 0)
      throw new PlanError(
        "Second parameter of function 'GetMetadataPropertyValue' is invalid. A property is expected, such as '[User].[name]'.",
        call.span,
      );
    const found = source?.relation.metadata?.(path) ?? null;
    if (found === null) {
      throw new PlanError(
        "First parameter of function 'GetMetadataPropertyValue' is invalid. Input stream name is expected.",
        call.span,
      );
    }
    return expressionFor(found, this.dictionary);
  }
}
