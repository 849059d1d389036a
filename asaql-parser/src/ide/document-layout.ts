/**
 * Layout of text that may break: groups stand on one line if they fit, or break at all their lines. Knows no language.
 * After Wadler, "A prettier printer" (2003).
 */

/** `line` is a blank, or a line break where its group breaks; `soft` is nothing instead of a blank. */
export type Layout =
  | string
  | readonly Layout[]
  | { readonly kind: 'line'; readonly flat: string; readonly hard: boolean }
  | { readonly kind: 'indent'; readonly content: Layout }
  | { readonly kind: 'group'; readonly content: Layout; readonly breaks: boolean }
  /** Waits for the end of the line. */
  | { readonly kind: 'suffix'; readonly text: string };

export const line: Layout = { kind: 'line', flat: ' ', hard: false };
export const softLine: Layout = { kind: 'line', flat: '', hard: false };
export const hardLine: Layout = { kind: 'line', flat: '', hard: true };
export const indent = (content: Layout): Layout => ({ kind: 'indent', content });
export const group = (content: Layout): Layout => ({ kind: 'group', content, breaks: mustBreak(content) });
export const suffix = (text: string): Layout => ({ kind: 'suffix', text });

/** Whether something inside needs a line break. */
function mustBreak(layout: Layout): boolean {
  if (typeof layout === 'string') return layout.includes('\n');
  if (isList(layout)) return layout.some(mustBreak);
  if (layout.kind === 'line') return layout.hard;
  if (layout.kind === 'suffix') return true;
  return layout.kind === 'group' ? layout.breaks : mustBreak(layout.content);
}

function isList(layout: Layout): layout is readonly Layout[] {
  return Array.isArray(layout);
}

interface Work {
  readonly layout: Layout;
  readonly depth: number;
  readonly flat: boolean;
}

const indentation = '    ';

/** The text of a layout, with lines of at most `width` characters where it can be helped. */
export function render(layout: Layout, width: number): string {
  const work: Work[] = [{ layout, depth: 0, flat: false }];
  const lines: string[] = [];
  let current = '';
  let waiting = '';
  const endLine = (): void => {
    lines.push(current.trimEnd() + waiting);
    waiting = '';
  };
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    const { layout: part, depth, flat } = next;
    if (typeof part === 'string') {
      const lastBreak = part.lastIndexOf('\n');
      if (lastBreak !== -1) lines.push(current + part.slice(0, lastBreak));
      current = lastBreak === -1 ? current + part : part.slice(lastBreak + 1);
    } else if (isList(part)) {
      for (let index = part.length - 1; index >= 0; index--) work.push({ layout: part[index]!, depth, flat });
    } else if (part.kind === 'suffix') waiting += part.text;
    else if (part.kind === 'indent') work.push({ layout: part.content, depth: depth + 1, flat });
    else if (part.kind === 'group') {
      const fitting = !part.breaks && (flat || fits(part.content, width - current.length, work));
      work.push({ layout: part.content, depth, flat: fitting });
    } else if (flat && !part.hard) current += part.flat;
    else {
      endLine();
      current = indentation.repeat(depth);
    }
  }
  endLine();
  return lines.join('\n');
}

/** Whether a layout, laid flat, and what follows it up to the next possible break take at most `room` characters. */
function fits(layout: Layout, room: number, following: readonly Work[]): boolean {
  const work: Work[] = [{ layout, depth: 0, flat: true }];
  let rest = following.length;
  let left = room;
  while (left >= 0) {
    const next = work.pop() ?? (rest > 0 ? following[--rest] : undefined);
    if (next === undefined) return true;
    const { layout: current, flat } = next;
    if (typeof current === 'string') left -= current.length;
    else if (isList(current))
      for (let index = current.length - 1; index >= 0; index--) work.push({ layout: current[index]!, depth: 0, flat });
    else if (current.kind === 'line') {
      if (!flat || current.hard) return true;
      left -= current.flat.length;
    } else if (current.kind === 'indent') work.push({ layout: current.content, depth: 0, flat });
    else if (current.kind === 'group') work.push({ layout: current.content, depth: 0, flat: flat && !current.breaks });
  }
  return false;
}
