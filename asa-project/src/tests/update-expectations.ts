/** Writes what came into a test file in place of what it expected: every other character stays as it is. Writes no file. */
import type { OutputRow, OutputValue } from '@asaql/engine';
import { applyEdits, type TextEdit } from '@asaql/parser';
import { isMap, isScalar, isSeq, type Node, parse, parseDocument, stringify, type YAMLMap, type YAMLSeq } from 'yaml';
import type { CaseResult } from './case-result.ts';
import { columnOf, differencesOf } from './compare-rows.ts';
import { readTestFile } from './read-test-file.ts';
import type { RowsExpectation } from './test-case.ts';
import { instantMs, offsetText, relativeMs } from './time-text.ts';

/** Rows that are equal keep their text; expectations from files are not touched. The text itself where nothing changes. */
export function updateExpectations(path: string, text: string, results: readonly CaseResult[]): string {
  const cases = parseDocument(text).get('cases');
  if (!isSeq(cases)) return text;
  const edits: TextEdit[] = [];
  readTestFile(path, text).cases.forEach((test, index) => {
    const result = results.find(({ name, status }) => name === test.name && status === 'failed');
    const node = cases.items[index];
    const expect = isMap(node) ? node.get('expect') : null;
    if (result === undefined || !isMap(expect)) return;
    const update = (named: unknown, expectations: readonly RowsExpectation[], actual: CaseResult['actual']) => {
      if (!isMap(named)) return;
      for (const each of expectations)
        edits.push(
          ...rowsEdits(text, named.get(each.name, true) as Node | undefined, each, actual[each.name] ?? [], test.startMs),
        );
    };
    update(expect.get('outputs'), test.expect.outputs, result.actual);
    update(expect.get('steps'), test.expect.steps, result.actualSteps);
    const by = expect.get('by');
    if (isSeq(by))
      test.expect.by.forEach(({ outputs }, moment) => {
        const item = by.items[moment];
        if (isMap(item)) update(item.get('outputs'), outputs, result.actualMoments[moment] ?? {});
      });
    edits.push(...countEdits(text, expect, result));
  });
  return edits.length === 0 ? text : applyEdits(text, edits);
}

function rowsEdits(
  text: string,
  node: Node | undefined,
  expectation: RowsExpectation,
  rows: readonly OutputRow[],
  startMs: number,
): readonly TextEdit[] {
  if (isMap(node) && expectation.rows === null) return node.has('count') ? numberEdits(node, 'count', rows.length) : [];
  const list = isMap(node) ? node.get('rows', true) : node;
  if (!isSeq(list) || list.range == null) return [];
  const kept = keptRows(expectation, rows, startMs);
  const isUnchanged = kept.length === expectation.rows?.length && kept.every((from, index) => from === index);
  if (isUnchanged) return [];
  const texts = rows.map((row, index) => rowText(row, expectation, index, startMs));
  if (!list.flow) return [blockEdit(list, text, kept, texts)];
  return [opened(list, text, texts) ?? flowEdit(list, text, kept, texts)];
}

/** For each row that came the position of an equal one in the test, or null. */
function keptRows(expectation: RowsExpectation, rows: readonly OutputRow[], startMs: number): readonly (number | null)[] {
  const expected = expectation.rows ?? [];
  const free = new Set(expected.keys());
  return rows.map((row, index) => {
    const isSame = (at: number) => differencesOf(expected[at]?.values ?? {}, row, { ...expectation, startMs }).length === 0;
    const found = free.has(index) && isSame(index) ? index : [...free].find(isSame);
    if (found === undefined) return null;
    free.delete(found);
    return found;
  });
}

/** Datetimes are relative where the test writes them so, or where it has no rows yet. */
function rowText(row: OutputRow, expectation: RowsExpectation, index: number, startMs: number): string {
  const expected = expectation.rows ?? [];
  const model: { readonly [column: string]: OutputValue } = expected[Math.min(index, expected.length - 1)]?.values ?? {};
  const { columns } = expectation;
  const named = Object.keys(model);
  const others = Object.keys(row).filter((name) => columnOf(model, name) === undefined);
  // The order of the row that is there already, then what is new.
  const all = [...named.filter((name) => columnOf(row, name) !== undefined), ...others];
  const names = columns === 'all' || expected.length === 0 ? all : columns === 'named' ? named : columns;
  const isRelative =
    expected.length === 0 ||
    Object.values(model).some((value) => typeof value === 'string' && relativeMs(value, startMs) !== null);
  const values = names.map((column) => {
    const value = columnOf(row, column) ?? null;
    const ms = typeof value === 'string' && isRelative ? instantMs(value) : null;
    return [column, ms === null ? value : offsetText(ms - startMs)];
  });
  return stringify(Object.fromEntries(values), { collectionStyle: 'flow', lineWidth: 0 }).trim();
}

function flowEdit(list: YAMLSeq, text: string, kept: readonly (number | null)[], texts: readonly string[]): TextEdit {
  const [start = 0, end = 0] = list.range ?? [];
  const items = kept.map((from, index) => {
    const range = from === null ? null : (list.items[from] as Node).range;
    return range == null ? texts[index] : text.slice(range[0], range[1]);
  });
  return { span: { start, end }, text: `[${items.join(', ')}]` };
}

/** An empty list that stands alone behind its name gets a line a row; null: it stands within others. */
function opened(list: YAMLSeq, text: string, texts: readonly string[]): TextEdit | null {
  const [start = 0, end = 0] = list.range ?? [];
  const before = text.slice(lineStart(text, start), start);
  if (list.items.length > 0 || texts.length === 0 || !/^[ -]*[^{[]*: *$/.test(before)) return null;
  const indent = `${/^[ -]*/.exec(before)?.[0].replaceAll('-', ' ') ?? ''}  `;
  const lines = texts.map((row) => rowLines(row, indent));
  return { span: { start: start - (/ *$/.exec(before)?.[0].length ?? 0), end }, text: `\n${lines.join('').trimEnd()}` };
}

/** What is too long for a line has a line a column. */
function rowLines(row: string, indent: string): string {
  if (indent.length + row.length <= lineMax) return `${indent}- ${row}\n`;
  const [first = '', ...rest] = stringify(parse(row), { lineWidth: 0 }).trimEnd().split('\n');
  return [`${indent}- ${first}\n`, ...rest.map((line) => `${indent}  ${line}\n`)].join('');
}

const lineMax = 120;

/** Whole lines: a row keeps the comments behind and below it. */
function blockEdit(list: YAMLSeq, text: string, kept: readonly (number | null)[], texts: readonly string[]): TextEdit {
  const starts = list.items.map((item) => lineStart(text, (item as Node).range?.[0] ?? 0));
  const last = (list.items.at(-1) as Node | undefined)?.range?.[1] ?? 0;
  const lineEnd = text.indexOf('\n', Math.max(0, last - 1));
  const end = lineEnd === -1 ? text.length : lineEnd + 1;
  const [start = 0] = starts;
  const indent = /^ */.exec(text.slice(start))?.[0] ?? '';
  const lines = kept.map((from, index) => {
    const whole = from === null ? rowLines(texts[index] ?? '', indent) : text.slice(starts[from], starts[from + 1] ?? end);
    return whole.endsWith('\n') ? whole : `${whole}\n`;
  });
  return { span: { start, end }, text: lines.length === 0 ? `${indent}[]\n` : lines.join('') };
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

function countEdits(text: string, expect: YAMLMap, { counts, failures }: CaseResult): readonly TextEdit[] {
  const told = failures.flatMap((failure) => (failure.kind === 'message' ? [failure.message] : []));
  const edits: TextEdit[] = [];
  if (told.some((message) => message.includes('adjusted')))
    edits.push(...numberEdits(expect, 'adjusted', counts.late + counts.outOfOrder));
  if (!told.some((message) => message.includes('dropped'))) return edits;
  if (expect.has('dropped')) return [...edits, ...numberEdits(expect, 'dropped', counts.dropped)];
  const [start = 0] = expect.range ?? [];
  if (expect.flow) return [...edits, { span: { start: start + 1, end: start + 1 }, text: ` dropped: ${counts.dropped},` }];
  const at = lineStart(text, start);
  return [...edits, { span: { start: at, end: at }, text: `${text.slice(at, start)}dropped: ${counts.dropped}\n` }];
}

/** A list of events in place of a number stays: what is in it is for a person to decide. */
function numberEdits(map: YAMLMap, key: string, value: number): readonly TextEdit[] {
  const node = map.get(key, true);
  if (!isScalar(node) || node.range == null || node.value === value) return [];
  return [{ span: { start: node.range[0], end: node.range[1] }, text: String(value) }];
}
