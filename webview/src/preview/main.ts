// The preview page: tables of a run, the timeline above them, and the events behind a row below.
import { findEditorHost } from '../page/editor-host.ts';
import { element, setText } from '../page/element.ts';
import { RowGrid } from '../page/row-grid.ts';
import type { PreviewMessage, PreviewResult, PreviewTable, RowsPage } from '../protocol/index.ts';
import { Timeline } from './timeline.ts';
import { TracePane } from './trace-pane.ts';

const host = findEditorHost();
const kinds = { output: 'Outputs', step: 'Steps', input: 'Inputs', policies: 'Events' } as const;
const saved = host.saved();

/** What is chosen; kept while the page is hidden. */
const chosen = {
  table: typeof saved.table === 'string' ? saved.table : null,
  point: typeof saved.point === 'number' ? saved.point : null,
};
let shown: { readonly message: PreviewMessage; readonly result: PreviewResult } | null = null;
let isFresh = true;

const sample = element('button', { type: 'button', class: 'plain sample', title: 'Choose other events' });
const rules = element('span', { class: 'muted' });
const speed = element('span', { class: 'muted speed' });
const focus = element('button', { type: 'button', class: 'plain focus', title: 'Run the whole query again' });
const problems = element('ul', { class: 'problems', 'aria-live': 'polite' });
const tabs = element('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Tables' });
const policies = element('button', { type: 'button', class: 'plain policies' });
const nothing = element('p', { class: 'nothing' });
const timeline = new Timeline((point) => {
  chosen.point = point;
  save();
  grid.reset();
  isFresh = true;
});
const trace = new TracePane();
const grid = new RowGrid('Rows', {
  ask: (from, count) => {
    const table = currentTable();
    if (shown !== null && table !== null)
      host.send({ kind: 'show', run: shown.result.run, table: table.id, from, count, point: chosen.point });
  },
  chooseCell: (row, column) => follow(row, column),
  chooseColumn: (column) => {
    grid.mark(column);
    if ((currentTable()?.rowCount ?? 0) > 0) follow(0, column);
  },
});

function follow(row: number, column: string): void {
  const table = currentTable();
  if (shown === null || table === null || table.kind === 'policies') return;
  grid.mark(column);
  trace.wait(row);
  host.send({ kind: 'follow', run: shown.result.run, table: table.id, row, column });
}

function save(): void {
  host.save(chosen);
}

function currentTable(): PreviewTable | null {
  const tables = shown?.result.tables ?? [];
  return tables.find(({ id }) => id === chosen.table) ?? tables[0] ?? null;
}

function choose(table: string): void {
  chosen.table = table;
  save();
  trace.hide();
  grid.toTop();
  draw();
}

function tab(table: PreviewTable, isChosen: boolean): HTMLElement {
  const count = element('span', { class: 'count' }, table.rowCount.toLocaleString('en'));
  const button = element(
    'button',
    {
      type: 'button',
      role: 'tab',
      class: `tab ${table.kind}`,
      'aria-selected': String(isChosen),
      'data-table': table.id,
      title: `${kinds[table.kind].replace(/s$/, '')} ${table.name}`,
    },
    element('span', { class: 'tab-name' }, table.name),
    count,
  );
  button.addEventListener('click', () => choose(table.id));
  return button;
}

function drawTabs(result: PreviewResult, current: PreviewTable | null): void {
  const groups = (['output', 'step', 'input', 'policies'] as const).flatMap((kind) => {
    const tables = result.tables.filter((table) => table.kind === kind);
    if (tables.length === 0) return [];
    return [
      element(
        'div',
        { class: 'tab-group', role: 'presentation' },
        element('span', { class: 'tab-kind', 'aria-hidden': 'true' }, kinds[kind]),
        ...tables.map((table) => tab(table, table === current)),
      ),
    ];
  });
  tabs.replaceChildren(...groups);
}

function drawProblems(result: PreviewResult): void {
  problems.hidden = result.problems.length === 0;
  problems.replaceChildren(
    ...result.problems.map(({ message, line, column, code, start, end }) => {
      const place = element('button', { type: 'button', class: 'plain' }, `${line}:${column}`);
      place.addEventListener('click', () => host.send({ kind: 'reveal', start, end }));
      return element('li', {}, place, ` ${message}`, ...(code === null ? [] : [element('span', { class: 'muted' }, ` ${code}`)]));
    }),
  );
}

function draw(): void {
  if (shown === null) return;
  const { message, result } = shown;
  const current = currentTable();
  drawTabs(result, current);
  setText(sample, `${result.events.toLocaleString('en')} events · ${result.sample}`);
  setText(rules, result.policies.rules);
  focus.hidden = message.focus === null;
  setText(focus, `only ${message.focus} ✕`);
  const { adjusted, dropped, unreadable } = result.policies;
  const told = [
    adjusted > 0 ? `${adjusted.toLocaleString('en')} adjusted` : '',
    dropped > 0 ? `${dropped.toLocaleString('en')} dropped` : '',
    unreadable > 0 ? `${unreadable.toLocaleString('en')} unreadable` : '',
  ].filter((text) => text !== '');
  policies.hidden = told.length === 0;
  setText(policies, told.join(', '));
  timeline.show(result, current, chosen.point);
  isFresh = true;
  nothing.hidden = current !== null && current.rowCount > 0;
  setText(nothing, current === null ? 'No rows yet.' : `${current.name} has no rows over this sample.`);
  if (current !== null) grid.reset();
}

/** A query that cannot be run leaves the last rows where they are, greyed. */
function take(message: PreviewMessage): void {
  drawProblems(message.result);
  const isBroken = message.result.problems.length > 0 && message.result.tables.length === 0;
  document.body.classList.toggle('stale', isBroken);
  setText(speed, isBroken ? 'not run' : `${Math.round(message.result.elapsedMs)} ms`);
  if (isBroken && shown !== null) return;
  if (chosen.point !== null && chosen.point >= message.result.points.length - 1) chosen.point = null;
  shown = { message, result: message.result };
  document.body.dataset.run = String(message.result.run);
  draw();
}

function takeRows(page: RowsPage): void {
  if (shown === null || page.run !== shown.result.run || page.table !== currentTable()?.id) return;
  grid.take(page, isFresh);
  isFresh = false;
}

policies.addEventListener('click', () => choose('policies'));
sample.addEventListener('click', () => host.send({ kind: 'choose-sample' }));
focus.addEventListener('click', () => host.send({ kind: 'run-all' }));
const bar = element('header', { class: 'bar' }, sample, rules, policies, focus, speed);
document.body.classList.add('preview');
document.body.append(bar, problems, tabs, timeline.root, nothing, grid.root, trace.root);
setText(nothing, 'The query runs as soon as one is open.');
host.listen((message) => {
  if (message.kind === 'preview') take(message);
  else if (message.kind === 'rows') takeRows(message.page);
  else if (message.kind === 'trace') trace.show(message.trace);
  else choose(message.table);
});
host.send({ kind: 'open' });
