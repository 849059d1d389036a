// The pipeline's health in one line: five figures, each with a sign of its state, and the parts that do not run as they should.
import type { DashboardModel } from '../../model/dashboard-model.ts';
import { type HealthFigure, healthFigures, type Level, partLevel, worstLevel } from '../../model/health-levels.ts';
import { element, seen, setAttribute, setText, spoken } from '../../page/element.ts';
import type { PartHealth } from '../../protocol/index.ts';
import type { Panel } from '../panel.ts';

/** Shape besides colour: a state must not be told by colour alone. */
const signs: Readonly<Record<Level, string>> = { ok: '●', warn: '▲', bad: '■', unknown: '○' };
const words: Readonly<Record<Level, string>> = { ok: 'fine', warn: 'attention', bad: 'bad', unknown: 'not known' };

const oldHint = 'Received before the connection was lost.';

interface ItemView {
  root: HTMLElement;
  sign: HTMLElement;
  value: HTMLElement;
  state: HTMLElement;
}

function itemView(label: string, key: string): ItemView {
  const sign = seen('', 'sign');
  const value = element('span', { class: 'health-value', 'data-health': key });
  const state = spoken();
  const root = element('li', { class: 'health-item' }, sign, element('span', { class: 'health-label' }, label), value, state);
  return { root, sign, value, state };
}

function showItem(view: ItemView, level: Level, value: string, hint: string): void {
  setAttribute(view.root, 'data-level', level);
  setAttribute(view.root, 'title', hint);
  setText(view.sign, signs[level]);
  setText(view.value, value);
  setText(view.state, ` (${words[level]}: ${hint})`);
}

function partsWords(parts: readonly PartHealth[]): { value: string; hint: string; level: Level } {
  const troubled = parts.filter((part) => part.state !== 'running');
  const level = worstLevel(parts.map(partLevel));
  if (parts.length === 0) return { value: '–', hint: 'Not reported.', level };
  if (troubled.length === 0)
    return { value: `${parts.length} running`, hint: `${parts.map((part) => part.name).join(', ')}.`, level };
  const value = troubled.map((part) => `${part.name} ${part.state}`).join(', ');
  const details = troubled.flatMap((part) => (part.detail === null ? [] : [`${part.name}: ${part.detail}`]));
  return { value, hint: details.length > 0 ? details.join(' ') : `${troubled.length} of ${parts.length} do not run.`, level };
}

export function createHealthLine(): Panel {
  const list = element('ul', { class: 'health' });
  const root = element('section', { id: 'health', 'aria-label': 'Pipeline health' }, list);
  const nothingKnown = {
    eventsInPerSecond: null,
    eventsOutPerSecond: null,
    lagEvents: null,
    watermarkDelayMs: null,
    deadLetters: null,
    parts: [],
  };
  const figuresOf = (model: DashboardModel): HealthFigure[] =>
    healthFigures(model.health ?? nothingKnown, model.newDeadLetters, model.outOfOrderMs);
  const views = new Map<string, ItemView>();
  for (const figure of healthFigures(nothingKnown, null, 0)) {
    const view = itemView(figure.label, figure.key);
    views.set(figure.key, view);
    list.append(view.root);
  }
  const partsView = itemView('Parts', 'parts');
  list.append(partsView.root);
  return {
    root,
    parts: ['health', 'range', 'connection'],
    render: (model) => {
      // What was heard before the line went dead is not known to be so now.
      const isOld = model.connection === 'lost' && model.health !== null;
      for (const figure of figuresOf(model)) {
        const view = views.get(figure.key);
        if (view) showItem(view, isOld ? 'unknown' : figure.level, figure.value, isOld ? oldHint : figure.hint);
      }
      const parts = partsWords(model.health?.parts ?? []);
      showItem(partsView, isOld ? 'unknown' : parts.level, parts.value, isOld ? oldHint : parts.hint);
    },
  };
}
