// The row of key figures. Their text changes in place; a screen reader hears all of them in one sentence now and then.
import type { DashboardModel } from '../../model/dashboard-model.ts';
import { type KeyFigure, keyFigures, spokenFigures } from '../../model/key-figures.ts';
import { element, seen, setAttribute, setText, spoken } from '../../page/element.ts';
import { DEFAULT_RANGE, RANGES } from '../../protocol/index.ts';
import type { Panel } from '../panel.ts';

/** More often than this nobody wants to be told. */
const announceEveryMs = 30_000;

interface FigureView {
  value: HTMLElement;
  note: HTMLElement;
  trend: HTMLElement;
  trendText: HTMLElement;
  trendSpoken: HTMLElement;
}

function figureView(figure: KeyFigure): { root: HTMLElement; view: FigureView } {
  const value = element('span', { class: 'figure-value', 'data-figure': figure.key });
  const note = element('span', { class: 'figure-note' });
  const trendText = seen('', 'trend-text');
  const trendSpoken = spoken();
  const trend = element('span', { class: 'trend' }, trendText, trendSpoken);
  const definition = element('dd', {}, element('span', { class: 'figure-line' }, value, trend), note);
  return {
    root: element('div', { class: 'figure' }, element('dt', {}, figure.label), definition),
    view: { value, note, trend, trendText, trendSpoken },
  };
}

const arrows = { up: '▲', down: '▼', same: '' };

function showFigure(view: FigureView, figure: KeyFigure): void {
  setText(view.value, figure.value);
  setText(view.note, figure.note);
  const trend = figure.trend;
  view.trend.hidden = trend === null || trend.direction === 'same';
  setAttribute(view.trend, 'data-direction', trend?.direction ?? null);
  setText(view.trendText, trend ? `${arrows[trend.direction]} ${trend.text}` : '');
  setText(view.trendSpoken, trend ? `, ${trend.direction} by ${trend.text} against the window before` : '');
}

/** `now` is the page's clock: it paces what is spoken. */
export function createKeyFiguresPanel(now: () => number): Panel {
  const live = element('p', { class: 'spoken', role: 'status', 'aria-live': 'polite', id: 'key-figures-spoken' });
  const list = element('dl', { class: 'figures' });
  const root = element('section', { id: 'key-figures', 'aria-label': 'Key figures' }, list, live);
  const views = new Map<string, FigureView>();
  for (const figure of keyFigures(null, RANGES[DEFAULT_RANGE])) {
    const made = figureView(figure);
    list.append(made.root);
    views.set(figure.key, made.view);
  }
  let announcedMs = Number.NEGATIVE_INFINITY;
  return {
    root,
    parts: ['now', 'totals', 'alerts', 'range'],
    render: (model: DashboardModel) => {
      const figures = keyFigures(model.sections, RANGES[model.range]);
      for (const figure of figures) {
        const view = views.get(figure.key);
        if (view) showFigure(view, figure);
      }
      if (model.sections === null || now() - announcedMs < announceEveryMs) return;
      announcedMs = now();
      setText(live, spokenFigures(figures));
    },
  };
}
