/**
 * Names of columns that a SELECT item has no alias for. Knows no scopes.
 *
 * Documented: the last part of a path, `Id` of System.Window().Id, `count` of COUNT(*). The rest is not published; a
 * call takes its own name in lower case, anything else the word `column` and its number, so that names are stable.
 */
import type { Expression, ExpressionItem } from '../syntax/nodes.ts';

/** Name of the column of `item`, which is the `position`-th of its list, from 1. */
export function outputName(item: ExpressionItem, position: number): string {
  return item.alias?.text ?? unaliasedName(item.expression, position);
}

/** The alias that `expression` would have without one. */
export function unaliasedName(expression: Expression, position: number): string {
  switch (expression.kind) {
    case 'path':
      return expression.parts.at(-1)?.text ?? `column${position}`;
    case 'member':
      return expression.name.text;
    case 'call':
      return expression.name.text.toLowerCase();
    case 'parenthesized':
      return unaliasedName(expression.expression, position);
    default:
      return `column${position}`;
  }
}

/** Whether the reference says what the column is called. */
export function hasDocumentedName(expression: Expression): boolean {
  if (expression.kind === 'path' || expression.kind === 'member') return true;
  return expression.kind === 'call' && expression.name.text.toLowerCase() === 'count';
}
