/** What a dotted name stands for among the sources of a SELECT. Knows no expressions around it. */
import type { MatchRecognize, Name, Path } from '../syntax/nodes.ts';
import type { BoundSource, Resolution } from './model.ts';
import { anyType, type Column, type ValueType } from './types.ts';

/** Columns that the service adds to events of streams. */
const metadataColumns = new Set([
  'eventprocessedutctime',
  'eventenqueuedutctime',
  'partitionid',
  'bloblastmodifiedutctime',
  'blobname',
  'iothub',
  'eventhub',
  'user',
]);

/** A scope: the sources by alias, and names that are known besides. */
export interface Scope {
  readonly sources: readonly BoundSource[];
  readonly sourceByAlias: ReadonlyMap<string, BoundSource>;
  /** Aliases of the SELECT list, which HAVING may use. */
  readonly aliases: ReadonlyMap<string, ValueType> | null;
  readonly patternNames: ReadonlySet<string> | null;
}

export function scopeOf(sources: readonly BoundSource[], aliases: Scope['aliases'], match: MatchRecognize | null): Scope {
  const sourceByAlias = new Map<string, BoundSource>();
  for (const source of sources) {
    const key = source.alias.toLowerCase();
    if (!sourceByAlias.has(key)) sourceByAlias.set(key, source);
  }
  const patternNames = match === null ? null : new Set(match.definitions.map((definition) => definition.name.text.toLowerCase()));
  return { sources, sourceByAlias, aliases, patternNames };
}

export function resolvePath(path: Path, scope: Scope): Resolution {
  const first = path.parts[0];
  if (first === undefined) return { kind: 'pattern' };
  const rest = path.parts.length === 1 ? noFields : path.parts.slice(1);
  const name = first.text.toLowerCase();
  if (scope.patternNames?.has(name) === true) return { kind: 'pattern' };
  const aliased = first.quoting === 'string' ? undefined : scope.sourceByAlias.get(name);
  const found = sourcesWith(name, scope.sources);
  if (aliased !== undefined) {
    if (rest.length === 0)
      return found.length === 1 && found[0] !== aliased ? columnOf(found[0]!, first, rest) : { kind: 'event', source: aliased };
    return columnOf(aliased, rest[0]!, rest.slice(1));
  }
  if (found.length === 1) return columnOf(found[0]!, first, rest);
  const alias = scope.aliases?.get(name);
  if (alias !== undefined && found.length === 0) return { kind: 'alias', type: fieldType(alias, rest) };
  if (found.length > 1) return { kind: 'ambiguous', sources: found };
  const hidden = rest.length > 0 ? scope.sources.find((source) => hiddenName(source) === name) : undefined;
  if (hidden !== undefined) return { kind: 'hidden', source: hidden };
  const open = scope.sources.filter((source) => source.relation.extent !== 'closed');
  const sampled = open.length > 0 && open.every((source) => source.relation.extent === 'sampled');
  if (sampled && !metadataColumns.has(name)) return { kind: 'missing', source: open.length === 1 ? open[0]! : null, name: first };
  if (open.length > 0) return { kind: 'column', source: open[0]!, column: null, fields: rest, type: anyType };
  return { kind: 'missing', source: null, name: first };
}

const noFields: readonly Name[] = [];
const noSources: readonly BoundSource[] = [];

/** The sources that surely have a column. Most SELECTs read one source, so that case makes no list of its own. */
function sourcesWith(name: string, sources: readonly BoundSource[]): readonly BoundSource[] {
  if (sources.length === 1) return sources[0]!.relation.columnByName.has(name) ? sources : noSources;
  return sources.filter((source) => source.relation.columnByName.has(name));
}

/** The name of an input that an alias hides. */
function hiddenName(source: BoundSource): string | null {
  return source.node.kind === 'source' && source.node.alias !== null ? source.node.name.text.toLowerCase() : null;
}

function columnOf(source: BoundSource, name: Name, fields: readonly Name[]): Resolution {
  const key = name.text.toLowerCase();
  const column = source.relation.columnByName.get(key);
  if (column === undefined) {
    const known = source.relation.extent === 'open' || (source.relation.kind === 'input' && metadataColumns.has(key));
    return known ? { kind: 'column', source, column: null, fields, type: anyType } : { kind: 'missing', source, name };
  }
  let type = column.type;
  for (const field of fields) {
    const inner = fieldOf(type, field);
    if (inner === null) return { kind: 'missingField', name: field, type };
    type = inner;
  }
  return { kind: 'column', source, column, fields, type };
}

/** Type of a field, `any` where the record does not say, null where it has none of that name. */
export function fieldOf(type: ValueType, field: Name): ValueType | null {
  if (type.fields === undefined) return anyType;
  const key = field.text.toLowerCase();
  const found: Column | undefined = type.fields.find((column) => column.name.toLowerCase() === key);
  return found?.type ?? (type.open === true ? anyType : null);
}

function fieldType(type: ValueType, fields: readonly Name[]): ValueType {
  return fields.reduce<ValueType>((outer, field) => fieldOf(outer, field) ?? anyType, type);
}
