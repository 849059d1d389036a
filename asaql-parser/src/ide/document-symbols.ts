/** The outline of a script: declared inputs, steps, and statements by what they write to, each with its columns. */
import type { BoundSelect } from '../semantics/model.ts';
import type { QueryExpression } from '../syntax/nodes.ts';
import type { Span } from '../text/span.ts';
import type { Snapshot } from './snapshot.ts';
import { typeText } from './type-text.ts';

export interface DocumentSymbol {
  readonly name: string;
  readonly kind: 'table' | 'step' | 'output' | 'column';
  readonly detail: string;
  readonly span: Span;
  /** The name itself, inside `span`. */
  readonly nameSpan: Span;
  readonly children: readonly DocumentSymbol[];
}

export function documentSymbols(snapshot: Snapshot): readonly DocumentSymbol[] {
  const { model } = snapshot;
  const symbols: DocumentSymbol[] = [];
  for (const statement of model.script.statements) {
    if (statement.kind !== 'createTable') continue;
    const children = statement.columns.map(({ name, type, span }) => leaf(name.text, type.typeName, span, name.span));
    symbols.push(named(statement.name.text, 'table', 'CREATE TABLE', statement.span, statement.name.span, children));
  }
  const selectOf = new Map(model.selects.map((select) => [select.node, select]));
  for (const { node } of model.steps) {
    const children = columnSymbols(node.body, selectOf);
    symbols.push(named(node.name.text, 'step', 'step', node.span, node.name.span, children));
  }
  for (const { name, body, node, implicit } of model.outputs) {
    const nameSpan = implicit ? { start: body.span.start, end: body.span.start } : node.span;
    symbols.push(named(name, 'output', 'output', body.span, nameSpan, columnSymbols(body, selectOf)));
  }
  return symbols.sort((a, b) => a.span.start - b.span.start);
}

/** Names must not be empty in an outline. */
function named(
  name: string,
  kind: DocumentSymbol['kind'],
  detail: string,
  span: Span,
  nameSpan: Span,
  children: readonly DocumentSymbol[],
): DocumentSymbol {
  return { name: name === '' ? '(no name)' : name, kind, detail, span, nameSpan, children };
}

function leaf(name: string, detail: string, span: Span, nameSpan: Span): DocumentSymbol {
  return named(name, 'column', detail, span, nameSpan, []);
}

/** Columns as the first branch of a UNION names them. */
function columnSymbols(body: QueryExpression, selectOf: ReadonlyMap<QueryExpression, BoundSelect>): readonly DocumentSymbol[] {
  let query = body;
  while (query.kind !== 'select') {
    if (query.kind === 'union') query = query.left;
    else if (query.kind === 'parenthesizedQuery') query = query.query;
    else return [];
  }
  return (selectOf.get(query)?.items ?? []).map(({ node, columns }) => {
    if (node.kind === 'star')
      return leaf(
        node.qualifier === null ? '*' : `${node.qualifier.parts.map((part) => part.text).join('.')}.*`,
        '',
        node.span,
        node.span,
      );
    const [column] = columns;
    return leaf(column?.name ?? '', column === undefined ? '' : typeText(column.type), node.span, node.alias?.span ?? node.span);
  });
}
