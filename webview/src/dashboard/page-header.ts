// The top of the page: its name, how it stands, the choice of range and, in a browser, of theme.
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import type { DashboardModel } from '../model/dashboard-model.ts';
import { standingOf } from '../model/standing.ts';
import { element, seen, setAttribute, setText } from '../page/element.ts';
import type { RangeName } from '../protocol/index.ts';
import { isRangeName, RANGE_NAMES, RANGES } from '../protocol/index.ts';
import { isThemeName, THEME_LABELS, THEME_NAMES, type ThemeName } from './theme.ts';

export interface HeaderChoices {
  range: RangeName;
  /** Null where the host brings the theme. */
  theme: ThemeName | null;
  chooseRange(range: RangeName): void;
  chooseTheme(theme: ThemeName): void;
  reconnect(): void;
}

export interface PageHeader {
  readonly root: HTMLElement;
  /** The notice, which stands below the header when there is something to explain. */
  readonly notice: HTMLElement;
  /** Draws the standing; the same page may stand differently a second later without any message. */
  render(model: DashboardModel, pageNowMs: number): void;
}

const signs = { ok: '●', warn: '▲', bad: '■', unknown: '○' };

function select(
  id: string,
  label: string,
  options: readonly [value: string, label: string][],
  chosen: string,
  choose: (value: string) => void,
): HTMLElement {
  const control = element('vscode-single-select', { id, label });
  for (const [value, text] of options) {
    const option = element('vscode-option', { value }, text);
    if (value === chosen) option.setAttribute('selected', '');
    control.append(option);
  }
  control.addEventListener('change', () => choose(control.value));
  return element('div', { class: 'choice' }, seen(label, 'choice-label'), control);
}

function choicesOf(choices: HeaderChoices): HTMLElement[] {
  const ranges = RANGE_NAMES.map((name): [string, string] => [name, RANGES[name].label]);
  const themes = THEME_NAMES.map((name): [string, string] => [name, THEME_LABELS[name]]);
  const controls = [
    select('range', 'Range', ranges, choices.range, (value) => {
      if (isRangeName(value)) choices.chooseRange(value);
    }),
  ];
  if (choices.theme !== null) {
    controls.push(
      select('theme', 'Theme', themes, choices.theme, (value) => {
        if (isThemeName(value)) choices.chooseTheme(value);
      }),
    );
  }
  return controls;
}

export function createPageHeader(choices: HeaderChoices): PageHeader {
  const sign = seen('', 'sign');
  const label = element('span', { class: 'standing-label' });
  const standing = element('p', { id: 'standing', class: 'standing', role: 'status' }, sign, label);
  const heading = element('div', { class: 'page-name' }, element('h1', {}, 'Playback live'), standing);
  const root = element('header', { class: 'page-head' }, heading, element('div', { class: 'choices' }, ...choicesOf(choices)));

  const noticeText = element('span');
  const retry = element('vscode-button', { secondary: '' }, 'Try again now');
  retry.addEventListener('click', () => choices.reconnect());
  const notice = element('div', { id: 'notice', class: 'notice' }, noticeText, retry);
  notice.hidden = true;
  return {
    root,
    notice,
    render: (model, pageNowMs) => {
      const current = standingOf(model, pageNowMs);
      setAttribute(standing, 'data-level', current.level);
      setText(sign, signs[current.level]);
      setText(label, current.label);
      setAttribute(notice, 'data-level', current.level);
      notice.hidden = current.notice === null;
      retry.hidden = model.connection !== 'lost';
      setText(noticeText, current.notice ?? '');
    },
  };
}
