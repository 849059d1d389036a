/**
 * A script bound: which relation each name in FROM means, what each SELECT gives, which step reads what. Reports
 * nothing: the checks look at the model that it builds.
 */
import type { ParseResult } from '../parser/parse.ts';
import type {
  Apply,
  DataType,
  DerivedSource,
  FromClause,
  MatchRecognize,
  NamedSource,
  Query,
  QueryExpression,
  QuerySpecification,
  SelectItem,
  SelectStatement,
  Source,
  Step,
} from '../syntax/nodes.ts';
import { ExpressionBinder } from './bind-expression.ts';
import { type BindingMemory, type BoundUnit, isSameRelation, type Reading } from './binding-memory.ts';
import type { JobDeclarations } from './declarations.ts';
import type { BoundOutput, BoundSource, BoundStep, InputUse, Model, Relation } from './model.ts';
import { outputName } from './output-name.ts';
import { resolvePath, type Scope, scopeOf } from './resolve-path.ts';
import { anyType, bigint, type Column, commonType, declaredType, isSameType, text, type ValueType } from './types.ts';

/** A script bound, and its units. */
export interface BoundScript {
  readonly model: Omit<Model, 'diagnostics'>;
  readonly units: readonly BoundUnit[];
}

/** Where a query expression stands. */
interface Surroundings {
  readonly step: Step | null;
  readonly mayHaveInto: boolean;
}

export function relation(parts: Omit<Relation, 'columnByName'>): Relation {
  return { ...parts, columnByName: new Map(parts.columns.map((column) => [column.name.toLowerCase(), column])) };
}

export class Binder {
  private readonly result: ParseResult;
  private readonly declarations: JobDeclarations;
  private readonly stepByName = new Map<string, BoundStep>();
  private readonly inputByName = new Map<string, Relation>();
  private readonly laterSteps = new Set<string>();
  private readonly tableColumns = new Map<string, readonly Column[]>();
  private readonly timedInputs = new Set<string>();
  private readonly steps: BoundStep[] = [];
  private readonly outputs: BoundOutput[] = [];
  private readonly units: BoundUnit[] = [];
  private readonly memory: BindingMemory | null;
  /** The unit that is being bound, and what stood in its place before. */
  private unit!: BoundUnit;
  private unitBefore: BoundUnit | null = null;

  constructor(result: ParseResult, declarations: JobDeclarations, memory: BindingMemory | null) {
    this.result = result;
    this.declarations = declarations;
    this.memory = memory;
  }

  bind(): BoundScript {
    this.memory?.begin(this.declarations);
    const { script, text: source } = this.result;
    for (const statement of script.statements) {
      if (statement.kind === 'createTable') {
        const columns = statement.columns.map((column) => ({ name: column.name.text, type: typeOf(column.type) }));
        this.tableColumns.set(statement.name.text.toLowerCase(), columns);
      } else if (statement.kind === 'query') {
        for (const step of statement.steps) {
          this.laterSteps.add(step.name.text.toLowerCase());
          this.findTimedInputs(step.body);
        }
        for (const select of statement.selects) this.findTimedInputs(select.body);
      }
    }
    for (const statement of script.statements) if (statement.kind === 'query') this.query(statement);
    const { declarations, units, steps, outputs } = this;
    this.memory?.end(units, this.inputByName);
    const readings = units.flatMap((unit) => unit.readings);
    const stepsRead = readings
      .filter(({ relation: read }) => read.kind === 'step')
      .map(({ node }) => node.name.text.toLowerCase());
    const model = {
      script,
      text: source,
      declarations,
      selects: units.flatMap((unit) => unit.selects),
      steps,
      unions: units.flatMap((unit) => unit.unions),
      outputs,
      inputUses: units.flatMap((unit) => unit.inputUses),
      relationOfSource: new Map(readings.map(({ node, relation: read }) => [node, read])),
      stepsRead: new Set(stepsRead),
    };
    return { model, units };
  }

  // ---- Units -----------------------------------------------------------------------------------------------------

  /** Binds a step or statement, or takes over what it was before. */
  private boundUnit(node: Step | SelectStatement, around: Surroundings): BoundUnit {
    const same = this.memory?.unitOf(node) ?? null;
    if (same?.readings.every((reading) => this.readsTheSame(reading, around)) === true) {
      this.units.push(same);
      return same;
    }
    const unit = emptyUnit(node);
    this.unit = unit;
    this.unitBefore = node.kind === 'step' ? (this.memory?.stepNamed(node.name.text) ?? null) : null;
    unit.result = this.queryExpression(node.body, around);
    if (node.kind === 'step') {
      const result = relation({ ...unit.result, name: node.name.text, kind: 'step' });
      const before = this.unitBefore?.result;
      unit.result = before !== undefined && isSameRelation(before, result) ? before : result;
    }
    this.units.push(unit);
    return unit;
  }

  private readsTheSame({ node, relation: before, trouble }: Reading, around: Surroundings): boolean {
    const now = this.relationNamed(node, around);
    return now.relation === before && now.trouble === trouble;
  }

  /** A column of the unit; the same object as before if its unit made the same one in its place. */
  private column(name: string, type: ValueType): Column {
    const { columns } = this.unit;
    const before = this.unitBefore?.columns[columns.length];
    const isSame = before?.name === name && isSameType(before.type, type);
    const column = before !== undefined && isSame ? before : { name, type };
    columns.push(column);
    return column;
  }

  /** Inputs with TIMESTAMP BY are streams, whatever else is known of them. */
  private findTimedInputs(query: QueryExpression): void {
    if (query.kind === 'union') {
      this.findTimedInputs(query.left);
      this.findTimedInputs(query.right);
    } else if (query.kind === 'parenthesizedQuery') this.findTimedInputs(query.query);
    else if (query.kind === 'stepReference') this.noteTime(query.source);
    else if (query.from !== null) {
      this.noteTime(query.from.source);
      for (const join of query.from.joins) if (join.kind === 'join') this.noteTime(join.source);
    }
  }

  private noteTime(source: Source): void {
    if (source.kind === 'derived') this.findTimedInputs(source.query);
    else if (source.timestampBy !== null) this.timedInputs.add(source.name.text.toLowerCase());
  }

  private query(query: Query): void {
    for (const step of query.steps) {
      const key = step.name.text.toLowerCase();
      const sameNameBefore = this.stepByName.has(key);
      const { result } = this.boundUnit(step, { step, mayHaveInto: false });
      this.laterSteps.delete(key);
      const bound: BoundStep = { node: step, relation: result, sameNameBefore };
      this.steps.push(bound);
      this.stepByName.set(key, bound);
    }
    for (const select of query.selects) {
      const { result } = this.boundUnit(select, { step: null, mayHaveInto: true });
      this.outputs.push({
        name: select.into?.text ?? 'output',
        node: select.into ?? select,
        implicit: select.into === null,
        body: select.body,
        result,
      });
    }
  }

  private queryExpression(query: QueryExpression, around: Surroundings): Relation {
    switch (query.kind) {
      case 'select':
        return this.select(query, around);
      case 'parenthesizedQuery':
        return this.queryExpression(query.query, around);
      case 'stepReference':
        return this.namedSource(query.source, around, null);
      case 'union': {
        const left = this.queryExpression(query.left, around);
        const right = this.queryExpression(query.right, { ...around, mayHaveInto: false });
        const result = this.unionOf(left, right);
        this.unit.unions.push({ node: query, left, right, result });
        return result;
      }
    }
  }

  // ---- FROM ------------------------------------------------------------------------------------------------------

  private sources(from: FromClause | null, around: Surroundings, select: QuerySpecification): BoundSource[] {
    if (from === null) return [];
    const sources = [this.source(from.source, around, select)];
    for (const join of from.joins) {
      if (join.kind === 'join') sources.push(this.source(join.source, around, select));
      else if (join.alias !== null) sources.push({ alias: join.alias.text, relation: this.applyRelation(join), node: join });
    }
    return sources;
  }

  private source(source: Source, around: Surroundings, select: QuerySpecification): BoundSource {
    if (source.kind === 'derived')
      return { alias: source.alias?.text ?? '', relation: this.derived(source, around), node: source };
    return { alias: (source.alias ?? source.name).text, relation: this.namedSource(source, around, select), node: source };
  }

  private derived(source: DerivedSource, around: Surroundings): Relation {
    const body = this.queryExpression(source.query, { ...around, mayHaveInto: false });
    return relation({ ...body, name: source.alias?.text ?? '', kind: 'derived' });
  }

  private namedSource(source: NamedSource, around: Surroundings, select: QuerySpecification | null): Relation {
    const reading = this.relationNamed(source, around);
    const { relation: found, trouble } = reading;
    this.unit.readings.push(reading);
    if (found.kind === 'input')
      this.unit.inputUses.push({
        name: source.name.text,
        node: source,
        relation: found,
        select,
        insideStep: around.step,
        trouble,
      });
    return found;
  }

  private relationNamed(source: NamedSource, around: Surroundings): Reading {
    const name = source.name.text;
    const key = name.toLowerCase();
    const step = this.stepByName.get(key);
    if (step !== undefined) return { node: source, relation: step.relation, trouble: null };
    const input = this.input(name);
    const declared = this.declarations.inputs?.some((candidate) => candidate.name.toLowerCase() === key) === true;
    let trouble: InputUse['trouble'] = null;
    if (!declared && name !== '') {
      if (around.step?.name.text.toLowerCase() === key) trouble = 'itself';
      else if (this.laterSteps.has(key)) trouble = 'later step';
      else if (this.declarations.inputs !== null) trouble = 'unknown';
    }
    return { node: source, relation: input, trouble };
  }

  private input(name: string): Relation {
    const key = name.toLowerCase();
    let input = this.inputByName.get(key);
    if (input !== undefined) return input;
    const declared = this.declarations.inputs?.find((candidate) => candidate.name.toLowerCase() === key);
    const table = this.tableColumns.get(key);
    const columns = table ?? declared?.columns ?? noColumns;
    const extent = table === undefined && declared !== undefined && declared.columns !== null ? 'sampled' : 'open';
    const stream = declared?.kind ?? (this.timedInputs.has(key) ? 'stream' : 'unknown');
    input = relation({ name, kind: 'input', columns, extent, stream, windowed: false });
    input = this.memory?.sameInput(key, input) ?? input;
    this.inputByName.set(key, input);
    return input;
  }

  // ---- SELECT ----------------------------------------------------------------------------------------------------

  private select(node: QuerySpecification, around: Surroundings): Relation {
    const read = this.sources(node.from, around, node);
    const match = node.from?.matchRecognize ?? null;
    const scope = scopeOf(read, null, match);
    const binder = new ExpressionBinder(scope);
    this.bindFrom(node.from, binder);
    const sources = match === null ? read : [...read, this.matchSource(match, binder)];
    const items = this.items(node, match === null ? scope : scopeOf(sources.slice(-1), null, null), binder);
    if (node.where !== null) binder.inScope(scope).condition(node.where, 'where');
    for (const item of node.groupBy?.items ?? []) {
      if (item.kind === 'window') for (const key of item.partitionBy) binder.value(key, 'groupBy');
      else if (item.kind !== 'windows') binder.value(item, 'groupBy');
    }
    if (node.having !== null) binder.inScope(scopeOf(read, aliasesOf(items), match)).condition(node.having, 'having');
    const result = resultOf(node, items, sources);
    const { types, resolutions, paths, calls, binaries, casts, mismatches } = binder;
    const { step, mayHaveInto } = around;
    this.unit.selects.push({
      node,
      step,
      mayHaveInto,
      sources,
      types,
      resolutions,
      paths,
      calls,
      binaries,
      casts,
      mismatches,
      result,
      items,
    });
    return result;
  }

  private bindFrom(from: FromClause | null, binder: ExpressionBinder): void {
    if (from === null) return;
    for (const source of [from.source, ...from.joins.flatMap((join) => (join.kind === 'join' ? [join.source] : []))]) {
      if (source.kind !== 'source') continue;
      if (source.timestampBy !== null) {
        binder.value(source.timestampBy.expression, 'timestampBy');
        for (const key of source.timestampBy.over) binder.value(key, 'timestampOver');
      }
      for (const key of source.partitionBy?.keys ?? []) binder.value(key, 'partitionBy');
    }
    for (const join of from.joins) {
      if (join.kind === 'apply') binder.value(join.call, 'apply');
      else if (join.on !== null) binder.condition(join.on, 'on');
    }
    const match = from.matchRecognize;
    if (match === null) return;
    for (const key of match.partitionBy) binder.value(key, 'partitionBy');
    for (const definition of match.definitions) binder.condition(definition.condition, 'define');
  }

  private items(
    node: QuerySpecification,
    scope: Scope,
    binder: ExpressionBinder,
  ): { node: SelectItem; columns: readonly Column[] }[] {
    binder.inScope(scope);
    return node.items.map((item, index) => {
      if (item.kind === 'star') return { node: item, columns: starColumns(item, scope) };
      const type = binder.value(item.expression, 'select');
      return { node: item, columns: [this.column(outputName(item, index + 1), type)] };
    });
  }

  private applyRelation(apply: Apply): Relation {
    const called = apply.call.name.text.toLowerCase();
    const isRecord = called === 'getrecordproperties';
    const columns = isRecord
      ? [this.column('PropertyName', text), this.column('PropertyValue', anyType)]
      : [this.column('ArrayIndex', bigint), this.column('ArrayValue', anyType)];
    return relation({
      name: apply.alias?.text ?? '',
      kind: 'apply',
      columns,
      extent: isRecord || called === 'getarrayelements' ? 'closed' : 'open',
      stream: 'unknown',
      windowed: false,
    });
  }

  private matchSource(match: MatchRecognize, binder: ExpressionBinder): BoundSource {
    const columns = match.measures.map((measure, index) =>
      this.column(outputName(measure, index + 1), binder.value(measure.expression, 'measures')),
    );
    const name = match.alias?.text ?? '';
    const matches = relation({ name, kind: 'match', columns, extent: 'open', stream: 'stream', windowed: false });
    return { alias: name, relation: matches, node: match };
  }

  private unionOf(left: Relation, right: Relation): Relation {
    const columns = left.columns.map(({ name, type }, index) =>
      this.column(name, commonType(type, right.columns[index]?.type ?? type)),
    );
    const extent = left.extent === 'closed' && right.extent === 'closed' ? 'closed' : 'open';
    const stream =
      left.stream === 'stream' || right.stream === 'stream' ? 'stream' : left.stream === right.stream ? left.stream : 'unknown';
    return relation({ name: '', kind: 'derived', columns, extent, stream, windowed: left.windowed || right.windowed });
  }
}

const noColumns: readonly Column[] = [];

function emptyUnit(node: Step | SelectStatement): BoundUnit {
  const result = relation({
    name: '',
    kind: 'derived',
    columns: noColumns,
    extent: 'closed',
    stream: 'unknown',
    windowed: false,
  });
  return { node, readings: [], selects: [], unions: [], inputUses: [], columns: [], result };
}

// ---- Parts of the model ------------------------------------------------------------------------------------------

function typeOf(type: DataType): ValueType {
  return declaredType(type.typeName, type.argument) ?? anyType;
}

function aliasesOf(
  items: readonly { readonly node: SelectItem; readonly columns: readonly Column[] }[],
): ReadonlyMap<string, ValueType> {
  const aliases = new Map<string, ValueType>();
  for (const { node, columns } of items)
    if (node.kind === 'item' && node.alias !== null && columns[0] !== undefined)
      aliases.set(columns[0].name.toLowerCase(), columns[0].type);
  return aliases;
}

function starColumns(item: Extract<SelectItem, { kind: 'star' }>, scope: Scope): readonly Column[] {
  if (item.qualifier === null)
    return scope.sources.flatMap((source) => (source.relation.kind === 'apply' ? [] : source.relation.columns));
  const resolution = resolvePath(item.qualifier, scope);
  if (resolution.kind === 'event') return resolution.source.relation.columns;
  return resolution.kind === 'column' ? (resolution.type.fields ?? []) : [];
}

/** Whether a star can bring columns that are not listed. */
function isOpenStar(item: SelectItem, sources: readonly BoundSource[]): boolean {
  if (item.kind !== 'star') return false;
  if (item.qualifier === null) return sources.some((source) => source.relation.extent !== 'closed');
  const scope = scopeOf(sources, null, null);
  const resolution = resolvePath(item.qualifier, scope);
  if (resolution.kind === 'event') return resolution.source.relation.extent !== 'closed';
  return resolution.kind !== 'column' || resolution.type.fields === undefined || resolution.type.open === true;
}

/** Columns of a SELECT; of two with one name the left one stays. */
function resultOf(
  node: QuerySpecification,
  items: readonly { readonly node: SelectItem; readonly columns: readonly Column[] }[],
  sources: readonly BoundSource[],
): Relation {
  const columns: Column[] = [];
  const names = new Set<string>();
  for (const item of items) {
    for (const column of item.columns) {
      const key = column.name.toLowerCase();
      if (item.node.kind === 'star' && names.has(key)) continue;
      names.add(key);
      columns.push(column);
    }
  }
  const open = items.some((item) => isOpenStar(item.node, sources));
  const grouped = node.groupBy !== null;
  return relation({
    name: '',
    kind: 'derived',
    columns,
    extent: open ? 'open' : 'closed',
    stream: streamOf(sources, grouped),
    windowed: grouped || sources.some((source) => source.relation.windowed),
  });
}

function streamOf(sources: readonly BoundSource[], grouped: boolean): Relation['stream'] {
  const read = sources.filter((source) => source.relation.kind !== 'apply');
  if (grouped || read.some((source) => source.relation.stream === 'stream')) return 'stream';
  if (read.length > 0 && read.every((source) => source.relation.stream === 'reference')) return 'reference';
  return 'unknown';
}
