/** Adds an item to the end of a list in JSON, written as the item before it is; not one other byte changes. Knows no file. */
import { createScanner, type Node } from 'jsonc-parser';

/** `list`: a node of `text` with at least one item. The indent is that of one level. */
export function withAppended(text: string, list: Node, item: unknown, indent: string): string {
  const last = (list.children ?? []).at(-1);
  if (last === undefined) throw new Error('An empty list shows no way to write an item.');
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const lastEnd = last.offset + last.length;
  const commaEnd = endOfComma(text, lastEnd);
  // A comment behind the last item on its line stays there.
  const place = endOfLine(text, commaEnd ?? lastEnd);
  const isOneLine = !text.slice(last.offset, lastEnd).includes('\n');
  const lineStart = text.lastIndexOf('\n', last.offset) + 1;
  const margin = /^[ \t]*/.exec(text.slice(lineStart, last.offset))?.[0] ?? '';
  const written = isOneLine ? oneLine(item) : JSON.stringify(item, null, indent).replaceAll('\n', `${eol}${margin}`);
  const isSameLine = place === (commaEnd ?? lastEnd) && text.slice(lineStart, last.offset).trim() !== '';
  const added = `${isSameLine ? ' ' : `${eol}${margin}`}${written}${commaEnd === null ? '' : ','}`;
  const before = commaEnd === null ? `${text.slice(0, lastEnd)},${text.slice(lastEnd, place)}` : text.slice(0, place);
  return `${before}${added}${text.slice(place)}`;
}

/** Behind a comma that follows, over blanks and comments; null where none does. */
function endOfComma(text: string, from: number): number | null {
  const scanner = createScanner(text, true);
  scanner.setPosition(from);
  scanner.scan();
  return text[scanner.getTokenOffset()] === ',' ? scanner.getTokenOffset() + 1 : null;
}

/** The end of the line where only blanks and a comment stand before it, else the place itself. */
function endOfLine(text: string, from: number): number {
  const rest = /^[ \t]*\/\/[^\r\n]*/.exec(text.slice(from))?.[0] ?? '';
  return from + rest.length;
}

function oneLine(item: unknown): string {
  return JSON.stringify(item, null, 1).replace(/\n\s*/g, ' ');
}
