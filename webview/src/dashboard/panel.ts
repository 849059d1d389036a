// A panel of the page: a region with a heading, a note that says what time it covers, a body, and a word when it is empty.
import type { DashboardModel, Part } from '../model/dashboard-model.ts';
import { element, setText } from '../page/element.ts';

/** A part of the page that draws itself again when one of `parts` changed. */
export interface Panel {
  readonly root: HTMLElement;
  readonly parts: readonly Part[];
  render(model: DashboardModel): void;
}

export interface PanelFrame {
  readonly root: HTMLElement;
  readonly body: HTMLElement;
  /** Beside the heading: for a badge and the like. */
  readonly heading: HTMLElement;
  setNote(text: string): void;
  /** Shows the body, or with a reason the reason instead. */
  setEmpty(reason: string | null): void;
}

export function panelFrame(id: string, title: string): PanelFrame {
  const headingId = `${id}-title`;
  const note = element('span', { class: 'panel-note' });
  const heading = element('h2', { id: headingId }, title);
  const body = element('div', { class: 'panel-body' });
  const empty = element('p', { class: 'panel-empty' });
  const root = element('section', { id, class: 'panel', 'aria-labelledby': headingId });
  root.append(element('header', { class: 'panel-head' }, heading, note), body, empty);
  empty.hidden = true;
  return {
    root,
    body,
    heading,
    setNote: (text) => setText(note, text),
    setEmpty: (reason) => {
      body.hidden = reason !== null;
      empty.hidden = reason === null;
      setText(empty, reason ?? '');
    },
  };
}

/** A table behind a fold, as the text form of a chart. Filled only while it is open. */
export function dataFold(title: string, table: HTMLElement, fill: () => void): { root: HTMLElement; refresh(): void } {
  const fold = element(
    'details',
    { class: 'data-fold' },
    element('summary', {}, title),
    element('div', { class: 'table-scroll', tabindex: '0', role: 'region', 'aria-label': title }, table),
  );
  fold.addEventListener('toggle', () => {
    if (fold.open) fill();
  });
  return {
    root: fold,
    refresh: () => {
      if (fold.open) fill();
    },
  };
}
