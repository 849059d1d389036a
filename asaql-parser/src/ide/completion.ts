/**
 * What can be written at the cursor. Works in the middle of typing: the place comes from the tokens (cursor-context.ts),
 * the names in scope from the model. Knows no editor.
 */
import { functionCatalogue } from '../semantics/functions/function-catalogue.ts';
import type { FunctionSpec } from '../semantics/functions/function-spec.ts';
import type { BoundSelect, Relation } from '../semantics/model.ts';
import type { Column } from '../semantics/types.ts';
import type { Name } from '../syntax/nodes.ts';
import { isWindowUnit, timeUnitSpellings } from '../syntax/time-units.ts';
import type { Span } from '../text/span.ts';
import { entryOf } from '../text/word-entry.ts';
import { type CursorContext, cursorContext, type Frame } from './cursor-context.ts';
import { columnsOf, fieldsOf } from './known-fields.ts';
import { bracketed, nameText } from './name-text.ts';
import { nodePath } from './node-path.ts';
import { type Snapshot, withText } from './snapshot.ts';
import { columnText, typeText } from './type-text.ts';

export type CompletionKind =
  | 'keyword'
  | 'function'
  | 'userFunction'
  | 'window'
  | 'input'
  | 'step'
  | 'output'
  | 'alias'
  | 'column'
  | 'unit'
  | 'type';

export interface CompletionItem {
  readonly label: string;
  readonly kind: CompletionKind;
  /** What takes the place of the word. With `snippet` it has places to fill in, `$1` … and `$0`. */
  readonly insert: string;
  readonly snippet: boolean;
  /** A few words beside the label: a type, a signature, where it comes from. */
  readonly detail: string;
  readonly documentation: string | null;
  /** Smaller comes first. */
  readonly rank: number;
}

export interface CompletionList {
  readonly replace: Span;
  readonly items: readonly CompletionItem[];
}

export function completion(snapshot: Snapshot, offset: number): CompletionList {
  const context = cursorContext(snapshot.parsed.tokens, offset);
  const none = { replace: context.word, items: [] };
  if (context.opaque) return none;
  const items = new Completer(snapshot, context, offset).items();
  const seen = new Set<string>();
  const distinct = items.filter((item) => {
    const key = `${item.kind} ${item.label}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return { replace: context.word, items: distinct.sort((a, b) => a.rank - b.rank || (a.label < b.label ? -1 : 1)) };
}

const clauseKeywords = ['WHERE', 'GROUP BY', 'HAVING', 'UNION'];
const joinKeywords = ['JOIN', 'LEFT OUTER JOIN', 'CROSS APPLY', 'OUTER APPLY'];
const conditionOperators = ['AND', 'OR', 'IS NULL', 'IS NOT NULL', 'IN', 'NOT IN', 'LIKE', 'BETWEEN'];
const dataTypes = ['bigint', 'float', 'nvarchar(max)', 'datetime', 'bit', 'record', 'array'];
const metadata = ['EventProcessedUtcTime', 'EventEnqueuedUtcTime', 'PartitionId'];
const windowArguments: Readonly<Record<string, readonly string[]>> = {
  tumblingwindow: ['Duration', 'Offset'],
  hoppingwindow: ['Duration', 'Hop', 'Offset'],
  slidingwindow: ['Duration'],
  sessionwindow: ['Timeout', 'MaxDuration'],
};

class Completer {
  private readonly snapshot: Snapshot;
  private readonly context: CursorContext;
  private readonly offset: number;
  private readonly frame: Frame;
  private readonly select: BoundSelect | null;

  constructor(snapshot: Snapshot, context: CursorContext, offset: number) {
    this.snapshot = snapshot;
    this.context = context;
    this.offset = offset;
    this.frame = context.frames.at(-1)!;
    this.select = selectAt(snapshot, this.frame.selectStart);
  }

  items(): readonly CompletionItem[] {
    const { before } = this.context;
    if (before?.text === '.') return this.members();
    const { opener } = this.frame;
    if (opener === 'call') return this.inCall();
    if (opener === 'cast') return this.inCast();
    if (opener === 'over' || opener === 'match') return this.inOver();
    if (opener === 'table') return this.frame.afterValue ? dataTypes.map((name) => item(name, 'type', 0)) : [];
    if (opener === 'pattern') return [];
    if (opener === 'group' || opener === 'values') return this.expression(true);
    return this.inQuery();
  }

  // ---- Clauses ---------------------------------------------------------------------------------------------------

  private inQuery(): readonly CompletionItem[] {
    const { clause, afterValue, afterAs } = this.frame;
    switch (clause) {
      case 'start':
      case 'queryStart':
      case 'afterStep':
        return this.starts(clause);
      case 'create':
        return this.context.before?.text.toUpperCase() === 'CREATE' ? keywords(['TABLE']) : this.sources('input');
      case 'with':
        return afterValue ? keywords(['AS']) : [];
      case 'into':
        return afterValue ? keywords(['FROM']) : this.outputs();
      case 'from':
      case 'join':
      case 'apply':
        return afterAs ? [] : this.inFrom();
      case 'joinWord':
        return keywords(this.joinWords());
      case 'groupBy':
        if (this.context.before?.text.toUpperCase() === 'GROUP') return keywords(['BY']);
        return afterValue ? keywords(this.unseen(['HAVING', 'UNION', 'SELECT'])) : [...this.windows(), ...this.operands()];
      case 'select':
        return afterAs ? [] : this.expression(false);
      case 'timestampBy':
      case 'partitionBy':
      case 'timestampOver':
        return this.keys();
      default:
        return this.expression(true);
    }
  }

  private starts(clause: 'start' | 'queryStart' | 'afterStep'): readonly CompletionItem[] {
    if (clause !== 'start') return keywords(['SELECT']);
    const step = snippet('WITH … AS (…)', `WITH \${1:step} AS (\n    $0\n)`, 'keyword', 1, 'a step');
    const table = snippet(
      'CREATE TABLE',
      `CREATE TABLE \${1:input} (\n    \${2:column} \${3:bigint}\n)$0`,
      'keyword',
      2,
      'types of an input',
    );
    return [...keywords(['SELECT', 'WITH']), step, table];
  }

  private joinWords(): readonly string[] {
    switch (this.context.before?.text.toUpperCase()) {
      case 'CROSS':
        return ['APPLY'];
      case 'LEFT':
        return ['JOIN', 'OUTER JOIN'];
      case 'OUTER':
        return this.frame.seen.has('from') ? ['JOIN', 'APPLY'] : ['JOIN'];
      default:
        return ['JOIN'];
    }
  }

  private inFrom(): readonly CompletionItem[] {
    const { clause, afterValue } = this.frame;
    if (clause === 'apply') {
      if (afterValue) return keywords(['AS', ...joinKeywords, ...this.unseen(clauseKeywords)]);
      return functionCatalogue.filter((spec) => spec.kind === 'tableValued').map((spec) => this.call(spec, 0));
    }
    if (!afterValue) return [...this.sources(null)];
    const first = clause === 'join' ? ['ON'] : [];
    return keywords([
      ...first,
      'TIMESTAMP BY',
      'PARTITION BY',
      'AS',
      ...joinKeywords,
      'MATCH_RECOGNIZE',
      ...this.unseen([...clauseKeywords, 'SELECT']),
    ]);
  }

  private keys(): readonly CompletionItem[] {
    const { clause, afterValue, opener } = this.frame;
    if (this.context.before?.text.toUpperCase() === 'TIMESTAMP' || this.context.before?.text.toUpperCase() === 'PARTITION')
      return keywords(['BY']);
    if (!afterValue) return this.operands();
    if (opener === 'over') return keywords(['LIMIT DURATION', 'ORDER BY', 'WHEN']);
    const over = clause === 'timestampBy' ? ['OVER', 'PARTITION BY'] : [];
    return keywords([...over, ...joinKeywords, 'ON', ...this.unseen([...clauseKeywords, 'SELECT'])]);
  }

  private unseen(words: readonly string[]): readonly string[] {
    const { seen } = this.frame;
    const done: Readonly<Record<string, boolean>> = {
      WHERE: seen.has('where') || seen.has('groupBy') || seen.has('having'),
      'GROUP BY': seen.has('groupBy') || seen.has('having'),
      HAVING: seen.has('having'),
    };
    return words.filter((word) => done[word] !== true);
  }

  /** A value, or what may follow one. */
  private expression(condition: boolean): readonly CompletionItem[] {
    const { afterValue, cases, opener, clause } = this.frame;
    const { before } = this.context;
    const word = before?.text.toUpperCase();
    if (word === 'IS') return keywords(['NULL', 'NOT NULL']);
    if (!afterValue) return this.operands();
    const open = cases.at(-1);
    const isCondition = condition || open === 'WHEN';
    const words: string[] = [];
    if (before?.text === ')') words.push('OVER');
    if (open === 'CASE' || open === 'THEN') words.push('WHEN');
    if (open === 'WHEN') words.push('THEN');
    if (open === 'THEN') words.push('ELSE');
    if (open === 'ELSE') words.push('END');
    if (isCondition) words.push(...conditionOperators);
    if (open === undefined && opener !== 'group' && opener !== 'values' && opener !== 'call')
      words.push(...this.following(clause));
    return keywords(words);
  }

  private following(clause: Frame['clause']): readonly string[] {
    switch (clause) {
      case 'select':
        return ['AS', ...(this.frame.seen.has('into') ? [] : ['INTO']), 'FROM'];
      case 'on':
        return [...joinKeywords, ...this.unseen([...clauseKeywords, 'SELECT'])];
      case 'where':
      case 'having':
        return this.unseen(['GROUP BY', 'HAVING', 'UNION', 'SELECT']);
      default:
        return [];
    }
  }

  // ---- Parentheses -----------------------------------------------------------------------------------------------

  private inCall(): readonly CompletionItem[] {
    const { callName, commas, afterValue, cases } = this.frame;
    const spec = functionCatalogue.find(
      (candidate) => fullName(candidate) === callName || fullName(candidate) === `${callName}window`,
    );
    if (cases.length > 0 || afterValue) return this.expression(cases.length > 0);
    const name = spec?.name.toLowerCase() ?? '';
    if (name === 'windows') return this.windows();
    if (Object.hasOwn(windowArguments, name)) {
      const arguments_ = (entryOf(windowArguments, name) ?? []).map((part) =>
        snippet(part, `${part}(\${1:minute}, \${2:1})`, 'window', 1, 'long form'),
      );
      return commas === 0 ? [...this.units(true), ...arguments_] : arguments_;
    }
    if (spec?.unitFirst === true && commas === 0) return this.units(spec.kind === 'windowArgument' || spec.name === 'ISFIRST');
    if (spec?.kind === 'windowArgument') return [];
    const distinct = spec?.name === 'COUNT' ? keywords(['DISTINCT']) : [];
    return [...this.operands(), ...distinct];
  }

  private inCast(): readonly CompletionItem[] {
    if (this.frame.afterAs) return dataTypes.map((name, index) => ({ ...item(name, 'type', 0), rank: index / 10 }));
    return this.frame.afterValue && this.frame.cases.length === 0 ? keywords(['AS']) : this.expression(false);
  }

  private inOver(): readonly CompletionItem[] {
    const { clause, afterValue, opener, seen } = this.frame;
    const before = this.context.before?.text.toUpperCase();
    if (before === 'LIMIT') return keywords(['DURATION']);
    if (before === 'PARTITION' || before === 'ORDER') return keywords(['BY']);
    const wantsValue =
      clause === 'partitionBy' || clause === 'orderBy' || clause === 'when' || clause === 'measures' || clause === 'define';
    if (wantsValue && !afterValue && before !== '(') return this.operands();
    const limit = snippet('LIMIT DURATION', `LIMIT DURATION(\${1:minute}, \${2:10})`, 'keyword', 0, 'how far to look back');
    const parts: readonly string[] =
      opener === 'match'
        ? ['PARTITION BY', 'MEASURES', 'AFTER MATCH SKIP TO NEXT ROW', 'PATTERN', 'DEFINE']
        : ['PARTITION BY', 'ORDER BY', 'WHEN'];
    const written: Readonly<Record<string, boolean>> = {
      'PARTITION BY': seen.has('partitionBy'),
      'ORDER BY': seen.has('orderBy'),
      WHEN: seen.has('when'),
      MEASURES: seen.has('measures'),
      DEFINE: seen.has('define'),
    };
    const rest = parts.filter((part) => written[part] !== true);
    const own = clause === 'orderBy' ? ['ASC', 'DESC'] : clause === 'when' ? conditionOperators : [];
    return [...keywords([...own, ...rest]), ...(seen.has('limit') ? [] : [limit])];
  }

  // ---- Names -----------------------------------------------------------------------------------------------------

  private sources(only: 'input' | null): readonly CompletionItem[] {
    const { model } = this.snapshot;
    const items: CompletionItem[] = [];
    for (const step of only === null ? model.steps : []) {
      const { start, end } = step.node.span;
      // A step reads only what stands above it.
      if (start <= this.offset && this.offset <= end) break;
      const columns = step.relation.columns.map(columnText).join(', ');
      items.push(this.name(step.node.name.text, 'step', 0, 'step', columns === '' ? null : columns));
    }
    for (const input of model.declarations.inputs ?? [])
      items.push(this.name(input.name, 'input', 1, input.kind === 'reference' ? 'reference data' : 'input'));
    for (const use of model.inputUses) {
      const { span } = use.node.name;
      const typed = span.start <= this.offset && this.offset <= span.end;
      if (!typed && use.trouble === null && use.name !== '') items.push(this.name(use.name, 'input', 1, 'input'));
    }
    return items;
  }

  private outputs(): readonly CompletionItem[] {
    const { model } = this.snapshot;
    const declared = (model.declarations.outputs ?? []).map((output) => this.name(output.name, 'output', 0, 'output'));
    const written = model.outputs
      .filter(({ implicit, node }) => !implicit && !(node.span.start <= this.offset && this.offset <= node.span.end))
      .map(({ name }) => this.name(name, 'output', 1, 'output'));
    return [...declared, ...written];
  }

  /** A name, quoted as it must be or as the user has begun to quote it. */
  private name(
    name: string,
    kind: CompletionKind,
    rank: number,
    detail: string,
    documentation: string | null = null,
  ): CompletionItem {
    const { quoting } = this.context;
    const insert = quoting === '[' ? bracketed(name) : quoting === '"' ? `"${name.replaceAll('"', '""')}"` : nameText(name);
    return { label: name, kind, insert, snippet: false, detail, documentation, rank };
  }

  private column(column: Column, rank: number, from: string, prefix: string): CompletionItem {
    const known = column.type.name !== 'any';
    const base = this.name(column.name, 'column', rank, [known ? typeText(column.type) : '', from].filter(Boolean).join(' · '));
    return prefix === '' ? base : { ...base, insert: `${prefix}.${base.insert}` };
  }

  private columns(): readonly CompletionItem[] {
    const { model } = this.snapshot;
    const { word } = this.context;
    const { select } = this;
    if (select === null || select.sources.length === 0) return this.columnsOfAll();
    const bySource = select.sources.map((source) => ({ source, columns: columnsOf(source.relation, model, word) }));
    const count = new Map<string, number>();
    for (const { columns } of bySource)
      for (const { name } of columns) count.set(name.toLowerCase(), (count.get(name.toLowerCase()) ?? 0) + 1);
    const items = bySource.flatMap(({ source, columns }) =>
      columns.map((column) => {
        const shared = (count.get(column.name.toLowerCase()) ?? 0) > 1;
        const several = select.sources.length > 1 && (shared || source.relation.kind === 'apply');
        return this.column(column, 0, source.alias, several ? nameText(source.alias) : '');
      }),
    );
    const aliases = select.sources
      .filter((source) => source.alias !== '')
      .map((source) =>
        this.name(source.alias, 'alias', 1, source.relation.name === source.alias ? source.relation.kind : source.relation.name),
      );
    const streams = select.sources.some((source) => source.relation.kind === 'input' && source.relation.stream !== 'reference');
    const added = streams ? metadata.map((name) => this.name(name, 'column', 6, 'added by the service')) : [];
    return [...items, ...aliases, ...added, ...(this.frame.clause === 'having' ? this.ownAliases(select) : [])];
  }

  private ownAliases(select: BoundSelect): readonly CompletionItem[] {
    return select.result.columns.map((column) => this.column(column, 0, 'alias', ''));
  }

  /** Before FROM is written: columns of everything that could be read. */
  private columnsOfAll(): readonly CompletionItem[] {
    const { model } = this.snapshot;
    const relations = new Set<Relation>(model.relationOfSource.values());
    for (const step of model.steps) if (step.node.span.end < this.offset) relations.add(step.relation);
    const items = [...relations].flatMap((relation) =>
      columnsOf(relation, model, this.context.word).map((column) => this.column(column, 2, relation.name, '')),
    );
    const declared = (model.declarations.inputs ?? []).flatMap((input) =>
      (input.columns ?? []).map((column) => this.column(column, 2, input.name, '')),
    );
    return [...items, ...declared];
  }

  // ---- After a dot -----------------------------------------------------------------------------------------------

  private members(): readonly CompletionItem[] {
    const { frame, context } = this;
    const { tokens } = this.snapshot.parsed;
    const dot = context.before === null ? 0 : tokens.indexOf(context.before);
    const owner = tokens[dot - 1]?.text.toLowerCase();
    if (owner === 'udf' || owner === 'uda') return this.userFunctions(owner);
    if (owner === 'system')
      return functionCatalogue.filter((spec) => spec.prefix === 'system').map((spec) => this.call(spec, 0, false));
    // With a name behind the dot the tree holds a path to look at.
    const { text } = this.snapshot;
    const whole = withText(this.snapshot, `${text.slice(0, context.word.start)}x${text.slice(this.offset)}`);
    const node = nodePath(whole.parsed.script, context.word.start).findLast(({ kind }) => kind === 'path' || kind === 'member');
    const select = selectAt(whole, frame.selectStart);
    if (node === undefined || select === null) return [];
    let columns: readonly Column[] = [];
    if (node.kind === 'member') columns = select.types.get(node.object)?.fields ?? [];
    else if (node.kind === 'path') {
      const before = node.parts.filter((part: Name) => part.span.end <= context.word.start);
      columns = fieldsOf(before, select, whole.model, { start: context.word.start, end: context.word.start + 1 });
    }
    const star = frame.clause === 'select' && frame.opener !== 'call' ? [item('*', 'keyword', 3)] : [];
    return [...columns.map((column) => this.column(column, 0, '', '')), ...star];
  }

  private userFunctions(prefix: 'udf' | 'uda'): readonly CompletionItem[] {
    const { model } = this.snapshot;
    const wanted = prefix === 'udf' ? 'scalar' : 'aggregate';
    const declared = (model.declarations.functions ?? []).filter(({ kind }) => kind === wanted).map(({ name }) => name);
    const called = model.selects.flatMap((select) =>
      select.calls
        .filter(
          ({ form, node }) => form === prefix && !(node.name.span.start <= this.offset && this.offset <= node.name.span.end),
        )
        .map(({ node }) => node.name.text),
    );
    return [...new Set([...declared, ...called])]
      .filter((name) => name !== '')
      .map((name) => snippet(name, this.withParentheses(name, true), 'userFunction', 0, `${prefix}.${name}(…)`));
  }

  // ---- Functions, windows, units ---------------------------------------------------------------------------------

  private operands(): readonly CompletionItem[] {
    const { clause, opener } = this.frame;
    const inMatch = this.context.frames.some((frame) => frame.opener === 'match');
    const noAggregates =
      clause === 'timestampBy' || clause === 'timestampOver' || clause === 'partitionBy' || clause === 'groupBy';
    const calls = functionCatalogue
      .filter((spec) => {
        if (spec.kind === 'matchRecognize') return inMatch;
        if (spec.kind === 'aggregate' || spec.kind === 'analytic') return !noAggregates && !inMatch;
        return spec.kind === 'scalar' || spec.kind === 'system';
      })
      .map((spec) => this.call(spec, spec.kind === 'aggregate' ? 3 : 4));
    const words = ['CASE', 'NULL', ...(clause === 'select' ? [] : ['NOT'])];
    const star = clause === 'select' && opener !== 'call' ? [item('*', 'keyword', 5)] : [];
    return [...this.columns(), ...this.bound(), ...calls, ...this.prefixed(), ...keywords(words), ...star];
  }

  /** In ON: the bound in time that a join of streams needs. */
  private bound(): readonly CompletionItem[] {
    const [left, right] = [this.select?.sources[0], this.select?.sources.at(-1)];
    if (this.frame.clause !== 'on' || left === undefined || right === undefined || left === right) return [];
    const call = `DATEDIFF(\${1:minute}, ${nameText(left.alias)}, ${nameText(right.alias)}) BETWEEN \${2:0} AND \${3:10}`;
    return [snippet('DATEDIFF … BETWEEN', call, 'function', 2, 'how far apart in time events may be')];
  }

  private prefixed(): readonly CompletionItem[] {
    const functions = this.snapshot.model.declarations.functions ?? [];
    return functions.map(({ name, kind }) => {
      const full = `${kind === 'scalar' ? 'udf' : 'uda'}.${name}`;
      return snippet(full, this.withParentheses(full, true), 'userFunction', 4, 'function of the job');
    });
  }

  private windows(): readonly CompletionItem[] {
    // Window('id', …) stands only inside Windows(…), which cannot be nested.
    const other = this.frame.callName === 'windows' ? 'Windows' : 'Window';
    return functionCatalogue
      .filter((spec) => spec.kind === 'window' && spec.name !== other)
      .map((spec) => {
        const fill = windowSnippets[spec.name] ?? '$1';
        const text = this.context.after?.text === '(' ? spec.name : `${spec.name}(${fill})`;
        return { ...snippet(spec.name, text, 'window', 0, spec.signatures[0] ?? ''), documentation: spec.summary };
      });
  }

  private units(ofWindows: boolean): readonly CompletionItem[] {
    return (Object.keys(timeUnitSpellings) as (keyof typeof timeUnitSpellings)[])
      .filter((unit) => !ofWindows || isWindowUnit(unit))
      .map((unit) => ({ ...item(unit, 'unit', 0), detail: timeUnitSpellings[unit].slice(1).join(', ') }));
  }

  private call(spec: FunctionSpec, rank: number, withPrefix = true): CompletionItem {
    const name = spec.prefix === 'system' && withPrefix ? `System.${spec.name}` : spec.name;
    const text = this.withParentheses(name, spec.parameters.length > 0);
    return { ...snippet(name, text, 'function', rank, spec.signatures[0] ?? ''), documentation: spec.summary };
  }

  private withParentheses(name: string, parameters: boolean): string {
    if (this.context.after?.text === '(') return name;
    return parameters ? `${name}($1)$0` : `${name}()`;
  }
}

const windowSnippets: Readonly<Record<string, string>> = {
  TumblingWindow: `\${1:minute}, \${2:1}`,
  HoppingWindow: `\${1:minute}, \${2:10}, \${3:5}`,
  SlidingWindow: `\${1:minute}, \${2:1}`,
  SessionWindow: `\${1:minute}, \${2:5}, \${3:60}`,
  Window: `'\${1:name}', $2`,
};

function fullName(spec: FunctionSpec): string {
  return `${spec.prefix === null ? '' : `${spec.prefix}.`}${spec.name}`.toLowerCase();
}

function selectAt(snapshot: Snapshot, start: number | null): BoundSelect | null {
  return snapshot.model.selects.find((select) => select.node.span.start === start) ?? null;
}

function item(label: string, kind: CompletionKind, rank: number): CompletionItem {
  return { label, kind, insert: label, snippet: false, detail: '', documentation: null, rank };
}

function snippet(label: string, insert: string, kind: CompletionKind, rank: number, detail: string): CompletionItem {
  return { label, kind, insert, snippet: insert.includes('$'), detail, documentation: null, rank };
}

function keywords(words: readonly string[]): readonly CompletionItem[] {
  return words.map((word, index) => item(word, 'keyword', 5 + index / 100));
}
