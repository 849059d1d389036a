// A table of any length: only the rows that are seen exist, and they are asked for in pages. Cells are reached by arrow keys.
import type { Cell, RowsPage } from '../protocol/index.ts';
import { element } from './element.ts';

const rowHeight = 22;
const pageRows = 100;
const spareRows = 8;
const widthMaxChars = 42;

export interface RowGridOptions {
  /** Asks for rows; they come by `take`. */
  readonly ask: (from: number, count: number) => void;
  readonly chooseCell: (row: number, column: string) => void;
  readonly chooseColumn: (column: string) => void;
}

export class RowGrid {
  readonly root: HTMLElement;
  readonly #options: RowGridOptions;
  readonly #head = element('div', { class: 'grid-head', role: 'row' });
  readonly #body = element('div', { class: 'grid-body', role: 'rowgroup' });
  #columns: readonly string[] = [];
  #widths: readonly number[] = [];
  #total = 0;
  readonly #rows = new Map<number, readonly Cell[]>();
  readonly #asked = new Set<number>();
  #active = { row: 0, column: 0 };
  #marked: string | null = null;

  constructor(label: string, options: RowGridOptions) {
    this.#options = options;
    this.root = element('div', { class: 'grid', role: 'grid', 'aria-label': label, tabindex: '0' }, this.#head, this.#body);
    this.root.addEventListener('scroll', () => this.#draw(), { passive: true });
    this.root.addEventListener('keydown', (event) => this.#key(event));
    this.#body.addEventListener('click', (event) => this.#click(event));
    new ResizeObserver(() => this.#draw()).observe(this.root);
  }

  /** Other rows: what was there goes when the first of the new ones come, so that nothing flickers. */
  reset(): void {
    this.#asked.clear();
    this.#options.ask(this.#firstSeen() - (this.#firstSeen() % pageRows), pageRows * 2);
  }

  /** From the top again, for another table. */
  toTop(): void {
    this.root.scrollTop = 0;
    this.root.scrollLeft = 0;
    this.#active = { row: 0, column: 0 };
    this.#marked = null;
  }

  take(page: RowsPage, isFresh: boolean): void {
    if (isFresh) this.#rows.clear();
    if (page.columns.join('\n') !== this.#columns.join('\n') || this.#rows.size === 0) this.#measure(page);
    for (const [index, row] of page.rows.entries()) this.#rows.set(page.from + index, row);
    this.#total = page.total;
    this.root.setAttribute('aria-rowcount', String(page.total + 1));
    this.#body.style.height = `${page.total * rowHeight}px`;
    this.#draw();
  }

  /** Shows which column is looked at. */
  mark(column: string | null): void {
    this.#marked = column;
    this.#draw();
  }

  #measure({ columns, rows }: RowsPage): void {
    this.#columns = columns;
    this.#widths = columns.map((name, index) => {
      const longest = rows.reduce((most, row) => Math.max(most, cellText(row[index]).length), name.length + 1);
      return Math.min(widthMaxChars, Math.max(5, longest)) + 2;
    });
    const template = `6ch ${this.#widths.map((width) => `${width}ch`).join(' ')}`;
    this.root.style.setProperty('--columns', template);
    this.#head.replaceChildren(
      element('span', { class: 'grid-number', role: 'columnheader' }, '#'),
      ...columns.map((name) => {
        const head = element(
          'button',
          { class: 'grid-name', role: 'columnheader', type: 'button', title: `Where ${name} comes from` },
          name,
        );
        head.addEventListener('click', () => this.#options.chooseColumn(name));
        return head;
      }),
    );
  }

  #firstSeen(): number {
    return Math.max(0, Math.floor(this.root.scrollTop / rowHeight) - spareRows);
  }

  #draw(): void {
    const from = this.#firstSeen();
    const to = Math.min(this.#total, from + Math.ceil(this.root.clientHeight / rowHeight) + 2 * spareRows);
    const drawn: HTMLElement[] = [];
    for (let index = from; index < to; index += 1) drawn.push(this.#row(index));
    this.#body.replaceChildren(...drawn);
    for (const head of this.#head.children) head.classList.toggle('marked', head.textContent === this.#marked);
    for (let page = from - (from % pageRows); page < to; page += pageRows) {
      const last = Math.min(this.#total, page + pageRows) - 1;
      if ((this.#rows.has(Math.max(page, from)) && this.#rows.has(Math.min(last, to - 1))) || this.#asked.has(page)) continue;
      this.#asked.add(page);
      this.#options.ask(page, pageRows);
    }
  }

  #row(index: number): HTMLElement {
    const cells = this.#rows.get(index);
    const row = element('div', {
      class: index % 2 === 0 ? 'grid-row' : 'grid-row odd',
      role: 'row',
      'aria-rowindex': String(index + 2),
    });
    row.style.top = `${index * rowHeight}px`;
    row.append(element('span', { class: 'grid-number', role: 'rowheader' }, (index + 1).toLocaleString('en')));
    this.#columns.forEach((name, column) => {
      const value = cells?.[column];
      const text = cells === undefined ? '…' : cellText(value);
      const isActive = index === this.#active.row && column === this.#active.column;
      const kind = value === null || value === undefined ? 'null' : typeof value === 'number' ? 'number' : 'text';
      const classes = ['grid-cell', kind, ...(isActive ? ['active'] : []), ...(name === this.#marked ? ['marked'] : [])];
      row.append(
        element(
          'span',
          {
            class: classes.join(' '),
            role: 'gridcell',
            title: text.length > 40 ? text : null,
            'data-row': String(index),
            'data-column': String(column),
          },
          text,
        ),
      );
    });
    return row;
  }

  #click(event: MouseEvent): void {
    const cell = (event.target as HTMLElement).closest<HTMLElement>('[data-column]');
    if (cell === null) return;
    this.#active = { row: Number(cell.dataset.row), column: Number(cell.dataset.column) };
    this.#draw();
    this.#choose();
  }

  #key(event: KeyboardEvent): void {
    const steps: Record<string, readonly [number, number]> = {
      ArrowDown: [1, 0],
      ArrowUp: [-1, 0],
      ArrowRight: [0, 1],
      ArrowLeft: [0, -1],
      PageDown: [20, 0],
      PageUp: [-20, 0],
    };
    const step = steps[event.key];
    if (event.key === 'Enter') this.#choose();
    if (step === undefined) return;
    event.preventDefault();
    const row = Math.min(this.#total - 1, Math.max(0, this.#active.row + step[0]));
    this.#active = { row, column: Math.min(this.#columns.length - 1, Math.max(0, this.#active.column + step[1])) };
    const top = row * rowHeight;
    if (top < this.root.scrollTop) this.root.scrollTop = top;
    const seen = this.root.clientHeight - 2 * rowHeight;
    if (top > this.root.scrollTop + seen) this.root.scrollTop = top - seen;
    this.#draw();
  }

  #choose(): void {
    const column = this.#columns[this.#active.column];
    if (column !== undefined && this.#rows.has(this.#active.row)) this.#options.chooseCell(this.#active.row, column);
  }
}

export function cellText(value: Cell | undefined): string {
  if (value === undefined || value === null) return 'null';
  if (typeof value === 'object') return JSON.stringify(value);
  // The engine prints datetimes as the service does, to 100 ns: zeros that say nothing are left out.
  return String(value).replace(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.0000000Z$/, '$1Z');
}
