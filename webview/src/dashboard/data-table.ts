// A table that changes cell by cell: a row that stays keeps its elements, a text that stays is not touched.
import { element, seen, setAttribute, setText, spoken } from '../page/element.ts';

export interface Cell {
  text: string;
  /** 0 … 1: draws a bar behind the text. */
  bar?: number;
  /** Said instead of the text, where the eye gets a sign. */
  spoken?: string;
  /** A class of the cell: for signs and colours. */
  tone?: string;
}

export interface Column<Row> {
  header: string;
  /** Numbers stand to the right. */
  numeric?: boolean;
  /** The row's name: a header cell. */
  isRowHeader?: boolean;
  /** Left out where the page is narrow. */
  isMinor?: boolean;
  cell(row: Row): Cell;
}

interface CellView {
  node: HTMLElement;
  seen: HTMLElement;
  spoken: HTMLElement;
}

export class DataTable<Row> {
  readonly root: HTMLTableElement;
  private readonly columns: readonly Column<Row>[];
  private readonly body: HTMLTableSectionElement;
  private readonly rows: { node: HTMLTableRowElement; cells: CellView[] }[] = [];

  constructor(caption: string, columns: readonly Column<Row>[]) {
    this.columns = columns;
    this.body = element('tbody');
    const headers = columns.map((column) => element('th', { scope: 'col', class: cellClass(column) }, column.header));
    this.root = element(
      'table',
      {},
      element('caption', { class: 'spoken' }, caption),
      element('thead', {}, element('tr', {}, ...headers)),
      this.body,
    );
  }

  update(rows: readonly Row[]): void {
    while (this.rows.length > rows.length) this.rows.pop()?.node.remove();
    rows.forEach((row, index) => {
      const view = this.rows[index] ?? this.addRow();
      this.columns.forEach((column, at) => {
        const cell = view.cells[at];
        if (cell) showCell(cell, column.cell(row), column);
      });
    });
  }

  private addRow(): { node: HTMLTableRowElement; cells: CellView[] } {
    const cells = this.columns.map((column): CellView => {
      const node = column.isRowHeader ? element('th', { scope: 'row' }) : element('td');
      const visible = seen('', 'cell-text');
      const heard = spoken();
      node.append(visible, heard);
      return { node, seen: visible, spoken: heard };
    });
    const view = { node: element('tr', {}, ...cells.map((cell) => cell.node)), cells };
    this.body.append(view.node);
    this.rows.push(view);
    return view;
  }
}

function cellClass(column: { numeric?: boolean; isMinor?: boolean }, tone?: string): string | null {
  const classes = [column.numeric ? 'numeric' : '', column.isMinor ? 'minor' : '', tone ?? ''].filter((name) => name !== '');
  return classes.length > 0 ? classes.join(' ') : null;
}

function showCell(view: CellView, cell: Cell, column: { numeric?: boolean; isMinor?: boolean }): void {
  setText(view.seen, cell.text);
  // Text that says the same to eye and ear is one text; only signs are doubled.
  setText(view.spoken, cell.spoken ?? '');
  setAttribute(view.seen, 'aria-hidden', cell.spoken === undefined ? null : 'true');
  setAttribute(view.node, 'class', cellClass(column, [cell.tone, cell.bar === undefined ? '' : 'bar'].filter(Boolean).join(' ')));
  if (cell.bar !== undefined) view.node.style.setProperty('--share', String(Math.max(0, Math.min(1, cell.bar))));
}
