/**
 * What can be said of a query from its text: which steps there are and what they read, what lets them run in parallel and what
 * does not, how many rows each output gets. Must not know the engine's plan.
 */
import {
  type DurationLiteral,
  type Expression,
  type Model,
  type Node,
  type QueryExpression,
  type QuerySpecification,
  type Source,
  timeUnitMs,
  type WindowSpecification,
  walk,
} from '@asaql/parser';

export interface ExplainedStep {
  readonly name: string;
  readonly kind: 'step' | 'output';
  readonly reads: readonly string[];
  /** Whether rows of one partition suffice for a result. */
  readonly parallel: boolean;
  readonly why: string;
  /** How many rows it gives. */
  readonly rate: string;
}

/** The steps and outputs, in the order of the text. */
export function queryShape(model: Model): readonly ExplainedStep[] {
  const bodies = new Map(model.steps.map(({ node }) => [node.name.text.toLowerCase(), node.body]));
  const told = (name: string, kind: ExplainedStep['kind'], body: QueryExpression): ExplainedStep => ({
    name,
    kind,
    reads: [...new Set(selectsOf(body).flatMap(readsOf))],
    ...parallelism(selectsOf(body), model.text),
    rate: [...new Set(selectsOf(body).map((select) => rateOf(select, bodies, new Set())))].join('; and '),
  });
  return [
    ...model.steps.map(({ node }) => told(node.name.text, 'step', node.body)),
    ...model.outputs.map(({ name, body }) => told(name, 'output', body)),
  ];
}

/** Inputs that can only be reference data: joined without a bound in time. */
export function referenceInputs(model: Model): readonly string[] {
  const steps = new Set(model.steps.map(({ node }) => node.name.text.toLowerCase()));
  const found: string[] = [];
  for (const { node } of model.selects) {
    for (const join of node.from?.joins ?? []) {
      if (join.kind !== 'join' || join.source.kind !== 'source') continue;
      const { text } = join.source.name;
      if (!steps.has(text.toLowerCase()) && !(join.on !== null && holds(join.on, isDateDiff))) found.push(text);
    }
  }
  return found;
}

const isDateDiff = (node: Node) => node.kind === 'call' && node.name.text.toLowerCase() === 'datediff';

function holds(node: Node, wanted: (node: Node) => boolean): boolean {
  let found = false;
  walk(node, (child) => {
    found ||= wanted(child);
    return !found;
  });
  return found;
}

function selectsOf(query: QueryExpression): readonly QuerySpecification[] {
  const found: QuerySpecification[] = [];
  walk(query, (node) => {
    if (node.kind === 'select') found.push(node);
    return node.kind !== 'select';
  });
  return found;
}

function sourcesOf({ from }: QuerySpecification): readonly Source[] {
  if (from === null) return [];
  return [from.source, ...from.joins.flatMap((join) => (join.kind === 'join' ? [join.source] : []))];
}

function readsOf(select: QuerySpecification): readonly string[] {
  return sourcesOf(select).flatMap((source) =>
    source.kind === 'derived' ? selectsOf(source.query).flatMap(readsOf) : [source.name.text],
  );
}

/** https://learn.microsoft.com/azure/stream-analytics/stream-analytics-parallelization */
function parallelism(selects: readonly QuerySpecification[], text: string): Pick<ExplainedStep, 'parallel' | 'why'> {
  const written = (node: Node) => text.slice(node.span.start, node.span.end);
  for (const select of selects) {
    const keys = sourcesOf(select).flatMap((source) => (source.kind === 'source' ? (source.partitionBy?.keys ?? []) : []));
    const groups = (select.groupBy?.items ?? []).filter((item) => item.kind !== 'window' && item.kind !== 'windows');
    if (select.groupBy !== null && !groups.some((group) => isPartitionKey(written(group), keys.map(written)))) {
      const why = groups.length === 0 ? 'it has one group for all partitions' : 'no key of GROUP BY is the key of the partitions';
      return { parallel: false, why: `GROUP BY gathers the rows of all partitions: ${why}` };
    }
    const joins = select.from?.joins.filter((join) => join.kind === 'join' && join.on !== null && holds(join.on, isDateDiff));
    if (joins !== undefined && joins.length > 0 && keys.length === 0)
      return { parallel: false, why: 'JOIN of streams without PARTITION BY matches rows of all partitions' };
    if (select.items.some((item) => item.kind === 'item' && holds(item.expression, isAnalytic)) && keys.length === 0)
      return { parallel: false, why: 'OVER looks back at rows of all partitions' };
  }
  return { parallel: true, why: 'it needs no rows of another partition' };
}

function isPartitionKey(group: string, keys: readonly string[]): boolean {
  const plain = (name: string) => name.split('.').at(-1)?.replace(/[[\]]/g, '').toLowerCase();
  return plain(group) === 'partitionid' || keys.some((key) => plain(key) === plain(group));
}

const isAnalytic = (node: Node) => node.kind === 'call' && node.over?.limit != null;

type Bodies = ReadonlyMap<string, QueryExpression>;

function rateOf(select: QuerySpecification, bodies: Bodies, visited: ReadonlySet<string>): string {
  const filtered = select.having === null && (select.groupBy !== null || select.where === null) ? '' : 'at most ';
  const windows = (select.groupBy?.items ?? []).flatMap((item) => {
    if (item.kind === 'window') return [item];
    return item.kind === 'windows' ? item.windows.map(({ window }) => window) : [];
  });
  const per = hasKeys(select) ? 'a row for each group' : 'a row';
  if (windows.length > 0) return windows.map((window) => `${filtered}${per} ${windowRate(window)}`).join('; and ');
  if (select.groupBy !== null) return `${filtered}${per} at each time of events`;
  if (select.from?.matchRecognize != null) return 'a row for each match';
  const joins = select.from?.joins ?? [];
  if (joins.some(({ kind }) => kind === 'apply')) return `${filtered}a row for each element of each row it reads`;
  if (joins.length > 0) return `${filtered}a row for each pair that matches`;
  const [source] = sourcesOf(select);
  if (source === undefined) return 'no rows';
  if (source.kind === 'derived')
    return selectsOf(source.query)
      .map((one) => rateOf(one, bodies, visited))
      .join('; and ');
  const step = source.name.text.toLowerCase();
  const body = visited.has(step) ? undefined : bodies.get(step);
  if (body === undefined) return `${filtered}a row for each event of ${source.name.text}`;
  return selectsOf(body)
    .map((one) => addFilter(filtered, rateOf(one, bodies, new Set([...visited, step]))))
    .join('; and ');
}

function addFilter(filtered: string, rate: string): string {
  return rate.startsWith('at most ') ? rate : filtered + rate;
}

function hasKeys({ groupBy }: QuerySpecification): boolean {
  return (groupBy?.items ?? []).some((item) => item.kind !== 'window' && item.kind !== 'windows' && !isTimestamp(item));
}

function isTimestamp(expression: Expression): boolean {
  return holds(expression, (node) => node.kind === 'call' && node.prefix?.toLowerCase() === 'system');
}

function windowRate({ windowKind, size, hop }: WindowSpecification): string {
  switch (windowKind) {
    case 'tumbling':
      return `every ${durationText(size)}`;
    case 'hopping':
      return `every ${durationText(hop)}, over ${durationText(size)}`;
    case 'sliding':
      return `whenever an event enters or leaves a window of ${durationText(size)}: up to two for each event`;
    case 'session':
      return `at the end of each session (timeout ${durationText(size)})`;
    case 'snapshot':
      return 'at each time of events';
  }
}

function durationText(duration: DurationLiteral | null): string {
  if (duration === null) return 'an unknown time';
  const ms = (timeUnitMs(duration.unit) ?? 0) * duration.amount;
  const units = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'min'],
    [1000, 's'],
  ] as const;
  const unit = units.find(([length]) => ms >= length && ms % length === 0);
  return unit === undefined ? `${ms} ms` : `${ms / unit[0]} ${unit[1]}`;
}
