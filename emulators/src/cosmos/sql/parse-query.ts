/**
 * Cosmos SQL to a syntax tree, by recursive descent (https://learn.microsoft.com/azure/cosmos-db/nosql/query/).
 * Throws 400 naming what it cannot read. It must not know documents or parameters' values.
 */
import { notSupported } from '../cosmos-error.ts';
import type { Query, Scalar, SelectItem, Source } from './nodes.ts';
import { syntaxError, type Token, tokensOf } from './tokens.ts';

const keywords = new Set([
  ...['SELECT', 'DISTINCT', 'TOP', 'VALUE', 'FROM', 'WHERE', 'GROUP', 'ORDER', 'BY', 'OFFSET', 'LIMIT', 'AS', 'ASC', 'DESC'],
  ...[
    'AND',
    'OR',
    'NOT',
    'IN',
    'BETWEEN',
    'LIKE',
    'ESCAPE',
    'JOIN',
    'EXISTS',
    'NULL',
    'UNDEFINED',
    'TRUE',
    'FALSE',
    'HAVING',
    'UNION',
  ],
]);

/** Binary operators by how loosely they bind, loosest first. Comparisons stand between, with IN, BETWEEN and LIKE. */
const loose = [['??'], ['OR'], ['AND']];
const comparisons = new Set(['=', '!=', '<>', '<', '<=', '>', '>=']);
const tight = [['|'], ['^'], ['&'], ['<<', '>>', '>>>'], ['+', '-', '||'], ['*', '/', '%']];

const recent = new Map<string, Query>();
const recentMax = 500;

export function parseQuery(text: string): Query {
  let query = recent.get(text);
  if (query === undefined) {
    query = new Parser(text).whole();
    if (recent.size >= recentMax) recent.clear();
    recent.set(text, query);
  }
  return query;
}

class Parser {
  readonly #text: string;
  readonly #tokens: Token[];
  #next = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokensOf(text);
  }

  whole(): Query {
    const query = this.#query();
    if (this.#peek().kind !== 'end') throw this.#error();
    return query;
  }

  #query(): Query {
    this.#expect('SELECT');
    const distinct = this.#take('DISTINCT');
    const top = this.#take('TOP') ? this.#primary() : undefined;
    const select = this.#select();
    const from = this.#take('FROM') ? this.#sources() : [];
    const where = this.#take('WHERE') ? this.#scalar() : undefined;
    const groupBy: Scalar[] = [];
    if (this.#take('GROUP')) {
      this.#expect('BY');
      groupBy.push(...this.#list(() => this.#scalar()));
    }
    if (this.#is('HAVING')) throw notSupported('HAVING');
    const orderBy = this.#orderBy();
    const offset = this.#take('OFFSET') ? this.#primary() : undefined;
    const limit = this.#take('LIMIT') ? this.#primary() : undefined;
    if (offset !== undefined && limit === undefined) throw this.#error();
    return { distinct, top, select, from, where, groupBy, orderBy, offset, limit };
  }

  #select(): Query['select'] {
    if (this.#take('*')) return { kind: 'star' };
    if (this.#take('VALUE')) return { kind: 'value', value: this.#scalar() };
    return { kind: 'list', items: this.#list(() => this.#selectItem()) };
  }

  #selectItem(): SelectItem {
    const value = this.#scalar();
    if (this.#take('AS')) return { value, name: this.#aliasName() };
    const token = this.#peek();
    if ((token.kind === 'name' && !keywords.has(token.upper)) || token.kind === 'string')
      return { value, name: this.#aliasName() };
    return { value, name: impliedName(value) };
  }

  #aliasName(): string {
    const token = this.#advance();
    if (token.kind !== 'name' && token.kind !== 'string') throw this.#error(token);
    return token.text;
  }

  #orderBy(): Query['orderBy'] {
    if (!this.#take('ORDER')) return [];
    this.#expect('BY');
    if (this.#is('RANK')) throw notSupported('ORDER BY RANK');
    return this.#list(() => {
      const value = this.#scalar();
      const descending = this.#take('DESC');
      if (!descending) this.#take('ASC');
      return { value, descending };
    });
  }

  #sources(): Source[] {
    const sources = [this.#source()];
    while (this.#take('JOIN')) sources.push(this.#source());
    return sources;
  }

  /** `path [AS alias]`, `alias IN path`, `(query) AS alias`, `alias IN (query)`. */
  #source(): Source {
    const second = this.#tokens[this.#next + 1];
    if (this.#peek().kind === 'name' && second?.upper === 'IN' && second.kind === 'name') {
      const alias = this.#aliasName();
      this.#expect('IN');
      if (this.#is('(')) return { kind: 'query', alias, query: this.#parenthesisedQuery(), each: true };
      return { kind: 'path', alias, path: this.#postfix(), each: true };
    }
    if (this.#is('(')) {
      const query = this.#parenthesisedQuery();
      return { kind: 'query', alias: this.#sourceAlias() ?? '', query, each: false };
    }
    const path = this.#postfix();
    return { kind: 'path', alias: this.#sourceAlias() ?? impliedName(path) ?? '', path, each: false };
  }

  #sourceAlias(): string | undefined {
    if (this.#take('AS')) return this.#aliasName();
    const token = this.#peek();
    return token.kind === 'name' && !keywords.has(token.upper) ? this.#aliasName() : undefined;
  }

  #parenthesisedQuery(): Query {
    this.#expect('(');
    const query = this.#query();
    this.#expect(')');
    return query;
  }

  #scalar(): Scalar {
    const condition = this.#binary(0);
    if (!this.#take('?')) return condition;
    const then = this.#scalar();
    this.#expect(':');
    return { kind: 'conditional', condition, then, otherwise: this.#scalar() };
  }

  #binary(level: number): Scalar {
    const operators = loose[level];
    if (operators === undefined) return this.#not();
    let left = this.#binary(level + 1);
    while (operators.includes(this.#peek().upper)) {
      const operator = this.#advance().upper;
      left = { kind: 'binary', operator, left, right: this.#binary(level + 1) };
    }
    return left;
  }

  #not(): Scalar {
    if (this.#take('NOT')) return { kind: 'unary', operator: 'NOT', operand: this.#not() };
    return this.#comparison();
  }

  #comparison(): Scalar {
    let left = this.#arithmetic(0);
    for (;;) {
      const { upper, kind } = this.#peek();
      if (kind === 'symbol' && comparisons.has(upper)) {
        this.#advance();
        left = { kind: 'binary', operator: upper === '<>' ? '!=' : upper, left, right: this.#arithmetic(0) };
        continue;
      }
      const negated =
        kind === 'name' && upper === 'NOT' && ['IN', 'BETWEEN', 'LIKE'].includes(this.#tokens[this.#next + 1]?.upper ?? '');
      if (negated) this.#advance();
      const test = this.#test(left);
      if (test === undefined) return left;
      left = negated ? { kind: 'unary', operator: 'NOT', operand: test } : test;
    }
  }

  /** `[NOT] IN (…)`, `BETWEEN … AND …`, `LIKE … [ESCAPE …]` behind a value. */
  #test(value: Scalar): Scalar | undefined {
    if (this.#take('IN')) {
      this.#expect('(');
      const choices = this.#list(() => this.#scalar());
      this.#expect(')');
      return { kind: 'in', value, choices };
    }
    if (this.#take('BETWEEN')) {
      const low = this.#arithmetic(0);
      this.#expect('AND');
      return { kind: 'between', value, low, high: this.#arithmetic(0) };
    }
    if (this.#take('LIKE')) {
      const pattern = this.#arithmetic(0);
      return { kind: 'like', value, pattern, escape: this.#take('ESCAPE') ? this.#primary() : undefined };
    }
    return undefined;
  }

  #arithmetic(level: number): Scalar {
    const operators = tight[level];
    if (operators === undefined) return this.#unary();
    let left = this.#arithmetic(level + 1);
    while (this.#peek().kind === 'symbol' && operators.includes(this.#peek().text)) {
      const operator = this.#advance().text;
      left = { kind: 'binary', operator, left, right: this.#arithmetic(level + 1) };
    }
    return left;
  }

  #unary(): Scalar {
    for (const operator of ['-', '+', '~']) {
      if (!this.#take(operator)) continue;
      const operand = this.#unary();
      if (operator === '-' && operand.kind === 'literal' && typeof operand.value === 'number')
        return { kind: 'literal', value: -operand.value };
      return { kind: 'unary', operator, operand };
    }
    return this.#postfix();
  }

  #postfix(): Scalar {
    let value = this.#primary();
    for (;;) {
      if (this.#take('.')) {
        const token = this.#advance();
        if (token.kind !== 'name') throw this.#error(token);
        value = { kind: 'member', of: value, key: { kind: 'literal', value: token.text } };
      } else if (this.#take('[')) {
        value = { kind: 'member', of: value, key: this.#scalar() };
        this.#expect(']');
      } else return value;
    }
  }

  #primary(): Scalar {
    const token = this.#advance();
    switch (token.kind) {
      case 'number':
        return { kind: 'literal', value: Number(token.text) };
      case 'string':
        return { kind: 'literal', value: token.text };
      case 'parameter':
        return { kind: 'parameter', name: token.text };
      case 'symbol':
        return this.#bracketed(token);
      case 'name':
        return this.#named(token);
      default:
        throw this.#error(token);
    }
  }

  #bracketed(token: Token): Scalar {
    if (token.text === '(') {
      if (this.#is('SELECT')) {
        const query = this.#query();
        this.#expect(')');
        return { kind: 'subquery', use: 'scalar', query };
      }
      const inner = this.#scalar();
      this.#expect(')');
      return inner;
    }
    if (token.text === '[') {
      const items = this.#is(']') ? [] : this.#list(() => this.#scalar());
      this.#expect(']');
      return { kind: 'array', items };
    }
    if (token.text === '{') {
      const members = this.#is('}') ? [] : this.#list(() => this.#objectMember());
      this.#expect('}');
      return { kind: 'object', members };
    }
    throw this.#error(token);
  }

  #objectMember(): { name: string; value: Scalar } {
    const token = this.#advance();
    if (token.kind !== 'string' && token.kind !== 'name') throw this.#error(token);
    this.#expect(':');
    return { name: token.text, value: this.#scalar() };
  }

  #named(token: Token): Scalar {
    switch (token.upper) {
      case 'NULL':
        return { kind: 'literal', value: null };
      case 'UNDEFINED':
        return { kind: 'literal', value: undefined };
      case 'TRUE':
      case 'FALSE':
        return { kind: 'literal', value: token.upper === 'TRUE' };
      case 'EXISTS':
        return { kind: 'subquery', use: 'exists', query: this.#parenthesisedQuery() };
      case 'ARRAY':
        if (this.#is('(')) return { kind: 'subquery', use: 'array', query: this.#parenthesisedQuery() };
    }
    if (this.#is('(')) return this.#call(token.upper);
    if (token.upper === 'UDF' && this.#is('.')) {
      this.#advance();
      throw notSupported(`The user-defined function 'udf.${this.#advance().text}'`);
    }
    if (keywords.has(token.upper) && token.upper !== 'VALUE') throw this.#error(token);
    return { kind: 'alias', name: token.text };
  }

  #call(name: string): Scalar {
    this.#expect('(');
    const args = this.#is(')') ? [] : this.#list(() => this.#scalar());
    this.#expect(')');
    return { kind: 'call', name, args };
  }

  #list<T>(read: () => T): T[] {
    const items = [read()];
    while (this.#take(',')) items.push(read());
    return items;
  }

  #peek(): Token {
    return this.#tokens[this.#next] as Token;
  }

  #advance(): Token {
    const token = this.#peek();
    if (token.kind !== 'end') this.#next += 1;
    return token;
  }

  #is(upper: string): boolean {
    const { kind, upper: found } = this.#peek();
    return found === upper && (kind === 'name' || kind === 'symbol');
  }

  #take(upper: string): boolean {
    if (!this.#is(upper)) return false;
    this.#advance();
    return true;
  }

  #expect(upper: string): void {
    if (!this.#take(upper)) throw this.#error();
  }

  #error(token = this.#peek()): Error {
    return syntaxError(this.#text, token.at, token.text);
  }
}

/** The name that a selected value has without AS: its last property's, or its alias. */
function impliedName(value: Scalar): string | undefined {
  if (value.kind === 'alias') return value.name;
  if (value.kind === 'member' && value.key.kind === 'literal' && typeof value.key.value === 'string') return value.key.value;
  return undefined;
}
