/**
 * Every name of a script with what it stands for: definitions and the places that read them. Definition, references,
 * rename, hover and colours all look here, so that they agree. Knows no feature.
 */
import { bare } from '../semantics/expression-key.ts';
import type { FunctionSpec } from '../semantics/functions/function-spec.ts';
import type { BoundCall, BoundSelect, BoundSource, BoundStep, Model, Relation } from '../semantics/model.ts';
import { resolvePath, scopeOf } from '../semantics/resolve-path.ts';
import type { Column, ValueType } from '../semantics/types.ts';
import { anyType } from '../semantics/types.ts';
import type { Expression, ExpressionItem, Name, NamedSource, Path } from '../syntax/nodes.ts';
import { walk } from '../syntax/walk.ts';
import type { Span } from '../text/span.ts';

/** What a name can stand for. Two names stand for the same thing when they have the same object. */
export type Entity =
  | { readonly kind: 'input'; readonly name: string; readonly relation: Relation | null }
  | { readonly kind: 'step'; readonly name: string; readonly step: BoundStep }
  | { readonly kind: 'output'; readonly name: string }
  | { readonly kind: 'alias'; readonly name: string; readonly source: BoundSource }
  /** A column or field; `owner` is the relation that it is read from first. */
  | { readonly kind: 'column'; readonly name: string; readonly type: ValueType; readonly owner: Relation | null }
  | { readonly kind: 'field'; readonly name: string; readonly type: ValueType }
  | { readonly kind: 'function'; readonly name: string; readonly spec: FunctionSpec | null; readonly form: BoundCall['form'] }
  | { readonly kind: 'patternVariable'; readonly name: string };

export interface Occurrence {
  readonly entity: Entity;
  readonly span: Span;
  readonly role: 'definition' | 'reference';
  /** The name as written; null where an expression without an alias defines a column. */
  readonly name: Name | null;
  /** The SELECT item without an alias whose column is called by this name. */
  readonly namesItem: ExpressionItem | null;
}

export class Occurrences {
  /** In the order of the text. */
  readonly all: readonly Occurrence[];
  private readonly byEntity = new Map<Entity, Occurrence[]>();

  constructor(all: readonly Occurrence[]) {
    this.all = [...all].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
    for (const occurrence of this.all) {
      const list = this.byEntity.get(occurrence.entity);
      if (list === undefined) this.byEntity.set(occurrence.entity, [occurrence]);
      else list.push(occurrence);
    }
  }

  of(entity: Entity): readonly Occurrence[] {
    return this.byEntity.get(entity) ?? [];
  }

  /** Those that touch a place. What is read comes before what an item without an alias defines. */
  at(offset: number): readonly Occurrence[] {
    const touching = this.all.filter(({ span }) => span.start <= offset && offset <= span.end);
    const weight = (one: Occurrence): number =>
      (one.name === null || isImplicit(one) ? 1 : 0) + (one.span.end === offset ? 0.5 : 0);
    return touching.sort((a, b) => weight(a) - weight(b));
  }
}

/** The definition of a column by an item without an alias, as in `SELECT deviceId`. */
export function isImplicit(occurrence: Occurrence): boolean {
  return occurrence.role === 'definition' && occurrence.namesItem !== null;
}

export function occurrencesIn(model: Model): Occurrences {
  return new Occurrences(new Collector(model).collect());
}

class Collector {
  private readonly model: Model;
  private readonly found: Occurrence[] = [];
  private readonly stepByRelation = new Map<Relation, BoundStep>();
  private readonly entities = new Map<string, Entity>();
  private readonly stepEntities = new Map<BoundStep, Entity>();
  private readonly aliasEntities = new Map<BoundSource, Entity>();
  private readonly columnEntities = new Map<Column, Entity>();
  private readonly sameColumn = new Map<Column, Column>();
  private readonly relationIds = new Map<Relation, number>();
  /** Items without an alias, by the expression that they are the whole of. */
  private readonly itemOf = new Map<Expression, ExpressionItem>();

  constructor(model: Model) {
    this.model = model;
  }

  collect(): readonly Occurrence[] {
    this.joinColumnsOfUnions();
    // Who is asked first owns a column that others pass on.
    for (const { relation } of this.model.inputUses) this.ownColumns(relation);
    for (const { relation } of this.model.steps) this.ownColumns(relation);
    for (const step of this.model.steps) {
      this.stepByRelation.set(step.relation, step);
      this.add(this.stepEntity(step), step.node.name, 'definition');
    }
    this.tables();
    for (const source of this.model.relationOfSource.keys()) this.add(this.sourceEntity(source), source.name, 'reference');
    for (const select of this.model.selects) this.select(select);
    return this.found;
  }

  private add(
    entity: Entity,
    name: Name | undefined | null,
    role: Occurrence['role'],
    namesItem: ExpressionItem | undefined = undefined,
  ): void {
    if (name != null && name.text !== '') this.found.push({ entity, span: name.span, role, name, namesItem: namesItem ?? null });
  }

  // ---- Entities --------------------------------------------------------------------------------------------------

  private interned(key: string, make: () => Entity): Entity {
    let entity = this.entities.get(key);
    if (entity === undefined) {
      entity = make();
      this.entities.set(key, entity);
    }
    return entity;
  }

  private stepEntity(step: BoundStep): Entity {
    let entity = this.stepEntities.get(step);
    if (entity === undefined) {
      entity = { kind: 'step', name: step.node.name.text, step };
      this.stepEntities.set(step, entity);
    }
    return entity;
  }

  private sourceEntity(source: NamedSource): Entity {
    const relation = this.model.relationOfSource.get(source) ?? null;
    const step = relation === null ? undefined : this.stepByRelation.get(relation);
    return step === undefined ? this.inputEntity(source.name.text, relation) : this.stepEntity(step);
  }

  private inputEntity(name: string, relation: Relation | null): Entity {
    return this.interned(`input ${name.toLowerCase()}`, () => ({ kind: 'input', name, relation }));
  }

  private aliasEntity(source: BoundSource): Entity {
    if (source.node.kind === 'source' && source.node.alias === null) return this.sourceEntity(source.node);
    let entity = this.aliasEntities.get(source);
    if (entity === undefined) {
      entity = { kind: 'alias', name: source.alias, source };
      this.aliasEntities.set(source, entity);
    }
    return entity;
  }

  private rootOf(column: Column): Column {
    let root = column;
    for (let next = this.sameColumn.get(root); next !== undefined; next = this.sameColumn.get(root)) root = next;
    return root;
  }

  private columnEntity(column: Column, owner: Relation | null): Entity {
    const root = this.rootOf(column);
    let entity = this.columnEntities.get(root);
    if (entity === undefined) {
      entity = { kind: 'column', name: root.name, type: root.type, owner };
      this.columnEntities.set(root, entity);
    }
    return entity;
  }

  private ownColumns(relation: Relation): void {
    for (const column of relation.columns) this.columnEntity(column, relation);
  }

  /** A field that nothing declares: known by the relation that it is read from. */
  private fieldEntity(relation: Relation, path: readonly string[], type: ValueType): Entity {
    let id = this.relationIds.get(relation);
    if (id === undefined) {
      id = this.relationIds.size;
      this.relationIds.set(relation, id);
    }
    const name = path.at(-1) ?? '';
    return this.interned(`field ${id} ${path.join('.').toLowerCase()}`, () => ({ kind: 'field', name, type }));
  }

  /** A column of a UNION and those of its branches are one thing, as long as they share a name. */
  private joinColumnsOfUnions(): void {
    for (const { left, right, result } of this.model.unions) {
      const byPosition = left.extent === 'closed' && right.extent === 'closed';
      for (const [index, column] of result.columns.entries()) {
        this.join(column, left.columns[index]);
        this.join(column, byPosition ? right.columns[index] : right.columnByName.get(column.name.toLowerCase()));
      }
    }
  }

  private join(a: Column, b: Column | undefined): void {
    if (b === undefined || a.name.toLowerCase() !== b.name.toLowerCase()) return;
    const root = this.rootOf(b);
    const other = this.rootOf(a);
    if (root !== other) this.sameColumn.set(other, root);
  }

  // ---- Script ----------------------------------------------------------------------------------------------------

  private tables(): void {
    const inputs = new Map<string, Relation>();
    for (const { name, relation } of this.model.inputUses) inputs.set(name.toLowerCase(), relation);
    for (const statement of this.model.script.statements) {
      if (statement.kind !== 'createTable') continue;
      const relation = inputs.get(statement.name.text.toLowerCase()) ?? null;
      this.add(this.inputEntity(statement.name.text, relation), statement.name, 'definition');
      for (const { name } of statement.columns) {
        const column = relation?.columnByName.get(name.text.toLowerCase());
        if (column !== undefined) this.add(this.columnEntity(column, relation), name, 'definition');
      }
    }
  }

  private select(select: BoundSelect): void {
    const { into, from } = select.node;
    if (into !== null) this.add(this.outputEntity(into.text), into, 'reference');
    for (const source of select.sources) {
      const { node } = source;
      if (node.alias !== null) this.add(this.aliasEntity(source), node.alias, 'definition');
    }
    const match = from?.matchRecognize ?? null;
    if (match !== null) this.pattern(select);
    this.items(select);
    for (const call of select.calls) this.call(call);
    for (const bound of select.paths) this.path(bound.node, select, bound.place === 'having');
    for (const expression of select.types.keys()) {
      if (expression.kind !== 'member') continue;
      const field = fieldIn(select.types.get(expression.object), expression.name);
      if (field !== null) this.add(this.columnEntity(field, null), expression.name, 'reference', this.itemOf.get(expression));
    }
  }

  private outputEntity(name: string): Entity {
    return this.interned(`output ${name.toLowerCase()}`, () => ({ kind: 'output', name }));
  }

  private call({ spec, form, node }: BoundCall): void {
    const { name } = node;
    const full = node.prefix === null ? name.text : `${node.prefix}.${name.text}`;
    this.add(
      this.interned(`function ${spec?.family ?? form} ${full.toLowerCase()}`, () => ({
        kind: 'function',
        name: spec?.name ?? full,
        spec,
        form,
      })),
      name,
      'reference',
    );
  }

  private items(select: BoundSelect): void {
    for (const { node, columns } of select.items) {
      if (node.kind === 'star') {
        if (node.qualifier !== null) this.qualifier(node.qualifier, select);
        continue;
      }
      const [column] = columns;
      if (column === undefined) continue;
      const entity = this.columnEntity(column, select.result);
      if (node.alias === null) this.itemOf.set(bare(node.expression), node);
      if (node.alias !== null) this.add(entity, node.alias, 'definition');
      else if (node.expression.kind !== 'error') {
        const name = lastName(node);
        this.found.push({ entity, span: name?.span ?? node.span, role: 'definition', name, namesItem: node });
      }
    }
  }

  /** `alias.*` and `record.*`: the binder resolves them without keeping the path. */
  private qualifier(path: Path, select: BoundSelect): void {
    const resolution = resolvePath(path, scopeOf(select.sources, null, null));
    if (resolution.kind === 'event') this.add(this.aliasEntity(resolution.source), path.parts[0], 'reference');
    else if (resolution.kind === 'column') this.columnPath(path, select, resolution.source.relation, resolution.column);
  }

  private pattern(select: BoundSelect): void {
    const match = select.node.from?.matchRecognize;
    if (match == null) return;
    const entity = (name: Name): Entity =>
      this.interned(`pattern ${match.span.start} ${name.text.toLowerCase()}`, () => ({
        kind: 'patternVariable',
        name: name.text,
      }));
    for (const { name } of match.definitions) this.add(entity(name), name, 'definition');
    if (match.pattern !== null) {
      walk(match.pattern, (node) => {
        if (node.kind === 'patternVariable') this.add(entity(node.name), node.name, 'reference');
        return true;
      });
    }
    for (const { node, resolution } of select.paths)
      if (resolution.kind === 'pattern' && node.parts[0] !== undefined)
        this.add(entity(node.parts[0]), node.parts[0], 'reference');
    const index = select.items.length;
    for (const [at, measure] of match.measures.entries()) {
      const column = select.sources.at(-1)?.relation.columns[at];
      if (column !== undefined && index > 0 && measure.alias !== null)
        this.add(this.columnEntity(column, select.result), measure.alias, 'definition');
    }
  }

  // ---- Paths -----------------------------------------------------------------------------------------------------

  private path(path: Path, select: BoundSelect, inHaving: boolean): void {
    const resolution = select.resolutions.get(path);
    const [first] = path.parts;
    if (first === undefined || resolution === undefined) return;
    switch (resolution.kind) {
      case 'event':
        this.add(this.aliasEntity(resolution.source), first, 'reference', this.itemOf.get(path));
        return;
      case 'alias':
        this.aliasInHaving(path, select);
        return;
      case 'column':
        if (resolution.column === null && inHaving && this.aliasInHaving(path, select)) return;
        this.columnPath(path, select, resolution.source.relation, resolution.column);
        return;
      case 'missing':
        if (resolution.source !== null && resolution.name !== first)
          this.add(this.aliasEntity(resolution.source), first, 'reference');
        return;
      case 'missingField':
        this.missingField(path, select);
        return;
      default:
    }
  }

  private missingField(path: Path, select: BoundSelect): void {
    const qualified = select.sources.find((source) => sameName(source.alias, path.parts[0]));
    const name = path.parts[qualified === undefined ? 0 : 1];
    const candidates = qualified === undefined ? select.sources : [qualified];
    for (const { relation } of candidates) {
      const column = name === undefined ? undefined : relation.columnByName.get(name.text.toLowerCase());
      if (column === undefined) continue;
      this.columnPath(path, select, relation, column);
      return;
    }
  }

  /** HAVING may use an alias of its own SELECT. */
  private aliasInHaving(path: Path, select: BoundSelect): boolean {
    const [first] = path.parts;
    const item = select.items.find(({ node }) => node.kind === 'item' && node.alias !== null && sameName(node.alias.text, first));
    const column = item?.columns[0];
    if (column === undefined) return false;
    this.add(this.columnEntity(column, select.result), first, 'reference');
    return true;
  }

  private columnPath(path: Path, select: BoundSelect, relation: Relation, column: Column | null): void {
    const { parts } = path;
    const aliased = select.sources.find((source) => source.relation === relation && sameName(source.alias, parts[0]));
    const qualified = aliased !== undefined && parts.length > 1;
    if (qualified) this.add(this.aliasEntity(aliased), parts[0], 'reference');
    const names = qualified ? parts.slice(1) : parts;
    let type: ValueType = anyType;
    const walked: string[] = [];
    for (const [index, name] of names.entries()) {
      const declared: Column | null = index === 0 ? column : fieldIn(type, name);
      type = declared?.type ?? anyType;
      walked.push(name.text);
      const entity = declared === null ? this.fieldEntity(relation, walked, type) : this.columnEntity(declared, relation);
      this.add(entity, name, 'reference', index === names.length - 1 ? this.itemOf.get(path) : undefined);
    }
  }
}

function sameName(text: string, name: Name | undefined): boolean {
  return name !== undefined && name.quoting !== 'string' && text.toLowerCase() === name.text.toLowerCase();
}

function fieldIn(type: ValueType | undefined, name: Name): Column | null {
  const key = name.text.toLowerCase();
  return type?.fields?.find((field) => field.name.toLowerCase() === key) ?? null;
}

/** The name that a column without an alias gets from its expression. */
function lastName(item: ExpressionItem): Name | null {
  const expression = bare(item.expression);
  if (expression.kind === 'path') return expression.parts.at(-1) ?? null;
  return expression.kind === 'member' ? expression.name : null;
}
