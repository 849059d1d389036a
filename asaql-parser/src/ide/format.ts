/**
 * Formatting: capitals for keywords, a line for each clause, four blanks of indentation, lines of up to 130 characters
 * where it can be helped. Works on the tokens, so that it never changes what a query says, and gives the text back
 * unchanged if it cannot be sure of that. Knows no meaning.
 */
import { type ParseResult, parse } from '../parser/parse.ts';
import { group, hardLine, indent, type Layout, line, render, softLine, suffix } from './document-layout.ts';
import { formatPieces, type Piece } from './format-pieces.ts';

const widthMax = 130;

/** A comment can move to the end of its line, which may call for one more line break: that settles at once. */
const roundsMax = 4;

/** The formatted text. Formatting it again changes nothing. Lines end with \n, the text too. */
export function format(text: string): string {
  let current = text;
  for (let round = 0; round < roundsMax; round++) {
    const next = formatOnce(current);
    if (next === current) return current;
    current = next;
  }
  return text;
}

function formatOnce(text: string): string {
  const parsed = parse(text);
  if (parsed.tokens.some(isUnterminated)) return text;
  const { pieces, below } = formatPieces(parsed);
  if (deepest(pieces) > depthMax) return text;
  const layout: Layout[] = [new Formatter(pieces).script()];
  if (below.length > 0)
    layout.push(
      pieces.length > 0 ? hardLine : '',
      ...below.flatMap((comment, index) => [index > 0 ? hardLine : '', comment.text]),
    );
  const formatted = `${render(layout, widthMax)}\n`;
  if (formatted.trim() === '') return '';
  return saysTheSame(parsed, parse(formatted)) ? formatted : text;
}

/** Parentheses and CASEs, closed or not, that may lie in one another. The parser refuses less. */
const depthMax = 200;

function deepest(pieces: readonly Piece[]): number {
  let depth = 0;
  let most = 0;
  for (const { text, keyword } of pieces) {
    if (text === '(' || keyword === 'CASE') most = Math.max(most, ++depth);
    else if (text === ')' || keyword === 'END') depth = Math.max(0, depth - 1);
  }
  return most;
}

function isUnterminated(token: { readonly kind: string; readonly text: string }): boolean {
  const { kind, text } = token;
  if (kind === 'comment') return text.startsWith('/*') && (text.length < 4 || !text.endsWith('*/'));
  if (kind === 'string') return !/^[nN]?'(?:[^']|'')*'$/.test(text);
  if (kind !== 'name') return false;
  return (text.startsWith('[') && !text.endsWith(']')) || (text.startsWith('"') && (text.length < 2 || !text.endsWith('"')));
}

/** Same tokens but for white space and the case of keywords, same comments, and the same complaints. */
function saysTheSame(before: ParseResult, after: ParseResult): boolean {
  const words = (result: ParseResult): string =>
    result.tokens
      .filter((token) => token.kind !== 'whitespace' && token.kind !== 'comment')
      .map((token) => (token.kind === 'keyword' ? token.text.toUpperCase() : token.text))
      .join('\n');
  const comments = (result: ParseResult): string =>
    result.tokens
      .filter((token) => token.kind === 'comment')
      .map((token) => token.text.trimEnd())
      .sort()
      .join('\n');
  return (
    words(before) === words(after) &&
    comments(before) === comments(after) &&
    before.diagnostics.length === after.diagnostics.length &&
    isSame(before.script, after.script)
  );
}

/** Whether two trees are the same but for places and capitals: `a [0]` and `a. SELECT` mean something else without the blank. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a === b || a.toLowerCase() === b.toLowerCase();
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  const [before, after] = [Object.entries(a), Object.entries(b)];
  return (
    before.length === after.length &&
    before.every(([key, value], at) => key === 'span' || (key === after[at]?.[0] && isSame(value, after[at][1])))
  );
}

/** Keywords that start a line of their own in a query. */
const clauseStarts = new Set([
  'SELECT',
  'INTO',
  'FROM',
  'WHERE',
  'GROUP',
  'HAVING',
  'UNION',
  'WITH',
  'CREATE',
  'EXCEPT',
  'INTERSECT',
]);
const joinStarts = new Set(['JOIN', 'INNER', 'LEFT', 'RIGHT', 'FULL', 'CROSS', 'OUTER']);
const matchStarts = new Set(['LIMIT', 'PARTITION', 'MEASURES', 'AFTER', 'PATTERN', 'DEFINE']);

/** Keywords that a parenthesis follows without a blank, as after the name of a function. */
const callLike = new Set(['CAST', 'TRY_CAST', 'LEFT', 'RIGHT', 'DURATION']);

class Formatter {
  private readonly pieces: readonly Piece[];
  private at = 0;
  /** Inside the parentheses of a PATTERN. */
  private inPattern = false;

  constructor(pieces: readonly Piece[]) {
    this.pieces = pieces;
  }

  private get next(): Piece | undefined {
    return this.pieces[this.at];
  }

  private nextIs(keyword: string): boolean {
    return this.next?.keyword === keyword;
  }

  // ---- Script and statements -------------------------------------------------------------------------------------

  script(): Layout {
    const parts: Layout[] = [];
    while (this.next !== undefined) {
      const statement = this.statement();
      if (parts.length > 0) parts.push(hardLine, hardLine);
      parts.push(statement);
    }
    return parts;
  }

  /** One SELECT with its UNIONs, one WITH block, one CREATE TABLE, or what is none of these, with its semicolon. */
  private statement(): Layout {
    const parts: Layout[] = [];
    if (this.nextIs('WITH')) parts.push(this.withBlock());
    else if (this.next?.text === ';' || this.next?.keyword === 'GO') parts.push(this.take());
    else parts.push(this.query(false));
    if (this.next?.text === ';') parts.push(this.take());
    return parts;
  }

  private withBlock(): Layout {
    const head = this.take();
    const steps: Layout[] = [];
    for (;;) {
      steps.push(hardLine, this.inline([','], false));
      if (this.next?.text !== ',') break;
      steps.push(this.take());
    }
    return [head, indent(steps)];
  }

  /** Clauses up to the end of the statement or of the parentheses. */
  private query(inside: boolean): Layout {
    const parts: Layout[] = [];
    const started = new Set<string>();
    for (let piece = this.next; piece !== undefined; piece = this.next) {
      if (inside && piece.text === ')') break;
      if (!inside && parts.length > 0 && (piece.text === ';' || this.startsStatement(piece, started))) break;
      if (piece.keyword === 'UNION' || piece.keyword === 'EXCEPT' || piece.keyword === 'INTERSECT') started.clear();
      else if (piece.keyword !== '') started.add(piece.keyword);
      if (parts.length > 0) parts.push(hardLine);
      parts.push(this.clause());
    }
    return parts;
  }

  private startsStatement(piece: Piece, started: ReadonlySet<string>): boolean {
    if (piece.keyword === 'WITH' || piece.keyword === 'CREATE' || piece.keyword === 'GO') return true;
    return piece.keyword === 'SELECT' && started.has('SELECT');
  }

  private clause(): Layout {
    switch (this.next?.keyword) {
      case 'SELECT': {
        const head = this.take();
        return group([head, indent([line, this.commaList()])]);
      }
      case 'WHERE':
      case 'HAVING': {
        const head = this.take();
        return [head, ' ', this.condition()];
      }
      case 'GROUP': {
        const head: Layout[] = [this.take()];
        if (this.nextIs('BY')) head.push(' ', this.take());
        return group([head, indent([line, this.commaList()])]);
      }
      case 'FROM':
        return this.from();
      case 'UNION': {
        const head: Layout[] = [this.take()];
        if (this.nextIs('ALL')) head.push(' ', this.take());
        return head;
      }
      default: {
        const first = this.next?.text === '(' ? this.parentheses() : this.take();
        const rest = this.inline([], false);
        return [first, rest.length > 0 ? [' ', rest] : ''];
      }
    }
  }

  private from(): Layout {
    const parts: Layout[] = [this.take(), ' ', this.inline([], true)];
    while (this.next !== undefined && (joinStarts.has(this.next.keyword) || this.next.keyword === 'MATCH_RECOGNIZE')) {
      const join: Layout[] = [this.take()];
      while (this.next !== undefined && (joinStarts.has(this.next.keyword) || this.next.keyword === 'APPLY'))
        join.push(' ', this.take());
      join.push(' ', this.inline(['ON'], true));
      if (this.nextIs('ON')) join.push(indent([line, this.take(), ' ', this.condition()]));
      parts.push(hardLine, group(join));
    }
    return parts;
  }

  // ---- Lists and conditions --------------------------------------------------------------------------------------

  /** `a, b, c`: all on one line, or each on its own. */
  private commaList(): Layout {
    const parts: Layout[] = [];
    for (;;) {
      parts.push(this.inline([','], false));
      if (this.next?.text !== ',') break;
      parts.push(this.take(), line);
    }
    return parts;
  }

  /** `a AND b AND c`: on one line, or a line for each. */
  private condition(): Layout {
    const parts: Layout[] = [this.inline(['AND', 'OR'], false)];
    while (this.nextIs('AND') || this.nextIs('OR')) parts.push(line, this.take(), ' ', this.inline(['AND', 'OR'], false));
    return group(indent(parts));
  }

  /** Pieces on one line up to one of `stops`, a clause, a statement, or the end of the parentheses. */
  private inline(stops: readonly string[], inFrom: boolean): Layout[] {
    const parts: Layout[] = [];
    let betweens = 0;
    let sums = 0;
    let previous: Piece | null = null;
    for (let piece = this.next; piece !== undefined; piece = this.next) {
      if (piece.text === ')' || piece.text === ';' || (piece.text === ',' && stops.includes(','))) break;
      if (this.endsInline(piece, previous, inFrom)) break;
      if (piece.keyword === 'AND' && betweens > 0) betweens--;
      else if (stops.includes(piece.keyword)) break;
      if (piece.keyword === 'BETWEEN') betweens++;
      const isSum = previous !== null && (piece.text === '+' || piece.text === '-') && !this.isSignAt(this.at);
      if (isSum) sums++;
      if (previous !== null) parts.push(isSum ? line : this.gap(previous, piece));
      if (piece.text === '(') {
        parts.push(this.parentheses());
        previous = this.pieces[this.at - 1] ?? null;
      } else if (piece.keyword === 'CASE') {
        parts.push(this.caseExpression());
        previous = this.pieces[this.at - 1] ?? null;
      } else {
        parts.push(this.take());
        previous = piece;
      }
    }
    return sums > 0 ? [group(indent(parts))] : parts;
  }

  private endsInline(piece: Piece, previous: Piece | null, inFrom: boolean): boolean {
    const { keyword } = piece;
    if (keyword === '') return false;
    const after = this.pieces[this.at + 1];
    if ((keyword === 'LEFT' || keyword === 'RIGHT') && after?.text === '(') return false;
    if (keyword === 'INTO' && after?.kind === 'number') return false;
    if (keyword === 'GROUP' && previous?.keyword === 'WITHIN') return false;
    if (keyword === 'WITH' || keyword === 'CREATE' || keyword === 'GO') return true;
    if (keyword === 'WHEN' || keyword === 'THEN' || keyword === 'ELSE' || keyword === 'END')
      return this.caseDepth > 0 && this.parenDepth === this.caseParens.at(-1);
    if (clauseStarts.has(keyword)) return true;
    return inFrom && (joinStarts.has(keyword) || keyword === 'MATCH_RECOGNIZE');
  }

  private caseDepth = 0;
  private parenDepth = 0;
  /** Depth of parentheses at each open CASE. */
  private readonly caseParens: number[] = [];

  private parentheses(): Layout {
    const previous = this.pieces[this.at - 1]?.keyword ?? '';
    const open = this.take();
    this.parenDepth++;
    const isQuery = this.nextIs('SELECT') || this.nextIs('WITH');
    const content = isQuery ? this.query(true) : this.parenthesesContent(previous);
    this.parenDepth--;
    const close = this.next?.text === ')' ? this.next : null;
    const [closing = '', ...comments] = close === null ? [] : this.takeParts();
    if (isQuery || previous === 'MATCH_RECOGNIZE') return [open, indent([hardLine, content]), hardLine, closing, comments];
    return [group([open, indent([softLine, content]), softLine, closing]), comments];
  }

  private parenthesesContent(previous: string): Layout {
    if (previous === 'MATCH_RECOGNIZE') return this.matchParts();
    if (previous !== 'PATTERN' && !this.inPattern) return this.arguments();
    const wasPattern = this.inPattern;
    this.inPattern = true;
    const content = this.pattern();
    this.inPattern = wasPattern;
    return content;
  }

  /** `A+ (B | C)? D{2,}` */
  private pattern(): Layout {
    const parts: Layout[] = [];
    let previous: Piece | null = null;
    for (let piece = this.next; piece !== undefined && piece.text !== ')'; piece = this.next) {
      if (previous !== null) parts.push(this.gap(previous, piece));
      parts.push(piece.text === '(' ? this.parentheses() : this.take());
      previous = this.pieces[this.at - 1] ?? null;
    }
    return parts;
  }

  /** Arguments, keys, conditions: whatever stands in parentheses that hold no query. */
  private arguments(): Layout {
    const parts: Layout[] = [];
    for (let piece = this.next; piece !== undefined && piece.text !== ')'; piece = this.next) {
      if (piece.text === ',') {
        parts.push(this.take(), line);
        continue;
      }
      const start = this.at;
      if (parts.length > 0 && (piece.keyword === 'AND' || piece.keyword === 'OR')) parts.push(line, this.take(), ' ');
      parts.push(this.inline([',', 'AND', 'OR'], false));
      const stuck = this.next;
      if (this.at > start || stuck === undefined || stuck.text === ')') continue;
      // A clause or a semicolon that does not belong here: take it as it is.
      parts.push(parts.length > 0 ? ' ' : '', this.take(), ' ');
    }
    return parts;
  }

  private matchParts(): Layout {
    const parts: Layout[] = [];
    for (let piece = this.next; piece !== undefined && piece.text !== ')'; piece = this.next) {
      const words: Layout[] = [this.take()];
      let previous: Piece = piece;
      for (
        let other = this.next;
        other !== undefined && other.text !== ')' && !matchStarts.has(other.keyword);
        other = this.next
      ) {
        const gap = this.gap(previous, other);
        words.push(gap, other.text === '(' ? this.parentheses() : this.take());
        previous = this.pieces[this.at - 1] ?? other;
      }
      if (parts.length > 0) parts.push(hardLine);
      parts.push(group(indent(words)));
    }
    return parts;
  }

  private caseExpression(): Layout {
    const parts: Layout[] = [this.take()];
    this.caseDepth++;
    this.caseParens.push(this.parenDepth);
    const operand = this.inline([','], false);
    if (operand.length > 0) parts.push(' ', operand);
    const branches: Layout[] = [];
    for (
      let piece = this.next;
      piece !== undefined && (piece.keyword === 'WHEN' || piece.keyword === 'ELSE');
      piece = this.next
    ) {
      const branch: Layout[] = [this.take(), ' ', this.inline([','], false)];
      if (this.nextIs('THEN')) branch.push(' ', this.take(), ' ', this.inline([','], false));
      branches.push(line, branch);
    }
    this.caseDepth--;
    this.caseParens.pop();
    const end: Layout = this.nextIs('END') ? [line, this.take()] : '';
    return group([parts, indent(branches), end]);
  }

  // ---- Pieces ----------------------------------------------------------------------------------------------------

  /** The next piece with its comments. */
  private take(): Layout {
    const parts = this.takeParts();
    return parts.length === 1 ? parts[0]! : parts;
  }

  /** The next piece with the comments before it, then the comments behind it. */
  private takeParts(): Layout[] {
    const piece = this.next;
    if (piece === undefined) return [''];
    this.at++;
    if (piece.above.length === 0 && piece.before.length === 0 && piece.behind.length === 0) return [piece.text];
    const before: Layout[] = [];
    for (const comment of piece.above) before.push(comment.text, hardLine, comment.blankAfter ? hardLine : '');
    for (const comment of piece.before) before.push(comment, comment.startsWith('--') ? hardLine : ' ');
    return [[...before, piece.text], ...piece.behind.map((comment) => suffix(` ${comment}`))];
  }

  /** What stands between two pieces on one line. */
  private gap(left: Piece, right: Piece): Layout {
    if (right.text === '.' || left.text === '.') return this.dotGap(left, right);
    if (right.text === ',' || right.text === ';' || right.text === ')') return '';
    if (left.text === ',') return this.inPattern ? '' : line;
    if (right.text === '(') return this.beforeParenthesis(left);
    if (this.inPattern && (/^[*+?{}]$/.test(right.text) || left.text === '{')) return '';
    if (this.isSignAt(this.at - 1)) return right.kind === 'operator' ? ' ' : '';
    return ' ';
  }

  /** `a.b`, but `1 .b` and `a. 5` stay apart: glued they would be numbers. */
  private dotGap(left: Piece, right: Piece): string {
    return left.kind === 'number' || right.kind === 'number' || left.text === '(' ? ' ' : '';
  }

  private beforeParenthesis(left: Piece): string {
    if (left.keyword !== '') return callLike.has(left.keyword) ? '' : ' ';
    if (left.kind !== 'name' && left.kind !== 'keyword') return ' ';
    const before = this.pieces[this.at - 2]?.keyword;
    return before === 'TABLE' || this.inPattern ? ' ' : '';
  }

  /** Whether the + - ~ at an index is a sign and no operator between two values. */
  private isSignAt(index: number): boolean {
    const piece = this.pieces[index];
    if (piece?.text !== '-' && piece?.text !== '+' && piece?.text !== '~') return false;
    const before = this.pieces[index - 1];
    if (piece.text === '~' || before === undefined) return true;
    if (before.kind === 'operator' || before.text === '(' || before.text === ',') return true;
    return before.keyword !== '' && before.keyword !== 'END' && before.keyword !== 'NULL';
  }
}
