// The events behind a row: which there are, and in each the fields that the chosen column is made from.
import { element } from '../page/element.ts';
import type { RowTrace } from '../protocol/index.ts';

export class TracePane {
  readonly root: HTMLElement;
  readonly #body = element('div', { class: 'trace-body' });
  readonly #title = element('h2');

  constructor() {
    const close = element('button', { type: 'button', class: 'plain', 'aria-label': 'Close' }, '✕');
    this.root = element(
      'section',
      { class: 'trace', 'aria-label': 'Where the row comes from' },
      element('header', {}, this.#title, close),
      this.#body,
    );
    this.root.hidden = true;
    close.addEventListener('click', () => this.hide());
    this.root.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.hide();
    });
  }

  hide(): void {
    this.root.hidden = true;
  }

  /** While the way back is looked for. */
  wait(row: number): void {
    this.root.hidden = false;
    this.#title.textContent = `Row ${(row + 1).toLocaleString('en')} …`;
  }

  show({ row, column, fields, total, events, reason }: RowTrace): void {
    this.root.hidden = false;
    const from = fields.length === 0 ? '' : ` · ${column} is made from ${fields.join(', ')}`;
    const count = `${total.toLocaleString('en')} event${total === 1 ? '' : 's'}`;
    this.#title.textContent =
      reason !== null && total === 0 ? `Row ${row + 1}` : `Row ${(row + 1).toLocaleString('en')} comes from ${count}${from}`;
    const marked = new Set(fields.map((field) => field.split('.')[0]?.toLowerCase()));
    this.#body.replaceChildren(
      ...(reason === null ? [] : [element('p', { class: 'muted' }, reason)]),
      ...events.map(({ input, number, text }) =>
        element(
          'div',
          { class: 'event' },
          element('span', { class: 'event-number', title: `${input}, event ${number + 1}` }, `#${number + 1}`),
          element('code', {}, ...marks(text, marked)),
        ),
      ),
      ...(total > events.length
        ? [element('p', { class: 'muted' }, `and ${(total - events.length).toLocaleString('en')} more`)]
        : []),
    );
  }
}

/** The fields of an event, those that matter first and marked. */
function marks(text: string, fields: ReadonlySet<string | undefined>): (HTMLElement | string)[] {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    return [text];
  }
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return [text];
  const entries = Object.entries(event);
  const isMarked = ([name]: [string, unknown]) => fields.has(name.toLowerCase());
  return [...entries.filter(isMarked), ...entries.filter((entry) => !isMarked(entry))].flatMap(([name, value], index) => [
    ...(index === 0 ? [] : ['  ']),
    element(
      'span',
      { class: fields.has(name.toLowerCase()) ? 'field marked' : 'field' },
      element('b', {}, name),
      ` ${JSON.stringify(value)}`,
    ),
  ]);
}
