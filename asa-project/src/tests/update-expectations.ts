/** Writes what came into a test file in place of what it expected; comments and everything else stay. Writes no file. */
import type { OutputRow, OutputValue } from '@asaql/engine';
import { isMap, isSeq, type Node, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import type { CaseResult } from './case-result.ts';
import { columnOf, differencesOf } from './compare-rows.ts';
import { readTestFile } from './read-test-file.ts';
import type { RowsExpectation } from './test-case.ts';
import { instantMs, offsetText, relativeMs } from './time-text.ts';

/** Rows that are equal keep their text; expectations from files are not touched. The text itself where nothing changes. */
export function updateExpectations(path: string, text: string, results: readonly CaseResult[]): string {
  const document = parseDocument(text);
  const { cases } = readTestFile(path, text);
  const nodes = document.get('cases');
  if (!isSeq(nodes)) return text;
  let changed = false;
  for (const result of results) {
    if (result.status !== 'failed') continue;
    const at = cases.findIndex(({ name }) => name === result.name);
    const test = cases[at];
    const expect = isMap(nodes.items[at]) ? (nodes.items[at] as YAMLMap).get('expect') : null;
    if (test === undefined || !isMap(expect)) continue;
    const updates = [
      ...updatesOf(expect.get('outputs'), test.expect.outputs, result.actual),
      ...updatesOf(expect.get('steps'), test.expect.steps, result.actualSteps),
    ];
    const by = expect.get('by');
    if (isSeq(by))
      test.expect.by.forEach((moment, index) => {
        const node = by.items[index];
        if (isMap(node)) updates.push(...updatesOf(node.get('outputs'), moment.outputs, result.actualMoments[index] ?? {}));
      });
    for (const update of updates) changed = update(document, test.startMs) || changed;
    changed = updateCounts(expect, result) || changed;
  }
  return changed ? document.toString({ lineWidth: 130, flowCollectionPadding: true }) : text;
}

type Update = (document: ReturnType<typeof parseDocument>, startMs: number) => boolean;

function updatesOf(
  node: unknown,
  expectations: readonly RowsExpectation[],
  actual: Readonly<Record<string, readonly OutputRow[]>>,
): Update[] {
  if (!isMap(node)) return [];
  return expectations.map((expectation) => (document, startMs) => {
    const value = node.get(expectation.name) as Node | undefined;
    const rows = actual[expectation.name] ?? [];
    if (isMap(value) && value.has('count') && expectation.rows === null) return setIfOther(value, 'count', rows.length);
    const list = isMap(value) ? value.get('rows') : value;
    return isSeq(list) ? updateRows(document, list, expectation, rows, startMs) : false;
  });
}

function updateRows(
  document: ReturnType<typeof parseDocument>,
  list: YAMLSeq,
  expectation: RowsExpectation,
  rows: readonly OutputRow[],
  startMs: number,
): boolean {
  const expected = expectation.rows ?? [];
  const free = new Set(expected.keys());
  let changed = expected.length !== rows.length;
  const items = rows.map((row, index) => {
    const isSame = (at: number) => differencesOf(expected[at]?.values ?? {}, row, { ...expectation, startMs }).length === 0;
    const found = free.has(index) && isSame(index) ? index : [...free].find(isSame);
    if (found !== undefined) {
      free.delete(found);
      return list.items[found];
    }
    changed = true;
    const model = expected[Math.min(index, expected.length - 1)]?.values ?? {};
    const columns =
      expectation.columns === 'all' || expected.length === 0
        ? Object.keys(row)
        : expectation.columns === 'named'
          ? Object.keys(model)
          : expectation.columns;
    return rowNode(document, row, columns, model, startMs);
  });
  if (changed) {
    list.items = items as typeof list.items;
    list.flow = items.length === 0;
  }
  return changed;
}

/** Datetimes stay relative where the test writes them so. */
function rowNode(
  document: ReturnType<typeof parseDocument>,
  row: OutputRow,
  columns: readonly string[],
  model: { readonly [column: string]: OutputValue },
  startMs: number,
): Node {
  const isRelative =
    Object.values(model).some((value) => typeof value === 'string' && relativeMs(value, startMs) !== null) ||
    Object.keys(model).length === 0;
  const values = columns.map((column) => {
    const value = columnOf(row, column) ?? null;
    const ms = typeof value === 'string' && isRelative ? instantMs(value) : null;
    return [column, ms === null ? value : offsetText(ms - startMs)] as const;
  });
  const node = document.createNode(Object.fromEntries(values));
  (node as YAMLMap).flow = columns.length <= 8;
  return node;
}

function updateCounts(expect: YAMLMap, { counts, failures }: CaseResult): boolean {
  const isTold = failures.some((failure) => failure.kind === 'message' && /dropped|adjusted/.test(failure.message));
  if (!isTold) return false;
  const adjusted =
    expect.has('adjusted') && !isSeq(expect.get('adjusted'))
      ? setIfOther(expect, 'adjusted', counts.late + counts.outOfOrder)
      : false;
  return isSeq(expect.get('dropped')) ? adjusted : setIfOther(expect, 'dropped', counts.dropped) || adjusted;
}

function setIfOther(map: YAMLMap, key: string, value: number): boolean {
  if (map.get(key) === value) return false;
  map.set(key, value);
  return true;
}
