/** Names as they are written: bare where that can be read, else in brackets. Knows no meaning. */
import type { Name } from '../syntax/nodes.ts';
import { keywordByText, Reserved } from '../syntax/token-types.ts';

const bareName = /^[\p{L}_][\p{L}\p{Nd}_]*$/u;

export function isReservedWord(text: string): boolean {
  return keywordByText.get(text.toLowerCase())?.CATEGORIES?.includes(Reserved) === true;
}

/** Whether a name needs no brackets. */
export function isBareName(name: string): boolean {
  return bareName.test(name) && !isReservedWord(name);
}

export function bracketed(name: string): string {
  return `[${name.replaceAll(']', ']]')}]`;
}

/** The name as it can stand in a query. */
export function nameText(name: string): string {
  return isBareName(name) ? name : bracketed(name);
}

/** The name in the quoting of the one that it takes the place of; bare ones get brackets if they need them. */
export function nameTextLike(name: string, like: Name): string {
  switch (like.quoting) {
    case 'brackets':
      return bracketed(name);
    case 'quotes':
      return `"${name.replaceAll('"', '""')}"`;
    case 'string':
      return `'${name.replaceAll("'", "''")}'`;
    default:
      return nameText(name);
  }
}
