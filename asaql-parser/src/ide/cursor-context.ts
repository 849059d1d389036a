/**
 * What surrounds the cursor: which clause, which parentheses, which argument, and whether a value or what follows a value
 * is wanted. Reads tokens only, so that it works in the middle of typing. Knows no names and no tree.
 */
import type { SyntaxToken } from '../syntax/tokens.ts';
import type { Span } from '../text/span.ts';
import { isReservedWord } from './name-text.ts';

export type Clause =
  | 'start'
  | 'create'
  | 'queryStart'
  | 'with'
  | 'afterStep'
  | 'select'
  | 'into'
  | 'from'
  | 'join'
  | 'joinWord'
  | 'apply'
  | 'on'
  | 'timestampBy'
  | 'timestampOver'
  | 'partitionBy'
  | 'orderBy'
  | 'limit'
  | 'when'
  | 'where'
  | 'groupBy'
  | 'having'
  | 'measures'
  | 'define'
  | 'pattern';

export type Opener = 'script' | 'query' | 'step' | 'call' | 'over' | 'cast' | 'values' | 'group' | 'table' | 'match' | 'pattern';

/** A pair of parentheses around the cursor, or the script itself. */
export interface Frame {
  readonly opener: Opener;
  /** Offset of the parenthesis. */
  readonly start: number;
  /** `call`: the function, with its prefix, in lower case. */
  readonly callName: string;
  clause: Clause;
  /** Clauses that have been begun in this SELECT or OVER. */
  seen: Set<Clause>;
  /** Where the SELECT around starts. */
  selectStart: number | null;
  /** Commas since the parenthesis or the clause. */
  commas: number;
  /** Whether a whole value stands right before the cursor. */
  afterValue: boolean;
  /** AS was written: an alias or a type comes next. */
  afterAs: boolean;
  /** The CASEs that are open, with the word that each has reached. */
  cases: string[];
}

export interface CursorContext {
  /** From the start of the word that is being typed to the cursor. */
  readonly word: Span;
  /** What the word is quoted with so far. */
  readonly quoting: '' | '[' | '"';
  /** Innermost last. */
  readonly frames: readonly Frame[];
  readonly before: SyntaxToken | null;
  readonly after: SyntaxToken | null;
  /** In a comment or a text, where nothing is completed. */
  readonly opaque: boolean;
}

/** The context of the cursor among the tokens of a text. Takes time proportional to the text before it. */
export function cursorContext(tokens: readonly SyntaxToken[], offset: number): CursorContext {
  const before: SyntaxToken[] = [];
  let word: Span = { start: offset, end: offset };
  let quoting: CursorContext['quoting'] = '';
  let after: SyntaxToken | null = null;
  let opaque = false;
  for (const token of tokens) {
    const { start, end } = token.span;
    if (start >= offset) {
      if (token.kind !== 'whitespace' && token.kind !== 'comment') {
        after = token;
        break;
      }
      continue;
    }
    const touches = end > offset || (end === offset && (token.kind === 'name' || token.kind === 'keyword'));
    if (token.kind === 'comment')
      opaque ||= end > offset || (end === offset && (token.text.startsWith('--') || !token.text.endsWith('*/')));
    else if (token.kind === 'string') {
      if (end > offset || (end === offset && !/^[nN]?'(?:[^']|'')*'$/.test(token.text))) opaque = true;
      before.push(token);
    } else if (token.kind === 'number' && end >= offset) opaque = true;
    else if (touches && token.kind !== 'whitespace' && !isClosed(token, offset)) {
      word = { start, end: offset };
      quoting = token.text.startsWith('[') ? '[' : token.text.startsWith('"') ? '"' : '';
      if (token.kind !== 'name' && token.kind !== 'keyword') word = { start: offset, end: offset };
    } else if (token.kind !== 'whitespace') before.push(token);
  }
  return { word, quoting, frames: new FrameReader(before).read(), before: before.at(-1) ?? null, after, opaque };
}

/** A quoted name whose end stands right before the cursor. */
function isClosed(token: SyntaxToken, offset: number): boolean {
  return token.span.end === offset && token.text.length > 1 && /^(?:\[.*\]|".*")$/s.test(token.text);
}

class FrameReader {
  private readonly tokens: readonly SyntaxToken[];
  private readonly frames: Frame[];
  private at = 0;

  constructor(tokens: readonly SyntaxToken[]) {
    this.tokens = tokens;
    this.frames = [frame('script', 0, null)];
  }

  read(): readonly Frame[] {
    for (; this.at < this.tokens.length; this.at++) this.take(this.tokens[this.at]!);
    return this.frames;
  }

  private get frame(): Frame {
    return this.frames.at(-1)!;
  }

  private wordAt(distance: number): string {
    return this.tokens[this.at + distance]?.text.toUpperCase() ?? '';
  }

  private take(token: SyntaxToken): void {
    const { frame: current } = this;
    switch (token.text) {
      case '(':
        this.open(token);
        return;
      case ')':
        this.close();
        return;
      case ',':
        current.commas++;
        current.afterValue = false;
        current.afterAs = false;
        if (current.clause === 'afterStep') current.clause = 'with';
        if (current.clause === 'on') current.clause = 'join';
        return;
      case ';':
        this.newStatement();
        return;
      case '.':
        current.afterValue = false;
        return;
    }
    if (token.kind === 'operator') {
      // A star stands for columns where a value is wanted, and multiplies behind one.
      current.afterValue = token.text === '*' && !current.afterValue;
      return;
    }
    if (token.kind === 'keyword' && this.wordAt(-1) !== '.' && this.keyword(token)) return;
    current.afterValue = true;
    if (current.afterAs && current.opener !== 'cast') current.afterAs = false;
  }

  private newStatement(): void {
    while (this.frames.length > 1) this.frames.pop();
    Object.assign(this.frame, {
      clause: 'start',
      afterValue: false,
      afterAs: false,
      seen: new Set(),
      cases: [],
      selectStart: null,
    });
  }

  private open(token: SyntaxToken): void {
    const { frame: outer } = this;
    const opener = this.openerAt(token);
    const inner = frame(opener, token.span.start, outer.selectStart, opener === 'call' ? this.calledName() : '');
    if (opener === 'step' || opener === 'query') inner.clause = 'queryStart';
    else if (opener === 'match') inner.clause = 'limit';
    else if (opener === 'pattern') inner.clause = 'pattern';
    else inner.clause = outer.clause;
    outer.afterValue = false;
    this.frames.push(inner);
  }

  private openerAt(token: SyntaxToken): Opener {
    const before = this.tokens[this.at - 1];
    const { frame: outer } = this;
    const word = before?.text.toUpperCase() ?? '';
    if (before?.kind === 'keyword') {
      if (word === 'OVER') return 'over';
      if (word === 'CAST' || word === 'TRY_CAST') return 'cast';
      if (word === 'IN') return 'values';
      if (word === 'MATCH_RECOGNIZE') return 'match';
      if (word === 'PATTERN') return 'pattern';
      if (word === 'AS' && outer.clause === 'with') return 'step';
      if (word === 'LEFT' || !isReservedWord(word)) return 'call';
    }
    if (outer.clause === 'create') return 'table';
    if (before?.kind === 'name' && !outer.afterAs) return 'call';
    const wantsSource = (outer.clause === 'from' || outer.clause === 'join') && !outer.afterValue;
    if (wantsSource || outer.clause === 'start' || outer.clause === 'queryStart' || outer.clause === 'afterStep') return 'query';
    return token.text === '(' ? 'group' : 'query';
  }

  /** The function before the parenthesis, with the prefix before its dot. */
  private calledName(): string {
    const name = this.wordAt(-1).toLowerCase();
    return this.wordAt(-2) === '.' ? `${this.wordAt(-3).toLowerCase()}.${name}` : name;
  }

  private close(): void {
    if (this.frames.length === 1) return;
    const closed = this.frames.pop();
    const { frame: outer } = this;
    outer.afterValue = true;
    outer.afterAs = false;
    if (closed?.opener === 'step') outer.clause = 'afterStep';
    if (outer.clause === 'create') Object.assign(outer, { clause: 'start', afterValue: false });
  }

  /** Takes a keyword. False for one that is a name here. */
  private keyword(token: SyntaxToken): boolean {
    const word = token.text.toUpperCase();
    const { frame: current } = this;
    const next = this.wordAt(1);
    if (current.afterAs && !isReservedWord(word)) return false;
    switch (word) {
      case 'SELECT':
        Object.assign(current, { seen: new Set(), cases: [], selectStart: token.span.start });
        return this.begin('select');
      case 'WITH':
        return this.begin('with');
      case 'CREATE':
        return this.begin('create');
      case 'GO':
        this.newStatement();
        return true;
      case 'FROM':
        return this.begin('from');
      case 'WHERE':
        return this.begin('where');
      case 'HAVING':
        return this.begin('having');
      case 'GROUP':
        return this.begin('groupBy');
      case 'INTO':
        return this.begin('into');
      case 'UNION':
        return this.begin('queryStart');
      case 'JOIN':
        return this.begin('join');
      case 'APPLY':
        return this.begin('apply');
      case 'ON':
        return this.begin('on');
      case 'INNER':
      case 'CROSS':
      case 'OUTER':
        return this.begin('joinWord');
      case 'LEFT':
        return next === '(' && current.clause !== 'from' && current.clause !== 'on' ? false : this.leftWord();
      case 'TIMESTAMP':
        return next === 'BY' && this.begin('timestampBy');
      case 'PARTITION':
        return next === 'BY' && this.begin('partitionBy');
      case 'ORDER':
        return next === 'BY' && this.begin('orderBy');
      case 'LIMIT':
        return (current.opener === 'over' || current.opener === 'match') && this.begin('limit');
      case 'MEASURES':
        return current.opener === 'match' && this.begin('measures');
      case 'DEFINE':
        return current.opener === 'match' && this.begin('define');
      default:
        return this.wordInside(word);
    }
  }

  private leftWord(): boolean {
    const { clause, afterValue } = this.frame;
    return (clause === 'from' || clause === 'on' || clause === 'join' || clause.endsWith('By') || clause === 'apply') &&
      afterValue
      ? this.begin('joinWord')
      : false;
  }

  /** Words inside expressions. */
  private wordInside(word: string): boolean {
    const { frame: current } = this;
    switch (word) {
      case 'CASE':
        current.cases.push('CASE');
        break;
      case 'WHEN':
        if (current.cases.length === 0) return this.begin('when');
        current.cases[current.cases.length - 1] = word;
        break;
      case 'THEN':
      case 'ELSE':
        if (current.cases.length > 0) current.cases[current.cases.length - 1] = word;
        break;
      case 'END':
        current.cases.pop();
        current.afterValue = true;
        return true;
      case 'NULL':
        current.afterValue = true;
        return true;
      case 'AS':
        current.afterAs = true;
        break;
      case 'OVER':
        if (current.clause === 'timestampBy') return this.begin('timestampOver');
        break;
      default:
        if (!isReservedWord(word) && word !== 'DISTINCT' && word !== 'ALL') return false;
    }
    current.afterValue = false;
    return true;
  }

  private begin(clause: Clause): true {
    const { frame: current } = this;
    current.clause = clause;
    current.seen.add(clause);
    current.commas = 0;
    current.afterValue = false;
    current.afterAs = false;
    return true;
  }
}

function frame(opener: Opener, start: number, selectStart: number | null, callName = ''): Frame {
  return {
    opener,
    start,
    callName,
    clause: 'start',
    seen: new Set(),
    selectStart,
    commas: 0,
    afterValue: false,
    afterAs: false,
    cases: [],
  };
}
