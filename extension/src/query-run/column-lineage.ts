/** Which columns each column is made from, step by step back to the fields of the inputs. Knows no rows and no picture. */
import {
  type BoundSelect,
  type BoundSource,
  type Expression,
  type Model,
  type QueryExpression,
  type Snapshot,
  walk,
} from '@asaql/parser';

export interface ColumnOrigin {
  /** A node of the step graph, such as `step:totals` or `input:clicks`. */
  readonly node: string;
  readonly column: string;
}

/** By node, then by column, in lower case. */
export type ColumnLineage = ReadonlyMap<string, ReadonlyMap<string, readonly ColumnOrigin[]>>;

export function columnLineage({ model }: Snapshot): ColumnLineage {
  const lineage = new Map<string, ReadonlyMap<string, readonly ColumnOrigin[]>>();
  for (const { node } of model.steps) lineage.set(nodeId('step', node.name.text), originsOf(model, node.body));
  for (const { name, body } of model.outputs) {
    const id = nodeId('output', name);
    lineage.set(id, merged(lineage.get(id), originsOf(model, body)));
  }
  return lineage;
}

/** The fields of inputs that a column is made from. */
export function fieldsOf(
  lineage: ColumnLineage,
  node: string,
  column: string,
  seen = new Set<string>(),
): readonly ColumnOrigin[] {
  const key = `${node} ${column.toLowerCase()}`;
  if (seen.has(key)) return [];
  seen.add(key);
  const columns = lineage.get(node);
  if (columns === undefined) return [{ node, column }];
  const origins = columns.get(column.toLowerCase()) ?? columns.get('*')?.map((origin) => ({ ...origin, column })) ?? [];
  return origins.flatMap((origin) => fieldsOf(lineage, origin.node, origin.column, seen));
}

export function nodeId(kind: 'input' | 'step' | 'output', name: string): string {
  return `${kind}:${name.toLowerCase()}`;
}

type Origins = ReadonlyMap<string, readonly ColumnOrigin[]>;

function originsOf(model: Model, body: QueryExpression): Origins {
  let found: Origins = new Map();
  for (const select of selectsOf(model, body)) found = merged(found, selectOrigins(model, select));
  return found;
}

function merged(one: Origins | undefined, other: Origins): Origins {
  const result = new Map(one);
  for (const [column, origins] of other) {
    const all = [...(result.get(column) ?? []), ...origins];
    result.set(
      column,
      all.filter(
        (each, index) => all.findIndex(({ node, column: name }) => node === each.node && name === each.column) === index,
      ),
    );
  }
  return result;
}

/** The SELECTs whose columns a query has: several for a UNION. */
function selectsOf(model: Model, body: QueryExpression): readonly BoundSelect[] {
  if (body.kind === 'union') return [...selectsOf(model, body.left), ...selectsOf(model, body.right)];
  if (body.kind === 'parenthesizedQuery') return selectsOf(model, body.query);
  return model.selects.filter(({ node }) => node === body);
}

function selectOrigins(model: Model, select: BoundSelect): Origins {
  const result = new Map<string, readonly ColumnOrigin[]>();
  for (const { node, columns } of select.items) {
    if (node.kind === 'item') {
      const origins = expressionOrigins(model, select, node.expression);
      for (const { name } of columns) result.set(name.toLowerCase(), origins);
      continue;
    }
    for (const { name } of columns)
      result.set(
        name.toLowerCase(),
        select.sources.flatMap((source) => (has(source, name) ? through(model, source, name) : [])),
      );
    const open = select.sources.filter(({ relation }) => relation.extent !== 'closed');
    if (open.length > 0)
      result.set(
        '*',
        open.flatMap((source) => through(model, source, '*')),
      );
  }
  return result;
}

function has({ relation }: BoundSource, name: string): boolean {
  return (
    relation.columnByName.has(name.toLowerCase()) ||
    relation.columns.some((column) => column.name.toLowerCase() === name.toLowerCase())
  );
}

function expressionOrigins(model: Model, select: BoundSelect, expression: Expression): readonly ColumnOrigin[] {
  const origins: ColumnOrigin[] = [];
  walk(expression, (node) => {
    if (node.kind !== 'path') return true;
    const resolution = select.resolutions.get(node);
    if (resolution?.kind === 'column') {
      const { source, column, fields } = resolution;
      const name =
        column?.name ??
        node.parts.at(source.alias.toLowerCase() === node.parts[0]?.text.toLowerCase() && node.parts.length > 1 ? 1 : 0)?.text ??
        '';
      origins.push(
        ...through(
          model,
          source,
          name,
          fields.map(({ text }) => text),
        ),
      );
    } else if (resolution?.kind === 'event') origins.push(...through(model, resolution.source, '*'));
    return true;
  });
  return origins.filter(
    (each, index) => origins.findIndex(({ node, column }) => node === each.node && column === each.column) === index,
  );
}

/** Inside a derived table or an APPLY the way goes on at once: these are no nodes of their own. */
function through(model: Model, source: BoundSource, column: string, fields: readonly string[] = []): readonly ColumnOrigin[] {
  const { node } = source;
  if (node.kind === 'source') {
    const relation = model.relationOfSource.get(node) ?? source.relation;
    const step = model.steps.find((each) => each.relation === relation);
    if (step !== undefined) return [{ node: nodeId('step', step.node.name.text), column }];
    return [{ node: nodeId('input', relation.name), column: [column, ...fields].join('.') }];
  }
  if (node.kind !== 'derived') return [];
  const inner = originsOf(model, node.query);
  return (
    inner.get(column.toLowerCase()) ??
    (column === '*' ? [...inner.values()].flat() : (inner.get('*')?.map((origin) => ({ ...origin, column })) ?? []))
  );
}
