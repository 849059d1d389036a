/** A finished run as the pages show it: tables, timeline, what became of events, the diagram. Knows no worker. */
import { type Snapshot, stepGraph, timeUnitMs, type WindowSpecification, walk } from '@asaql/parser';
import type {
  Cell,
  DiagramNode,
  JobDiagram,
  PreviewResult,
  PreviewTable,
  PreviewWindow,
  RowsPage,
} from '@asaql/webview/protocol';
import { columnLineage, nodeId } from './column-lineage.ts';
import { eventText } from './event-list.ts';
import type { RunRequest } from './messages.ts';
import type { FinishedRun, TableRows } from './query-run.ts';

export const policiesTable = 'policies';
const bucketsCount = 120;

/** A table of the result, and its rows: made when somebody asks. */
export interface ShownTable {
  readonly id: string;
  readonly kind: PreviewTable['kind'];
  readonly name: string;
  readonly count: number;
  /** Name of the output that carries it in the text that was run; null where its rows are events. */
  readonly output: string | null;
}

/** Outputs first, then steps, inputs, and the events that did not go straight through. */
export function shownTables(run: FinishedRun): readonly ShownTable[] {
  const outputs: ShownTable[] = [];
  const steps: ShownTable[] = [];
  for (const [output, { rows }] of run.tables) {
    const step = run.shown.stepOutputs.get(output);
    if (step === undefined)
      outputs.push({ id: nodeId('output', output), kind: 'output', name: output, count: rows.length, output });
    else steps.push({ id: nodeId('step', step), kind: 'step', name: step, count: rows.length, output });
  }
  const inputs = [...run.inputs].map(
    ([name, { count }]): ShownTable => ({ id: nodeId('input', name), kind: 'input', name, count, output: null }),
  );
  const troubled = run.rejected.length + run.adjusted.length;
  const policies: ShownTable = {
    id: policiesTable,
    kind: 'policies',
    name: 'Late, dropped, unreadable',
    count: troubled,
    output: null,
  };
  return [...outputs, ...steps, ...inputs, ...(troubled > 0 ? [policies] : [])];
}

export function previewResult(request: RunRequest, run: FinishedRun, elapsedMs: number): PreviewResult {
  const tables = shownTables(run);
  const span = spanOf(run);
  const windows = windowsOf(run.snapshot);
  const order = [...run.tables.keys()];
  return {
    run: request.run,
    events: [...run.inputs.values()].reduce((sum, { kind, count }) => sum + (kind === 'stream' ? count : 0), 0),
    sample: [...new Set([...run.inputs.values()].map(({ label }) => label))].join(', '),
    elapsedMs,
    tables: tables.map((table) => ({
      id: table.id,
      kind: table.kind,
      name: table.name,
      rowCount: table.count,
      window: windows.get(table.id) ?? null,
      histogram: span === null ? [] : histogramOf(run, table, span),
    })),
    points: run.points.map((point) => ({
      ...point,
      rows: tables.map(({ output, kind, count }) =>
        output !== null ? (point.rows[order.indexOf(output)] ?? 0) : kind === 'input' ? Math.min(point.events, count) : count,
      ),
    })),
    span,
    policies: {
      adjusted: run.adjusted.length,
      dropped: run.rejected.filter(({ reason }) => /^(Late|Early|OutOfOrder)/.test(reason)).length,
      unreadable: run.rejected.filter(({ reason }) => !/^(Late|Early|OutOfOrder)/.test(reason)).length,
      rules: rulesOf(request, run),
    },
    problems: run.problems,
    diagram: diagramOf(run, tables),
  };
}

function rulesOf({ policies }: RunRequest, run: FinishedRun): string {
  const seconds = (ms: number) => (Number.isFinite(ms) ? `${ms / 1000} s` : 'any');
  const known = [...run.inputs.values()].every(({ kind, hasArrival }) => kind === 'reference' || hasArrival);
  const late = known ? `late ${seconds(policies.lateArrivalMs)}` : 'no times of arrival in the sample';
  return `${late}, out of order ${seconds(policies.outOfOrderMs)}, ${policies.action}`;
}

function spanOf({ tables, points, inputs }: FinishedRun): PreviewResult['span'] {
  let [fromMs, toMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const take = (ms: number | undefined | null) => {
    if (ms === undefined || ms === null || !Number.isFinite(ms)) return;
    fromMs = Math.min(fromMs, ms);
    toMs = Math.max(toMs, ms);
  };
  for (const { timestampsMs } of tables.values()) {
    // In order of emission, which is nearly that of time: the ends are near enough, and the middle cannot be beyond them by much.
    for (let index = 0; index < timestampsMs.length; index += Math.max(1, timestampsMs.length >> 8)) take(timestampsMs[index]);
    take(timestampsMs.at(-1));
  }
  for (const { watermarkMs } of points) take(watermarkMs);
  if (toMs < fromMs) for (const { arrivalTimeMs } of inputs.values()) for (const ms of arrivalTimeMs) take(ms);
  return toMs < fromMs ? null : { fromMs, toMs: Math.max(toMs, fromMs + 1) };
}

function histogramOf(
  run: FinishedRun,
  table: ShownTable,
  { fromMs, toMs }: NonNullable<PreviewResult['span']>,
): readonly number[] {
  const buckets = new Array<number>(bucketsCount).fill(0);
  const times =
    table.output !== null
      ? (run.tables.get(table.output)?.timestampsMs ?? [])
      : table.kind === 'input'
        ? (run.inputs.get(table.name)?.arrivalTimeMs ?? [])
        : [];
  for (const ms of times) {
    const bucket = Math.min(bucketsCount - 1, Math.max(0, Math.floor(((ms - fromMs) / (toMs - fromMs)) * bucketsCount)));
    buckets[bucket] = (buckets[bucket] as number) + 1;
  }
  return buckets;
}

function windowsOf({ model }: Snapshot): ReadonlyMap<string, PreviewWindow> {
  const found = new Map<string, PreviewWindow>();
  const take = (id: string, body: Parameters<typeof walk>[0]) => {
    const windows: WindowSpecification[] = [];
    walk(body, (node) => {
      if (node.kind === 'window') windows.push(node);
      return true;
    });
    const [only] = windows;
    if (windows.length !== 1 || only === undefined) return;
    const ms = (part: WindowSpecification['size']) => (part === null ? 0 : part.amount * (timeUnitMs(part.unit) ?? 0));
    const sizeMs = ms(only.size);
    found.set(id, { kind: only.windowKind, sizeMs, hopMs: only.hop === null ? sizeMs : ms(only.hop), offsetMs: ms(only.offset) });
  };
  for (const { node } of model.steps) take(nodeId('step', node.name.text), node.body);
  for (const { name, body } of model.outputs) take(nodeId('output', name), body);
  return found;
}

export function diagramOf(run: Pick<FinishedRun, 'snapshot'>, tables: readonly ShownTable[]): JobDiagram {
  const { nodes, edges } = stepGraph(run.snapshot);
  const lineage = columnLineage(run.snapshot);
  const counts = new Map(tables.map(({ id, count }) => [id, count]));
  return {
    nodes: nodes.map(({ id, kind, name, traits, columns, span }): DiagramNode => {
      const origins = lineage.get(id);
      const known = columns.map((column) => ({
        name: column.name,
        type: column.type.name,
        from: origins?.get(column.name.toLowerCase()) ?? [],
      }));
      return {
        id,
        kind,
        name,
        traits,
        rowCount: counts.get(id) ?? null,
        start: span.start,
        columns: known.length > 0 || kind !== 'input' ? known : usedFields(id, lineage),
      };
    }),
    edges: edges.map(({ from, to, kind }) => ({ from, to, kind })),
  };
}

/** Of an input that nobody declared: the fields that the query reads. */
function usedFields(input: string, lineage: ReturnType<typeof columnLineage>): DiagramNode['columns'] {
  const names = new Map<string, string>();
  for (const columns of lineage.values())
    for (const origins of columns.values())
      for (const { node, column } of origins) if (node === input && column !== '*') names.set(column.toLowerCase(), column);
  return [...names.values()].map((name) => ({ name, type: 'any', from: [] }));
}

export function rowsPage(
  run: FinishedRun,
  id: number,
  tableId: string,
  from: number,
  count: number,
  point: number | null,
): RowsPage | null {
  const table = shownTables(run).find((each) => each.id === tableId);
  if (table === undefined) return null;
  if (table.kind === 'policies') return policiesPage(run, id, from, count);
  if (table.kind === 'input') return eventsPage(run, id, table, from, count, point);
  const all = run.tables.get(table.output ?? '') as TableRows;
  const order = [...run.tables.keys()];
  const total =
    point === null ? all.rows.length : (run.points[point]?.rows[order.indexOf(table.output ?? '')] ?? all.rows.length);
  const rows = all.rows.slice(from, Math.min(from + count, total));
  const columns = columnsOf(all.rows, rows);
  return {
    run: id,
    table: tableId,
    columns,
    from,
    total,
    rows: rows.map((row) => columns.map((name) => (row[name] ?? null) as Cell)),
  };
}

/** Rows of one output may differ in their columns: the first ones and those of the page say which there are. */
function columnsOf(all: TableRows['rows'], page: TableRows['rows']): readonly string[] {
  const names = new Set<string>();
  for (const row of all.slice(0, 50)) for (const name of Object.keys(row)) names.add(name);
  for (const row of page) for (const name of Object.keys(row)) names.add(name);
  return [...names];
}

function eventsPage(
  run: FinishedRun,
  id: number,
  table: ShownTable,
  from: number,
  count: number,
  point: number | null,
): RowsPage {
  const list = run.inputs.get(table.name);
  const total = point === null ? table.count : Math.min(table.count, run.points[point]?.events ?? table.count);
  const rows: Cell[][] = [];
  for (let index = from; list !== undefined && index < Math.min(from + count, total); index += 1) {
    rows.push([index, timeText(list.arrivalTimeMs[index]), eventText(list, index)]);
  }
  return { run: id, table: table.id, columns: ['#', 'arrival', 'event'], from, total, rows };
}

function policiesPage(run: FinishedRun, id: number, from: number, count: number): RowsPage {
  const dropped = run.rejected.map(({ input, index, reason, message }) => {
    const list = run.inputs.get(input);
    return {
      input,
      index,
      became: reason,
      what: message,
      eventMs: null as number | null,
      arrivalMs: list?.arrivalTimeMs[index],
      timestampMs: null as number | null,
    };
  });
  const adjusted = run.adjusted.map(({ input, index, eventTimeMs, arrivalTimeMs, timestampMs, message }) => ({
    input,
    index,
    became: 'adjusted',
    what: message,
    eventMs: eventTimeMs,
    arrivalMs: arrivalTimeMs,
    timestampMs,
  }));
  const all = [...dropped, ...adjusted].sort((a, b) => a.index - b.index);
  const rows = all.slice(from, from + count).map(({ input, index, became, what, eventMs, arrivalMs, timestampMs }): Cell[] => {
    const list = run.inputs.get(input);
    return [
      index,
      became,
      what,
      timeText(eventMs),
      timeText(arrivalMs),
      timeText(timestampMs),
      input,
      list === undefined ? null : eventText(list, index),
    ];
  });
  const columns = ['#', 'became', 'why', 'event time', 'arrival', 'timestamp', 'input', 'event'];
  return { run: id, table: policiesTable, columns, from, total: all.length, rows };
}

function timeText(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined || !Number.isFinite(ms) ? null : new Date(ms).toISOString();
}
