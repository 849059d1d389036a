/** Results of tests as a terminal shows them: what failed, where, and what a reader needs to mend it. Runs nothing. */
import type { OutputValue } from '@asaql/engine';
import type { CaseResult, Failure, RowReport, RowsFailure } from './case-result.ts';
import type { QueryCoverage } from './coverage.ts';
import type { TestSummary } from './run-tests.ts';

export interface PrintOptions {
  readonly colour: boolean;
  /** Before the paths of files. */
  readonly folder: string;
}

type Paint = (colour: keyof typeof codes, text: string) => string;

const codes = { red: 31, green: 32, yellow: 33, grey: 90, bold: 1 } as const;

function painter({ colour }: PrintOptions): Paint {
  return (name, text) => (colour ? `\u001b[${codes[name]}m${text}\u001b[0m` : text);
}

export function printedCase(result: CaseResult, options: PrintOptions): string {
  const paint = painter(options);
  const { file, name, place, status, durationMs, failures } = result;
  const time = paint('grey', `${durationMs.toFixed(0)} ms`);
  if (status === 'passed') return `${paint('green', '✔')} ${file} › ${name} ${time}\n`;
  const head = `${paint('red', '✖')} ${paint('bold', `${file} › ${name}`)} ${time}\n  ${paint('grey', `${options.folder}${file}:${place.line}:${place.column}`)}\n`;
  return head + failures.map((failure) => printedFailure(failure, paint)).join('');
}

/** Without colours: for JUnit and editors. */
export function failureText(failure: Failure): string {
  return printedFailure(failure, (_, text) => text);
}

function printedFailure(failure: Failure, paint: Paint): string {
  if (failure.kind === 'rows') return printedRows(failure, paint);
  const details = failure.details.map((line) => `    ${line}\n`).join('');
  return `  ${paint('red', failure.message)} ${paint('grey', `(line ${failure.place.line})`)}\n${details}`;
}

function printedRows(failure: RowsFailure, paint: Paint): string {
  const { subject, name, by, expectedCount, actualCount, rows, disorder, events, place } = failure;
  const when = by === null ? '' : ` by ${by}`;
  const lines = [
    `  ${paint('red', `${subject} ${name}${when}: ${countText(expectedCount)} expected, ${actualCount} came`)} ${paint('grey', `(line ${place.line})`)}`,
  ];
  if (disorder !== null) lines.push(`    ${disorder}`);
  for (const row of rows.slice(0, 20)) lines.push(...printedRow(row, paint));
  if (rows.length > 20) lines.push(`    … and ${rows.length - 20} more differences`);
  if (events.length > 0)
    lines.push(
      `    ${paint('grey', 'events that no row holds, or that a policy moved:')}`,
      ...events.map((line) => `      ${line}`),
    );
  return `${lines.join('\n')}\n`;
}

function countText(count: number): string {
  return count === 1 ? '1 row' : `${count} rows`;
}

function printedRow(report: RowReport, paint: Paint): readonly string[] {
  const { kind, expected, actual, columns, place, origin } = report;
  const where = place === null ? '' : ` of line ${place.line}`;
  const from = origin.map((line) => `        ${paint('grey', line)}`);
  if (kind === 'missing')
    return [`    ${paint('red', `- missing: the row${where}`)}`, `        ${rowText(expected ?? {})}`, ...from];
  if (kind === 'unexpected') return [`    ${paint('green', '+ not expected:')}`, `        ${rowText(actual ?? {})}`, ...from];
  const different = new Set(columns.map(({ column }) => column.toLowerCase()));
  const equal = Object.entries(expected ?? {}).filter(([name]) => !different.has(name.toLowerCase()));
  const width = Math.max(...columns.map(({ column }) => column.length));
  const pairs = columns.flatMap(({ column, expected: wanted, actual: given }) => [
    `      ${paint('red', `- ${column.padEnd(width)}  ${valueText(wanted)}`)}`,
    `      ${paint('green', `+ ${column.padEnd(width)}  ${valueText(given)}`)}`,
  ]);
  const title = `    ${paint('yellow', `~ the row${where} came with another ${columns.map(({ column }) => column).join(', ')}`)}`;
  const same = equal.length === 0 ? [] : [`        ${rowText(Object.fromEntries(equal), 4)}`];
  return [title, ...same, ...pairs, ...from];
}

function rowText(row: { readonly [column: string]: OutputValue }, most = 12): string {
  const entries = Object.entries(row);
  const shown = entries.slice(0, most).map(([name, value]) => `${name}: ${valueText(value)}`);
  return entries.length > most ? `${shown.join(', ')}, …` : shown.join(', ');
}

function valueText(value: OutputValue | undefined): string {
  if (value === undefined) return '(no such column)';
  return JSON.stringify(value);
}

export function printedSummary({ total, passed, failed, durationMs }: TestSummary, options: PrintOptions): string {
  const paint = painter(options);
  const counts = [
    paint(passed > 0 ? 'green' : 'grey', `${passed} passed`),
    paint(failed > 0 ? 'red' : 'grey', `${failed} failed`),
  ];
  return `${total} ${total === 1 ? 'case' : 'cases'}: ${counts.join(', ')} ${paint('grey', `(${(durationMs / 1000).toFixed(2)} s)`)}\n`;
}

/** One line a query, and what its tests have not reached. */
export function printedCoverage(coverage: readonly QueryCoverage[], options: PrintOptions): string {
  const paint = painter(options);
  const lines = coverage.flatMap(({ query, items }) => {
    const parts = (['step', 'output', 'branch', 'condition'] as const).flatMap((kind) => {
      const all = items.filter((item) => item.kind === kind);
      return all.length === 0 ? [] : [`${plural[kind]} ${all.filter(({ covered }) => covered).length}/${all.length}`];
    });
    const covered = items.filter((item) => item.covered).length;
    const share = items.length === 0 ? 100 : Math.floor((100 * covered) / items.length);
    const missed = items
      .filter((item) => !item.covered)
      .map(({ name, kind, line }) => `    ${paint('yellow', 'not reached')} line ${line}: ${kind} ${name}`);
    return [
      `  ${paint(share === 100 ? 'green' : 'yellow', `${String(share).padStart(3)} %`)} ${query}  ${paint('grey', parts.join(', '))}`,
      ...missed,
    ];
  });
  return lines.length === 0 ? '' : `${paint('bold', 'Coverage')}\n${lines.join('\n')}\n`;
}

const plural = { step: 'steps', output: 'outputs', branch: 'CASE branches', condition: 'conditions' } as const;
