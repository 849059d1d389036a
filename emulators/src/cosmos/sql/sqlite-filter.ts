/**
 * The part of a WHERE clause that SQLite can decide on the stored text, to spare reading documents that cannot match.
 * The condition may let too much through (`exact` is false then) but never too little: the compiled query decides in the end.
 * So numbers, whose text SQLite may read one unit in the last place off, are only narrowed down. It must not know how rows are read.
 */
import type { SQLInputValue } from 'node:sqlite';
import { type Condition, isSqliteName, itemsTable, sqlitePath } from '../item-store.ts';
import type { Json } from '../json.ts';
import type { PartitionKey } from '../partition-key.ts';
import type { Query, Scalar } from './nodes.ts';

/** `total`: the tested expression is never undefined, so that its negation is the negated condition. */
type Filter = { sql: string; values: SQLInputValue[]; exact: boolean; total: boolean };

export type ItemFilter = { condition: Condition; exact: boolean };

const everything: Filter = { sql: '1', values: [], exact: false, total: false };

/** The alias of a query over whole documents without joins; undefined for any other query. */
export function plainAlias({ from }: Query): string | undefined {
  const [source] = from;
  if (source === undefined || source.kind !== 'path' || source.each || source.path.kind !== 'alias') return undefined;
  return source.alias;
}

/** `isScoped`: the caller adds a partition key of its own. */
export function itemFilter(
  query: Query,
  parameters: ReadonlyMap<string, Json>,
  key: PartitionKey,
  isScoped: boolean,
): ItemFilter {
  const alias = plainAlias(query);
  if (query.where === undefined) return { condition: { sql: '1', values: [] }, exact: true };
  if (alias === undefined) return { condition: { sql: '1', values: [] }, exact: false };
  const reader = new FilterReader(alias, parameters);
  const { sql, values, exact } = reader.read(query.where);
  const equalities = reader.equalities(query.where);
  const pk = partitionKeyOf(equalities, key);
  if (pk !== undefined) return { condition: { sql: `pk = ? AND ${sql}`, values: [pk, ...values] }, exact };
  const id = equalities.get('["id"]');
  if (isScoped || typeof id !== 'string' || !isPlainText(id)) return { condition: { sql, values }, exact };
  // Without a partition key an id is looked up in the index of keys, which is a small part of the table.
  return { condition: { sql: `seq IN (SELECT seq FROM ${itemsTable} WHERE id = ?) AND ${sql}`, values: [id, ...values] }, exact };
}

/** The path below the documents' alias that an expression names, in SQLite's writing. */
export function documentPath(node: Scalar, alias: string): string | undefined {
  const segments = segmentsOf(node, alias);
  return segments === undefined ? undefined : `'${sqlitePath(segments)}'`;
}

function segmentsOf(node: Scalar, alias: string): (string | number)[] | undefined {
  if (node.kind === 'alias') return node.name === alias ? [] : undefined;
  if (node.kind !== 'member' || node.key.kind !== 'literal') return undefined;
  const { value } = node.key;
  const usable = typeof value === 'string' ? isSqliteName(value) : Number.isInteger(value) && (value as number) >= 0;
  const outer = usable ? segmentsOf(node.of, alias) : undefined;
  return outer === undefined ? undefined : [...outer, value as string | number];
}

const typeTests: Record<string, string> = {
  IS_NULL: "= 'null'",
  IS_NUMBER: "IN ('integer', 'real')",
  IS_STRING: "= 'text'",
  IS_BOOL: "IN ('true', 'false')",
  IS_ARRAY: "= 'array'",
  IS_OBJECT: "= 'object'",
};

class FilterReader {
  readonly #alias: string;
  readonly #parameters: ReadonlyMap<string, Json>;

  constructor(alias: string, parameters: ReadonlyMap<string, Json>) {
    this.#alias = alias;
    this.#parameters = parameters;
  }

  read(node: Scalar): Filter {
    switch (node.kind) {
      case 'binary':
        return this.#binary(node.operator, node.left, node.right);
      case 'unary': {
        const operand = node.operator === 'NOT' ? this.read(node.operand) : everything;
        return operand.exact && operand.total ? { ...operand, sql: `NOT (${operand.sql})` } : everything;
      }
      case 'between':
        return both(this.#comparison('>=', node.value, node.low), this.#comparison('<=', node.value, node.high));
      case 'in':
        return node.choices.map((choice) => this.#comparison('=', node.value, choice)).reduce(either);
      case 'call':
        return this.#call(node.name, node.args);
      default:
        return everything;
    }
  }

  /** The constants that the conjunction demands, by path. */
  equalities(where: Scalar): Map<string, Json> {
    const equalities = new Map<string, Json>();
    for (const conjunct of conjunctsOf(where)) {
      if (conjunct.kind !== 'binary' || conjunct.operator !== '=') continue;
      for (const [path, other] of [
        [conjunct.left, conjunct.right],
        [conjunct.right, conjunct.left],
      ] as const) {
        const segments = segmentsOf(path, this.#alias);
        const constant = this.#constant(other);
        if (segments !== undefined && constant !== undefined) equalities.set(JSON.stringify(segments), constant);
      }
    }
    return equalities;
  }

  #binary(operator: string, left: Scalar, right: Scalar): Filter {
    if (operator === 'AND') return both(this.read(left), this.read(right));
    if (operator === 'OR') return either(this.read(left), this.read(right));
    return this.#comparison(operator, left, right);
  }

  #comparison(operator: string, left: Scalar, right: Scalar): Filter {
    const path = documentPath(left, this.#alias);
    const constant = this.#constant(right);
    if (path !== undefined && constant !== undefined) return comparison(operator, path, constant);
    const swappedPath = documentPath(right, this.#alias);
    const swappedConstant = this.#constant(left);
    if (swappedPath === undefined || swappedConstant === undefined) return everything;
    return comparison(swapped[operator] ?? '', swappedPath, swappedConstant);
  }

  #constant(node: Scalar): Json | undefined {
    if (node.kind === 'literal') return node.value;
    return node.kind === 'parameter' ? this.#parameters.get(node.name) : undefined;
  }

  #call(name: string, [subject, argument, ...more]: Scalar[]): Filter {
    const path = subject === undefined ? undefined : documentPath(subject, this.#alias);
    if (path === undefined) return everything;
    if (name === 'IS_DEFINED') return { sql: `json_type(body, ${path}) IS NOT NULL`, values: [], exact: true, total: true };
    const test = Object.hasOwn(typeTests, name) ? typeTests[name] : undefined;
    if (test !== undefined) return { sql: `ifnull(json_type(body, ${path}) ${test}, 0)`, values: [], exact: true, total: true };
    const text = argument === undefined ? undefined : this.#constant(argument);
    if (typeof text !== 'string' || !isPlainText(text) || more.length > 0) return everything;
    const isText = `json_type(body, ${path}) = 'text'`;
    const value = `json_extract(body, ${path})`;
    if (name === 'STARTSWITH') {
      return { sql: `(${isText} AND substr(${value}, 1, ?) = ?)`, values: [[...text].length, text], exact: true, total: false };
    }
    if (name === 'CONTAINS') return { sql: `(${isText} AND instr(${value}, ?) > 0)`, values: [text], exact: true, total: false };
    return everything;
  }
}

const swapped: Record<string, string> = { '=': '=', '!=': '!=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/** The whole partition key, where every part of it is demanded. */
function partitionKeyOf(equalities: ReadonlyMap<string, Json>, key: PartitionKey): string | undefined {
  if (key.segments.length === 0) return undefined;
  const components = key.segments.map((segments) => equalities.get(JSON.stringify(segments)));
  const scalars = components.every(
    (component) => component !== undefined && (typeof component !== 'object' || component === null),
  );
  return scalars ? JSON.stringify(components) : undefined;
}

function conjunctsOf(node: Scalar): Scalar[] {
  return node.kind === 'binary' && node.operator === 'AND' ? [...conjunctsOf(node.left), ...conjunctsOf(node.right)] : [node];
}

function both(left: Filter, right: Filter): Filter {
  const exact = left.exact && right.exact;
  return {
    sql: `(${left.sql} AND ${right.sql})`,
    values: [...left.values, ...right.values],
    exact,
    total: left.total && right.total,
  };
}

function either(left: Filter, right: Filter): Filter {
  const exact = left.exact && right.exact;
  return {
    sql: `(${left.sql} OR ${right.sql})`,
    values: [...left.values, ...right.values],
    exact,
    total: left.total && right.total,
  };
}

function isPlainText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** How far SQLite's reading of a number may be off, relatively; far more than it can be. */
const tolerance = 1e-12;

const idPath = `'${sqlitePath(['id'])}'`;

function comparison(operator: string, path: string, constant: Json): Filter {
  const type = `json_type(body, ${path})`;
  const value = `json_extract(body, ${path})`;
  if (operator === '!=') {
    const equal = comparison('=', path, constant);
    if (!equal.exact) return { sql: `${type} IS NOT NULL`, values: [], exact: false, total: false };
    return { sql: `(${type} IS NOT NULL AND (${equal.sql}) IS NOT TRUE)`, values: equal.values, exact: true, total: false };
  }
  if (!Object.hasOwn(swapped, operator)) return everything;
  if (operator === '=' && (constant === null || typeof constant === 'boolean')) {
    return { sql: `${type} = '${String(constant)}'`, values: [], exact: true, total: false };
  }
  if (typeof constant === 'string' && isPlainText(constant)) {
    if (operator === '=' && path === idPath) return { sql: 'id = ?', values: [constant], exact: true, total: false };
    // The text of an object or array could equal a string that looks like one.
    const sql = operator === '=' && !/^[[{]/.test(constant) ? `${value} = ?` : `(${type} = 'text' AND ${value} ${operator} ?)`;
    return { sql, values: [constant], exact: true, total: false };
  }
  if (typeof constant === 'number') {
    const slack = Math.abs(constant) * tolerance;
    if (operator === '=')
      return { sql: `${value} BETWEEN ? AND ?`, values: [constant - slack, constant + slack], exact: false, total: false };
    const bound = operator.startsWith('<') ? constant + slack : constant - slack;
    return { sql: `${value} ${operator}= ?`.replace('==', '='), values: [bound], exact: false, total: false };
  }
  return everything;
}
