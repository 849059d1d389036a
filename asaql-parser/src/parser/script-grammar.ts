/** Statements and the script they make. The last part of the grammar: with it the grammar is whole. */
import type { IToken, TokenType } from 'chevrotain';
import { catalogue } from '../diagnostics/catalogue.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type {
  ColumnDefinition,
  CreateTable,
  ErrorStatement,
  Query,
  QueryExpression,
  Script,
  SelectStatement,
  Statement,
  Step,
} from '../syntax/nodes.ts';
import * as t from '../syntax/token-types.ts';
import { entryOf } from '../text/word-entry.ts';
import { isNameToken, tokenSpan } from './grammar-base.ts';
import { QueryGrammar } from './query-grammar.ts';
import type { UnitMemory } from './unit-memory.ts';

/** What to write instead of statements of other languages, by their first word. */
const foreignStatements: Readonly<Record<string, string>> = {
  insert: 'Write SELECT … INTO output FROM input.',
  declare: 'There are no variables: use a WITH step or reference data.',
  set: 'There are no variables: use a WITH step or reference data.',
  update: 'A stream cannot be changed: SELECT the new values INTO an output.',
  delete: 'A stream cannot be changed: leave rows out with WHERE.',
  merge: 'A stream cannot be changed: SELECT INTO an output; outputs with a key replace the row of that key.',
  drop: 'Inputs and outputs belong to the job, not to the query.',
  alter: 'Inputs and outputs belong to the job, not to the query.',
  truncate: 'Inputs and outputs belong to the job, not to the query.',
  exec: 'There are no procedures: use a JavaScript function, udf.name(…).',
  execute: 'There are no procedures: use a JavaScript function, udf.name(…).',
  use: 'There are no databases: name an input of the job in FROM.',
  print: 'SELECT the value INTO an output instead.',
  if: 'There is no control flow: put the condition into WHERE or CASE.',
  while: 'There is no control flow: the query runs for every event.',
  begin: 'There are no blocks and no transactions: write the statements one after the other.',
  grant: 'Rights belong to the job, not to the query.',
  values: 'Constants come in as reference data.',
  explain: 'Remove the word.',
};

const foreignCreates: Readonly<Record<string, string>> = {
  function: 'Functions are defined in the job (JavaScript) and called with udf.name(…).',
  view: 'Write the query as a step: WITH name AS (SELECT …).',
  procedure: 'There are no procedures: use a JavaScript function, udf.name(…).',
  aggregate: 'Aggregates are defined in the job (JavaScript) and called with uda.name(…).',
  stream: 'Inputs are defined in the job; CREATE TABLE declares the types of their columns.',
  index: 'Nothing is stored that could be indexed.',
  database: 'Inputs and outputs belong to the job, not to the query.',
  schema: 'Inputs and outputs belong to the job, not to the query.',
  type: 'The types are bigint, float, nvarchar(max), datetime, bit, record and array.',
};

export class ScriptGrammar extends QueryGrammar {
  private text = '';

  constructor(skipValidations = true) {
    super(skipValidations);
    this.performSelfAnalysis();
  }

  /** Parses tokens of `text`. Adds what it finds wrong to `diagnostics`; takes over units of the text before from `memory`. */
  parseScript(text: string, tokens: IToken[], diagnostics: Diagnostic[], memory: UnitMemory | null): Script {
    this.text = text;
    this.begin(tokens, diagnostics, text.length, memory);
    const script = this.script();
    const [stuck] = this.errors;
    if (stuck === undefined) return script;
    // No text is known to lead here: every rule recovers on its own. Were one found, it must still give a tree.
    const place = Number.isNaN(stuck.token.startOffset) ? text.length : Math.max(0, stuck.token.startOffset);
    this.report(catalogue.unexpected, { start: place, end: text.length }, stuck.token.image, 'here');
    return { kind: 'script', statements: [], span: { start: 0, end: text.length } };
  }

  protected override sourceText(start: number, end: number): string {
    return this.text.slice(start, end);
  }

  protected readonly script = this.RULE('script', (): Script => {
    const statements: Statement[] = [];
    do {
      this.MANY({
        GATE: () => scriptStarts.has(this.LA(1).tokenType),
        DEF: () =>
          this.OR({
            IGNORE_AMBIGUITIES: true,
            DEF: [
              { ALT: () => this.CONSUME(t.Semicolon) },
              { ALT: () => this.CONSUME(t.Go) },
              {
                GATE: () => this.atSecond(t.Table),
                ALT: () => statements.push(this.unit('createTable', () => this.SUBRULE(this.createTable))),
              },
              { ALT: () => statements.push(this.SUBRULE(this.foreignCreate)) },
              { ALT: () => statements.push(this.SUBRULE(this.query)) },
            ],
          }),
      });
    } while (this.foreignStatement(statements));
    return { kind: 'script', statements, span: { start: 0, end: this.text.length } };
  });

  // ---- Statements ------------------------------------------------------------------------------------------------

  private readonly query = this.RULE('query', (): Query => {
    const start = this.here();
    const steps: Step[] = [];
    const selects: SelectStatement[] = [];
    this.OPTION(() => {
      this.CONSUME(t.With);
      steps.push(this.unit('step', () => this.SUBRULE(this.step)));
      do {
        this.MANY(() => {
          const comma = this.CONSUME(t.Comma);
          if (this.at(t.Select)) this.report(catalogue.trailingComma, tokenSpan(comma), 'SELECT');
          this.OPTION1({
            GATE: () => isNameToken(this.LA(1)) || this.atSecond(t.As),
            DEF: () => steps.push(this.unit('step', () => this.SUBRULE1(this.step))),
          });
        });
      } while (this.skipToClause('between the steps', true, topStops) && this.at(t.Comma));
    });
    this.MANY1({
      GATE: () => selectAhead(this.LA(1).tokenType) || (this.at(t.Semicolon) && selectAhead(this.LA(2).tokenType)),
      DEF: () => {
        this.OPTION2(() => this.CONSUME(t.Semicolon));
        selects.push(this.unit('selectStatement', () => this.selectStatement(this.SUBRULE2(this.queryExpression))));
        this.skipToClause('here', false, topStops);
      },
    });
    if (!this.RECORDING_PHASE && selects.length === 0) {
      this.syntaxError(catalogue.withWithoutSelect, { start, end: start + 'WITH'.length });
    }
    return { kind: 'query', steps, selects, span: this.since(start) };
  });

  private selectStatement(body: QueryExpression): SelectStatement {
    return { kind: 'selectStatement', body, into: this.RECORDING_PHASE ? null : firstInto(body), span: body.span };
  }

  private readonly createTable = this.RULE('createTable', (): CreateTable => {
    const start = this.here();
    this.CONSUME(t.Create);
    this.CONSUME(t.Table);
    const name = this.expectName(0, 'the name of an input', true) ?? this.missingName();
    const columns: ColumnDefinition[] = [];
    if (this.expect(0, t.LeftParen, '( and the columns') !== null) {
      this.nested(() => {
        columns.push(this.SUBRULE(this.columnDefinition));
        do {
          this.MANY(() => {
            this.CONSUME(t.Comma);
            columns.push(this.SUBRULE1(this.columnDefinition));
          });
        } while (this.skipToClause('in the list of columns', true) && this.at(t.Comma));
      });
      this.expect(0, t.RightParen, ') at the end of the columns');
    }
    return { kind: 'createTable', name, columns, span: this.since(start) };
  });

  private readonly columnDefinition = this.RULE('columnDefinition', (): ColumnDefinition => {
    const start = this.here();
    const name = this.expectName(0, 'the name of a column', !this.at(t.RightParen)) ?? this.missingName();
    const type = this.SUBRULE(this.dataType);
    return { kind: 'columnDefinition', name, type, span: this.since(Math.min(start, name.span.start)) };
  });

  private readonly foreignCreate = this.RULE('foreignCreate', (): ErrorStatement => {
    const start = this.here();
    const create = this.CONSUME1(t.Create);
    if (!this.RECORDING_PHASE) {
      const word = this.atEnd() ? '' : this.LA(1).image;
      const instead = entryOf(foreignCreates, word.toLowerCase()) ?? 'CREATE TABLE is the only CREATE there is.';
      this.report(catalogue.statement, tokenSpan(create), `CREATE ${word}`.trim(), instead);
      this.skipStatement();
    }
    return { kind: 'errorStatement', parts: [], span: this.since(start) };
  });

  /** Takes what starts no statement, with advice. False at the end of the text. */
  private foreignStatement(statements: Statement[]): boolean {
    if (this.RECORDING_PHASE || this.atEnd()) return false;
    const start = this.here();
    const token = this.LA(1);
    const instead = entryOf(foreignStatements, token.image.toLowerCase());
    if (instead !== undefined) this.report(catalogue.statement, tokenSpan(token), token.image.toUpperCase(), instead);
    else this.missing('SELECT, WITH or CREATE TABLE');
    this.SKIP_TOKEN();
    this.skipStatement();
    statements.push({ kind: 'errorStatement', parts: [], span: this.since(start) });
    return true;
  }

  /** Skips to the next statement outside parentheses. */
  private skipStatement(): void {
    let open = 0;
    for (let token = this.LA(1); !this.atEnd(); token = this.LA(1)) {
      if (token.tokenType === t.LeftParen) open++;
      else if (token.tokenType === t.RightParen) open = Math.max(0, open - 1);
      else if (token.tokenType === t.Semicolon || (open === 0 && topStarts.has(token.tokenType))) break;
      this.SKIP_TOKEN();
    }
  }
}

const topStarts = new Set<TokenType>([t.Select, t.With, t.Create, t.Go]);
const scriptStarts = new Set<TokenType>([t.Semicolon, t.Go, t.Create, t.With, t.Select, t.LeftParen]);
const topStops = new Set<TokenType>([t.LeftParen]);

function selectAhead(type: TokenType): boolean {
  return type === t.Select || type === t.LeftParen;
}

/** The output that a SELECT at the top names: that of its first part. */
function firstInto(body: QueryExpression): SelectStatement['into'] {
  let first = body;
  while (first.kind === 'union' || first.kind === 'parenthesizedQuery') first = first.kind === 'union' ? first.left : first.query;
  return first.kind === 'select' ? first.into : null;
}
