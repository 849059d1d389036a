/** What a test in YAML expects. Reads no other file. */
import { isScalar, isSeq, type Node } from 'yaml';
import { joined } from '../files/project-path.ts';
import type {
  DiagnosticExpectation,
  EventsExpectation,
  Expectations,
  ExpectedRow,
  MomentExpectation,
  RowsExpectation,
} from './test-case.ts';
import { timeMs } from './time-text.ts';
import type { YamlReader } from './yaml-reader.ts';

export const expectKeys = ['outputs', 'steps', 'by', 'dropped', 'adjusted', 'diagnostics', 'error'] as const;
export const compareKeys = ['order', 'columns', 'tolerance'] as const;
export const rowsKeys = ['rows', 'file', 'count', ...compareKeys] as const;
export const momentKeys = ['at', 'outputs', 'watermark'] as const;
export const eventKeys = ['input', 'row', 'reason', 'timestamp'] as const;
export const diagnosticKeys = ['code', 'line'] as const;

export interface ExpectationContext {
  readonly folder: string;
  readonly startMs: number;
  /** `compare` of the file and of the case; the later one counts. */
  readonly compare: readonly (Node | null | undefined)[];
  readonly hasPolicies: boolean;
}

type Compare = Pick<RowsExpectation, 'order' | 'columns' | 'tolerance'>;

export function readExpectations(reader: YamlReader, node: Node | null, context: ExpectationContext): Expectations | null {
  const fields = reader.fields(node, "'expect'", expectKeys);
  if (fields === null) return null;
  let compare: Compare = { order: 'any', columns: 'all', tolerance: {} };
  for (const each of context.compare) if (each !== undefined) compare = compareOf(reader, each, compare);
  const rows = (given: Node | null | undefined, what: string) =>
    given === undefined ? [] : namedRows(reader, given, what, context, compare);
  if (fields.by !== undefined && !context.hasPolicies)
    reader.problem(
      fields.by,
      "'by' needs time policies: without them rows wait for the end of the data. Take 'policies: none' away.",
    );
  return {
    outputs: rows(fields.outputs, "'outputs'"),
    steps: rows(fields.steps, "'steps'"),
    by: fields.by === undefined ? [] : momentsOf(reader, fields.by, context, compare),
    dropped: fields.dropped === undefined ? null : eventsOf(reader, fields.dropped, 'dropped', context),
    adjusted: fields.adjusted === undefined ? null : eventsOf(reader, fields.adjusted, 'adjusted', context),
    diagnostics: fields.diagnostics === undefined ? null : diagnosticsOf(reader, fields.diagnostics),
    error: errorOf(reader, fields.error),
    othersEmpty: false,
  };
}

function errorOf(reader: YamlReader, node: Node | null | undefined): Expectations['error'] {
  if (node === undefined) return null;
  const text = reader.text(node, "'error'");
  return text === null ? null : { text, place: reader.placeOf(node) };
}

function compareOf(reader: YamlReader, node: Node | null, base: Compare): Compare {
  return comparePart(reader, reader.fields(node, "'compare'", compareKeys) ?? {}, base);
}

function comparePart(
  reader: YamlReader,
  fields: Partial<Record<(typeof compareKeys)[number], Node | null>>,
  base: Compare,
): Compare {
  const { order, columns, tolerance } = fields;
  return {
    order: order === undefined ? base.order : (reader.oneOf(order, "'order'", ['any', 'exact'] as const) ?? base.order),
    columns: columns === undefined ? base.columns : columnsOf(reader, columns, base.columns),
    tolerance: tolerance === undefined ? base.tolerance : toleranceOf(reader, tolerance),
  };
}

function columnsOf(reader: YamlReader, node: Node | null, base: Compare['columns']): Compare['columns'] {
  if (isSeq(node)) return node.items.flatMap((item) => reader.text(reader.resolved(item), 'A column') ?? []);
  return reader.oneOf(node, "'columns'", ['all', 'named'] as const) ?? base;
}

function toleranceOf(reader: YamlReader, node: Node | null): Compare['tolerance'] {
  if (isScalar(node)) return { '*': reader.number(node, "'tolerance'", 0) ?? 0 };
  const entries = reader.entries(node, "'tolerance'") ?? [];
  return Object.fromEntries(entries.map(({ key, value }) => [key, reader.number(value, `'${key}'`, 0) ?? 0]));
}

function namedRows(
  reader: YamlReader,
  node: Node | null,
  what: string,
  context: ExpectationContext,
  base: Compare,
): readonly RowsExpectation[] {
  return (reader.entries(node, what) ?? []).flatMap(({ key, keyNode, value }) => {
    const place = reader.placeOf(keyNode);
    const shared = { name: key, place, required: true, ...base, file: null, count: null };
    if (isSeq(value)) return [{ ...shared, rows: rowsIn(reader, value) }];
    const fields = reader.fields(value, `'${key}'`, rowsKeys);
    if (fields === null) return [];
    const compare = comparePart(reader, fields, base);
    const path = fields.file === undefined ? null : reader.text(fields.file, "'file'");
    const rows = fields.rows === undefined ? null : rowsIn(reader, fields.rows);
    const count = fields.count === undefined ? null : reader.number(fields.count, "'count'", 0, true);
    if (rows === null && path === null && count === null)
      reader.problem(keyNode, `'${key}' expects nothing: give rows, a file or a count. No rows at all are written [].`);
    const file = path === null ? null : { path: joined(context.folder, path), place: reader.placeOf(fields.file ?? null) };
    return [{ ...shared, ...compare, rows, file, count }];
  });
}

function rowsIn(reader: YamlReader, node: Node | null): NonNullable<RowsExpectation['rows']> {
  return (reader.list(node, 'What is expected') ?? []).flatMap((item) => {
    if (reader.entries(item, 'A row') === null) return [];
    return [{ values: JSON.parse(reader.json(item)) as ExpectedRow, place: reader.placeOf(item) }];
  });
}

function timeOf(reader: YamlReader, node: Node | null | undefined, what: string, startMs: number): number | null {
  if (node === undefined) return null;
  const text = isScalar(node) ? reader.source(node) : '';
  return timeMs(text, startMs) ?? reader.problem(node, `${what} is a time such as +15s or 2026-01-15T12:00:15Z.`);
}

function momentsOf(
  reader: YamlReader,
  node: Node | null,
  context: ExpectationContext,
  compare: Compare,
): readonly MomentExpectation[] {
  let lastMs = Number.NEGATIVE_INFINITY;
  return (reader.list(node, "'by'") ?? []).flatMap((item) => {
    const fields = reader.fields(item, "A moment of 'by'", momentKeys);
    if (fields === null) return [];
    if (fields.at === undefined) reader.problem(item, "A moment has 'at', a time such as +15s: add it.");
    const atMs = timeOf(reader, fields.at, "'at'", context.startMs);
    if (atMs === null) return [];
    if (atMs <= lastMs) reader.problem(item, "The moments of 'by' are written in the order of their times.");
    lastMs = atMs;
    return [
      {
        place: reader.placeOf(item),
        atMs,
        outputs: fields.outputs === undefined ? [] : namedRows(reader, fields.outputs, "'outputs'", context, compare),
        watermarkMs: timeOf(reader, fields.watermark, "'watermark'", context.startMs),
      },
    ];
  });
}

function eventsOf(
  reader: YamlReader,
  node: Node | null,
  what: 'dropped' | 'adjusted',
  { startMs }: ExpectationContext,
): EventsExpectation | null {
  const place = reader.placeOf(node);
  if (isScalar(node)) {
    const count = reader.number(node, `'${what}'`, 0, true);
    return count === null ? null : { place, count, events: null };
  }
  const events = (reader.list(node, `'${what}'`) ?? []).flatMap((item) => {
    const fields = reader.fields(item, `An event of '${what}'`, eventKeys);
    if (fields === null) return [];
    const row = fields.row === undefined ? reader.problem(item, "Say which event it is: 'row: 1' is the first.") : null;
    return [
      {
        place: reader.placeOf(item),
        input: fields.input === undefined ? null : reader.text(fields.input, "'input'"),
        row: fields.row === undefined ? (row ?? 0) : (reader.number(fields.row, "'row'", 1, true) ?? 0),
        reason: fields.reason === undefined ? null : reader.text(fields.reason, "'reason'"),
        timestampMs: timeOf(reader, fields.timestamp, "'timestamp'", startMs),
      },
    ];
  });
  return { place, count: events.length, events };
}

function diagnosticsOf(reader: YamlReader, node: Node | null): readonly DiagnosticExpectation[] {
  return (reader.list(node, "'diagnostics'") ?? []).flatMap((item) => {
    const place = reader.placeOf(item);
    if (isScalar(item)) return [{ place, code: reader.source(item), line: null }];
    const fields = reader.fields(item, 'A diagnostic', diagnosticKeys);
    const code =
      fields?.code === undefined ? reader.problem(item, "A diagnostic has a 'code'.") : reader.text(fields.code, "'code'");
    if (code === null) return [];
    return [{ place, code, line: fields?.line === undefined ? null : reader.number(fields.line, "'line'", 1, true) }];
  });
}
