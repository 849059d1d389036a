// The job diagram: inputs, steps and outputs as a graph with row counts; a click shows a node's columns and rows, a column
// shows what it is made from.
import { findEditorHost } from '../page/editor-host.ts';
import { element, setText } from '../page/element.ts';
import { RowGrid } from '../page/row-grid.ts';
import type { DiagramNode, JobDiagram, PreviewResult } from '../protocol/index.ts';
import { layoutOf, nodeHeight, nodeWidth } from './layout.ts';

const svg = 'http://www.w3.org/2000/svg';
const kindNames = { input: 'Input', reference: 'Reference data', step: 'Step', output: 'Output' } as const;
const host = findEditorHost();
const saved = host.saved();
let chosen = typeof saved.node === 'string' ? saved.node : null;
let column: string | null = null;
let shown: { readonly result: PreviewResult; readonly diagram: JobDiagram } | null = null;
let isFresh = true;

const title = element('h2');
const told = element('span', { class: 'muted' });
const canvas = element('div', { class: 'canvas' });
const lines = document.createElementNS(svg, 'svg');
const detail = element('section', { class: 'detail', 'aria-label': 'Chosen node' });
const detailTitle = element('h2');
const columnsBar = element('div', { class: 'columns', role: 'group', 'aria-label': 'Columns' });
const origin = element('p', { class: 'muted origin', 'aria-live': 'polite' });
const openPreview = element('button', { type: 'button', class: 'plain' }, 'Show in preview');
const grid = new RowGrid('Rows', {
  ask: (from, count) => {
    if (shown !== null && chosen !== null)
      host.send({ kind: 'show', run: shown.result.run, table: tableOf(chosen), from, count, point: null });
  },
  chooseCell: (_row, name) => chooseColumn(name),
  chooseColumn: (name) => chooseColumn(name),
});

/** Reference data are a table as other inputs are. */
function tableOf(node: string): string {
  return node.replace(/^reference:/, 'input:');
}

function chosenNode(): DiagramNode | null {
  return shown?.diagram.nodes.find(({ id }) => id === chosen) ?? null;
}

function choose(id: string): void {
  chosen = id;
  column = null;
  host.save({ node: id });
  grid.toTop();
  draw();
}

function chooseColumn(name: string | null): void {
  column = column === name ? null : name;
  draw();
}

/** Columns that the chosen one is made from, by node; the node itself too. */
function pathOf(diagram: JobDiagram): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const visit = (nodeId: string, name: string) => {
    const names = found.get(nodeId) ?? new Set<string>();
    if (names.has(name)) return;
    found.set(nodeId, names.add(name));
    const node = diagram.nodes.find(({ id }) => id === nodeId);
    for (const from of node?.columns.find((each) => each.name.toLowerCase() === name.toLowerCase())?.from ?? [])
      visit(from.node, from.column);
  };
  if (chosen !== null && column !== null) visit(chosen, column);
  return found;
}

function card(node: DiagramNode, path: ReadonlyMap<string, ReadonlySet<string>>): HTMLElement {
  const count = node.rowCount === null ? '' : node.rowCount.toLocaleString('en');
  const names = path.get(node.id);
  const about = names === undefined ? node.traits.join(', ') : [...names].join(', ');
  const state = path.size === 0 ? '' : names === undefined ? ' away' : ' on';
  const button = element(
    'button',
    {
      type: 'button',
      class: `node ${node.kind}${state}`,
      'aria-pressed': String(node.id === chosen),
      'data-node': node.id,
      title: `${kindNames[node.kind]} ${node.name}`,
    },
    element('span', { class: 'node-name' }, node.name),
    element('span', { class: 'node-count' }, count),
    element('span', { class: 'node-about' }, about === '' ? kindNames[node.kind] : about),
  );
  button.addEventListener('click', () => choose(node.id));
  return button;
}

function drawGraph(diagram: JobDiagram): void {
  const layout = layoutOf(diagram);
  const places = new Map(layout.nodes.map((place) => [place.id, place]));
  const path = pathOf(diagram);
  const cards = diagram.nodes.map((node) => {
    const made = card(node, path);
    const place = places.get(node.id);
    made.style.left = `${place?.x ?? 0}px`;
    made.style.top = `${place?.y ?? 0}px`;
    return made;
  });
  lines.setAttribute('width', String(layout.width));
  lines.setAttribute('height', String(layout.height));
  lines.replaceChildren(
    ...diagram.edges.flatMap(({ from, to, kind }) => {
      const [a, b] = [places.get(from), places.get(to)];
      if (a === undefined || b === undefined) return [];
      const [x1, y1, x2, y2] = [a.x + nodeWidth, a.y + nodeHeight / 2, b.x, b.y + nodeHeight / 2];
      const bend = Math.max(24, (x2 - x1) / 2);
      const line = document.createElementNS(svg, 'path');
      line.setAttribute('d', `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`);
      line.setAttribute('class', `edge ${kind}${path.size === 0 ? '' : path.has(from) && path.has(to) ? ' on' : ' away'}`);
      return [line];
    }),
  );
  canvas.style.width = `${layout.width}px`;
  canvas.style.height = `${layout.height}px`;
  canvas.replaceChildren(lines, ...cards);
}

function drawDetail(diagram: JobDiagram): void {
  const node = chosenNode();
  detail.hidden = node === null;
  if (node === null) return;
  const count =
    node.rowCount === null
      ? ''
      : ` · ${node.rowCount.toLocaleString('en')} ${node.kind === 'input' || node.kind === 'reference' ? 'events' : 'rows'}`;
  setText(detailTitle, `${node.name}${count}`);
  columnsBar.replaceChildren(
    ...node.columns.map(({ name, type }) => {
      const chip = element(
        'button',
        { type: 'button', class: 'chip', 'aria-pressed': String(name === column), title: type },
        name,
      );
      chip.addEventListener('click', () => chooseColumn(name));
      return chip;
    }),
  );
  const fields = [...pathOf(diagram)].filter(([id]) => id.startsWith('input:')).flatMap(([, names]) => [...names]);
  setText(
    origin,
    column === null
      ? 'Choose a column to see what it is made from.'
      : fields.length === 0
        ? `${column} is made from no field of an input.`
        : `${column} is made from ${fields.join(', ')}.`,
  );
  grid.mark(column);
  grid.root.hidden = (node.rowCount ?? 0) === 0;
}

function draw(): void {
  if (shown === null) return;
  drawGraph(shown.diagram);
  drawDetail(shown.diagram);
  isFresh = true;
  if (chosenNode() !== null) grid.reset();
}

openPreview.addEventListener('click', () => {
  if (chosen !== null) host.send({ kind: 'choose-table', table: tableOf(chosen) });
});
document.body.classList.add('diagram');
detail.append(element('header', {}, detailTitle, openPreview), columnsBar, origin, grid.root);
detail.hidden = true;
document.body.append(
  element('header', { class: 'bar' }, title, told),
  element('div', { class: 'scroller', tabindex: '-1' }, canvas),
  detail,
);
setText(title, 'Job diagram');
host.listen((message) => {
  if (message.kind === 'preview') {
    const { result } = message;
    document.body.classList.toggle(
      'stale',
      result.diagram === null || (result.tables.length === 0 && result.problems.length > 0),
    );
    setText(title, message.document);
    setText(
      told,
      result.problems[0] === undefined
        ? `over ${result.events.toLocaleString('en')} events · ${result.sample}`
        : `${result.problems[0].line}:${result.problems[0].column} ${result.problems[0].message}`,
    );
    if (result.diagram === null) return;
    shown = { result, diagram: result.diagram };
    draw();
  } else if (
    message.kind === 'rows' &&
    message.page.run === shown?.result.run &&
    chosen !== null &&
    message.page.table === tableOf(chosen)
  ) {
    grid.take(message.page, isFresh);
    isFresh = false;
  }
});
host.send({ kind: 'open' });
