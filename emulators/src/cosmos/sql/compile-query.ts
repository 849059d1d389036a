/**
 * A query's clauses to a program over documents: FROM and JOIN as loops, WHERE, GROUP BY, ORDER BY, DISTINCT, SELECT, TOP, OFFSET LIMIT.
 * It must not know where documents come from, or how rows are paged.
 */
import { badRequest, notSupported } from '../cosmos-error.ts';
import { canonicalText, type Json, type JsonObject, setMember } from '../json.ts';
import { type Accumulator, aggregates } from './aggregates.ts';
import { compileScalar, type Env, type Evaluate, parameterValue, type ScalarContext, type Scope } from './compile-scalar.ts';
import { partsOf, type Query, type Scalar, type Source } from './nodes.ts';
import { compare, type Value } from './values.ts';

export type CompiledQuery = {
  /** Whether each document's rows depend on it alone: no order, groups, aggregates or DISTINCT. */
  streaming: boolean;
  offset: number;
  limit: number;
  /** The rows that one document gives, without OFFSET and LIMIT. For streaming queries only. */
  rowsOf(document: Json): Json[];
  /** All rows over all documents, OFFSET and LIMIT applied. */
  run(documents: Iterable<Json>): Json[];
};

/** Sets slots for each combination of the sources and calls back. */
type Bind = (env: Env, found: () => void) => void;

const documentSlot = 0;

export function compileQuery(query: Query, parameters: ReadonlyMap<string, Json>, nowMs = 0): CompiledQuery {
  return new Compiler(parameters, nowMs).outermost(query);
}

class Compiler {
  readonly #context: ScalarContext;
  #slots = 1;

  constructor(parameters: ReadonlyMap<string, Json>, nowMs: number) {
    this.#context = { parameters, functions: { nowMs }, subquery: (query, scope) => this.#subquery(query, scope) };
  }

  outermost(query: Query): CompiledQuery {
    const program = this.#program(query, new Map(), true);
    const envOf = (document: Json): Env => [document];
    return {
      streaming: program.streaming,
      offset: program.offset,
      limit: program.limit,
      rowsOf: (document) => {
        const rows = program.start();
        rows.take(envOf(document));
        return rows.finish();
      },
      run: (documents) => {
        const rows = program.start();
        if (query.from.length === 0) rows.take([]);
        else for (const document of documents) rows.take(envOf(document));
        return rows.finish().slice(program.offset, program.offset + program.limit);
      },
    };
  }

  #subquery(query: Query, scope: Scope): (env: Env) => Json[] {
    const program = this.#program(query, scope, false);
    return (env) => {
      const rows = program.start();
      rows.take(env);
      return rows.finish().slice(program.offset, program.offset + program.limit);
    };
  }

  #program(query: Query, outer: Scope, outermost: boolean) {
    if (query.groupBy.length > 0 && query.orderBy.length > 0)
      throw notSupported('ORDER BY together with GROUP BY (as in the service)');
    if (query.select.kind === 'star' && query.from.length !== 1)
      throw badRequest("'SELECT *' is only valid with a single input set.");
    const scope = new Map(outer);
    const aliases = query.from.map(({ alias }) => alias).filter((alias) => alias !== '');
    const repeated = aliases.find((alias, index) => aliases.indexOf(alias) !== index);
    if (repeated !== undefined) throw badRequest(`The input alias '${repeated}' is declared twice in the FROM clause.`);
    const binds = query.from.map((source, index) => this.#source(source, scope, outermost && index === 0));
    const where = query.where === undefined ? undefined : compileScalar(query.where, scope, this.#context);
    const grouped = query.groupBy.length > 0 || selectedScalars(query).some(hasAggregate);
    const collector = grouped ? this.#grouping(query, scope) : this.#projection(query, scope);
    const each = binds.reduceRight<(env: Env, found: () => void) => void>(
      (inner, bind) => (env, found) => bind(env, () => inner(env, found)),
      (_, found) => found(),
    );
    const [offset, limit] = this.#range(query);
    return {
      streaming: !grouped && !query.distinct && query.orderBy.length === 0 && query.from.length > 0,
      offset,
      limit,
      start: () => {
        const rows = collector();
        const take = (env: Env): void =>
          each(env, () => (where === undefined || where(env) === true ? rows.add(env) : undefined));
        return { take, finish: rows.finish };
      },
    };
  }

  /** Compiles a source and brings its alias into scope. */
  #source(source: Source, scope: Map<string, number>, fromContainer: boolean): Bind {
    const slot = this.#slots++;
    const bind =
      source.kind === 'path'
        ? this.#pathSource(source.path, source.each, slot, scope, fromContainer)
        : this.#querySource(source, slot, scope);
    if (source.alias !== '') scope.set(source.alias, slot);
    return bind;
  }

  #pathSource(path: Scalar, each: boolean, slot: number, scope: Scope, fromContainer: boolean): Bind {
    const root = rootOf(path);
    if (root === undefined) throw badRequest('A source in FROM must be a path or a query.');
    const known = fromContainer ? new Map([[root, documentSlot]]) : scope;
    const value = compileScalar(path, known, this.#context);
    if (!each) {
      return (env, found) => {
        env[slot] = value(env);
        if (env[slot] !== undefined) found();
      };
    }
    return (env, found) => {
      const items = value(env);
      if (!Array.isArray(items)) return;
      for (const item of items) {
        env[slot] = item;
        found();
      }
    };
  }

  #querySource({ query, each }: { query: Query; each: boolean }, slot: number, scope: Scope): Bind {
    const rows = this.#subquery(query, new Map(scope));
    return (env, found) => {
      for (const row of rows(env)) {
        for (const item of each ? (Array.isArray(row) ? row : []) : [row]) {
          env[slot] = item;
          found();
        }
      }
    };
  }

  /** Rows one by one: DISTINCT and ORDER BY, then the selected values. */
  #projection(query: Query, scope: Scope) {
    const select = this.#select(query, scope, this.#context);
    const keys = query.orderBy.map(({ value }) => compileScalar(value, scope, this.#context));
    const directions = query.orderBy.map(({ descending }) => (descending ? -1 : 1));
    return () => {
      const rows: { keys: Value[]; row: Json }[] = [];
      return {
        add: (env: Env): void => {
          const row = select(env);
          if (row !== undefined) rows.push({ keys: keys.map((key) => key(env)), row });
        },
        finish: (): Json[] => {
          if (directions.length > 0) rows.sort((left, right) => compareKeys(left.keys, right.keys, directions));
          return distinctIf(
            query.distinct,
            rows.map(({ row }) => row),
          );
        },
      };
    };
  }

  /** Rows into groups, one row from each; without GROUP BY there is one group, even of nothing. */
  #grouping(query: Query, scope: Scope) {
    if (query.select.kind === 'star') throw badRequest("'SELECT *' is not valid with GROUP BY.");
    const keys = query.groupBy.map((key) => compileScalar(key, scope, this.#context));
    const keySlots = new Map(query.groupBy.map((key) => [JSON.stringify(key), this.#slots++]));
    const folds: { make: () => Accumulator; argument: Evaluate; slot: number }[] = [];
    const override = (node: Scalar, at: Scope): Evaluate | undefined => {
      const slot = keySlots.get(JSON.stringify(node));
      if (slot !== undefined) return (env) => env[slot];
      if (isAggregate(node)) {
        const fold = this.#fold(node, scope);
        folds.push(fold);
        return (env) => env[fold.slot];
      }
      if (node.kind === 'alias' && at.has(node.name)) {
        throw badRequest(
          `'${node.name}' is invalid in the select list because it is not contained in either an aggregate function or the GROUP BY clause.`,
        );
      }
      if (node.kind === 'subquery') throw notSupported('A subquery in the SELECT clause of an aggregating query');
      return undefined;
    };
    const select = this.#select(query, scope, { ...this.#context, override });
    if (query.orderBy.length > 0) throw notSupported('ORDER BY in an aggregating query');
    const slots = [...keySlots.values()];
    const newGroup = (values: Value[]) => ({ values, accumulators: folds.map(({ make }) => make()) });
    return () => {
      const groups = new Map<string, ReturnType<typeof newGroup>>();
      if (keys.length === 0) groups.set('', newGroup([]));
      return {
        add: (env: Env): void => {
          const values = keys.map((key) => key(env));
          const text = values.map(canonicalText).join();
          let group = groups.get(text);
          if (group === undefined) {
            group = newGroup(values);
            groups.set(text, group);
          }
          for (const [index, { argument }] of folds.entries()) group.accumulators[index]?.add(argument(env));
        },
        finish: (): Json[] => {
          const rows: Json[] = [];
          for (const { values, accumulators } of groups.values()) {
            const env: Env = [];
            for (const [index, slot] of slots.entries()) env[slot] = values[index];
            for (const [index, { slot }] of folds.entries()) env[slot] = accumulators[index]?.result();
            const row = select(env);
            if (row !== undefined) rows.push(row);
          }
          return distinctIf(query.distinct, rows);
        },
      };
    };
  }

  #fold({ name, args }: { name: string; args: Scalar[] }, scope: Scope) {
    const [argument, ...more] = args;
    if (argument === undefined || more.length > 0) throw badRequest(`The aggregate '${name}' takes one argument.`);
    if (hasAggregate(argument)) throw badRequest(`The aggregate '${name}' cannot hold another aggregate.`);
    const make = aggregates[name] as () => Accumulator;
    return { make, argument: compileScalar(argument, scope, this.#context), slot: this.#slots++ };
  }

  #select(query: Query, scope: Scope, context: ScalarContext): Evaluate {
    const { select } = query;
    if (select.kind === 'star') {
      const slot = scope.get(query.from[0]?.alias ?? '');
      if (slot === undefined) throw badRequest("'SELECT *' needs a source with a name.");
      return (env) => env[slot];
    }
    if (select.kind === 'value') return compileScalar(select.value, scope, context);
    let unnamed = 0;
    const items = select.items.map(({ name, value }) => ({
      name: name ?? `$${++unnamed}`,
      value: compileScalar(value, scope, context),
    }));
    const names = items.map(({ name }) => name);
    const repeated = names.find((name, index) => names.indexOf(name) !== index);
    if (repeated !== undefined) throw badRequest(`The property name '${repeated}' is selected twice; give it an alias by AS.`);
    return (env) => {
      const row: JsonObject = {};
      for (const { name, value } of items) {
        const member = value(env);
        if (member !== undefined) setMember(row, name, member);
      }
      return row;
    };
  }

  #range({ top, offset, limit }: Query): [offset: number, limit: number] {
    if (top !== undefined && limit !== undefined) throw badRequest("'TOP' cannot be used together with 'OFFSET LIMIT'.");
    const count = (node: Scalar | undefined, otherwise: number, clause: string): number => {
      if (node === undefined) return otherwise;
      const value =
        node.kind === 'parameter'
          ? parameterValue(node.name, this.#context.parameters)
          : node.kind === 'literal'
            ? node.value
            : undefined;
      if (!Number.isInteger(value) || (value as number) < 0) throw badRequest(`${clause} takes a number of rows or a parameter.`);
      return value as number;
    };
    return [count(offset, 0, 'OFFSET'), count(top ?? limit, Number.POSITIVE_INFINITY, top === undefined ? 'LIMIT' : 'TOP')];
  }
}

function rootOf(path: Scalar): string | undefined {
  if (path.kind === 'alias') return path.name;
  return path.kind === 'member' ? rootOf(path.of) : undefined;
}

function selectedScalars({ select }: Query): Scalar[] {
  if (select.kind === 'star') return [];
  return select.kind === 'value' ? [select.value] : select.items.map(({ value }) => value);
}

function isAggregate(node: Scalar): node is Extract<Scalar, { kind: 'call' }> {
  return node.kind === 'call' && Object.hasOwn(aggregates, node.name);
}

function hasAggregate(node: Scalar): boolean {
  return isAggregate(node) || partsOf(node).some(hasAggregate);
}

export function compareKeys(left: readonly Value[], right: readonly Value[], directions: readonly number[]): number {
  for (const [index, direction] of directions.entries()) {
    const order = compare(left[index], right[index]);
    if (order !== 0) return order * direction;
  }
  return 0;
}

function distinctIf(distinct: boolean, rows: Json[]): Json[] {
  if (!distinct) return rows;
  const seen = new Map<string, Json>();
  for (const row of rows) {
    const text = canonicalText(row);
    if (!seen.has(text)) seen.set(text, row);
  }
  return [...seen.values()];
}
