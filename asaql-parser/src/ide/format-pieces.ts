/**
 * Tokens prepared for formatting: comments tied to their token, keywords in capitals, parentheses paired. Knows which
 * words are keywords from the tree, and nothing of layout.
 */
import type { ParseResult } from '../parser/parse.ts';
import type { SyntaxToken } from '../syntax/tokens.ts';
import { walk } from '../syntax/walk.ts';

export interface CommentPiece {
  readonly text: string;
  /** A blank line stands below it. */
  readonly blankAfter: boolean;
}

/** A word or sign with the comments around it. */
export interface Piece {
  readonly text: string;
  /** Keyword in capitals, or empty for what is no keyword. */
  readonly keyword: string;
  readonly kind: SyntaxToken['kind'];
  /** Comments on lines of their own above it. */
  readonly above: readonly CommentPiece[];
  /** Comments on its line, before and behind it. */
  readonly before: readonly string[];
  readonly behind: readonly string[];
  /** Whether it touches the piece before it. */
  readonly touches: boolean;
}

export interface FormatPieces {
  readonly pieces: readonly Piece[];
  /** Comments below the last piece. */
  readonly below: readonly CommentPiece[];
}

interface OpenPiece {
  text: string;
  keyword: string;
  kind: SyntaxToken['kind'];
  above: CommentPiece[];
  before: string[];
  behind: string[];
  touches: boolean;
}

export function formatPieces(result: ParseResult): FormatPieces {
  const names = nameStarts(result);
  const pieces: OpenPiece[] = [];
  let above: CommentPiece[] = [];
  let before: string[] = [];
  let newlines = 1;
  let previousEnd = -1;
  const { tokens } = result;
  for (const [index, token] of tokens.entries()) {
    if (token.kind === 'whitespace') {
      newlines += countLines(token.text);
      continue;
    }
    if (token.kind === 'comment') {
      const last = pieces.at(-1);
      const text = token.text.trimEnd();
      const after = tokens[index + 1];
      const linesAfter = after === undefined ? 1 : after.kind === 'whitespace' ? countLines(after.text) : 0;
      if (
        newlines === 0 &&
        last !== undefined &&
        (linesAfter > 0 || text.startsWith('--')) &&
        before.length === 0 &&
        above.length === 0
      )
        last.behind.push(text);
      else if (newlines > 0 && linesAfter > 0) above.push({ text, blankAfter: linesAfter > 1 });
      else before.push(text);
      newlines = 0;
      continue;
    }
    const isKeyword = token.kind === 'keyword' && !names.has(token.span.start) && isKeywordAfter(pieces.at(-1), token.text);
    const keyword = isKeyword ? token.text.toUpperCase() : '';
    const text = isKeyword ? keyword : token.text;
    pieces.push({ text, keyword, kind: token.kind, above, before, behind: [], touches: token.span.start === previousEnd });
    above = [];
    before = [];
    newlines = 0;
    previousEnd = token.span.end;
  }
  return { pieces, below: [...above, ...before.map((text) => ({ text, blankAfter: false }))] };
}

/** Windows lose the names of their arguments in the tree: Duration is a keyword only behind LIMIT. */
function isKeywordAfter(previous: OpenPiece | undefined, text: string): boolean {
  if (previous?.text === '.') return false;
  return text.toUpperCase() !== 'DURATION' || previous?.keyword === 'LIMIT';
}

function countLines(text: string): number {
  return text.split('\n').length - 1;
}

/** Where names start: a keyword there is none. */
function nameStarts(result: ParseResult): ReadonlySet<number> {
  const starts = new Set<number>();
  walk(result.script, (node) => {
    if (node.kind === 'name') starts.add(node.span.start);
    return true;
  });
  return starts;
}
