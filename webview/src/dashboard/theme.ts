// Colours: the editor's variables where an editor hosts the page, our own values of the same variables in a plain browser.
// Charts cannot read variables, so they are given the computed colours and told when these change.

export const THEME_NAMES = ['system', 'light', 'dark', 'hc-dark', 'hc-light'] as const;
export type ThemeName = (typeof THEME_NAMES)[number];

export const THEME_LABELS: Readonly<Record<ThemeName, string>> = {
  system: 'System',
  light: 'Light',
  dark: 'Dark',
  'hc-dark': 'High contrast dark',
  'hc-light': 'High contrast light',
};

export function isThemeName(value: unknown): value is ThemeName {
  return THEME_NAMES.some((name) => name === value);
}

const systemQueries = ['(prefers-color-scheme: dark)', '(prefers-contrast: more)', '(forced-colors: active)'];

function systemTheme(): Exclude<ThemeName, 'system'> {
  const [isDark, wantsContrast, isForced] = systemQueries.map((query) => window.matchMedia(query).matches);
  if (wantsContrast || isForced) return isDark ? 'hc-dark' : 'hc-light';
  return isDark ? 'dark' : 'light';
}

/** Shows a theme in a plain browser; with `system` the one that the system asks for now. */
export function applyTheme(theme: ThemeName): void {
  document.documentElement.dataset.theme = theme === 'system' ? systemTheme() : theme;
}

/** Calls back when the system's wish changes. */
export function onSystemThemeChange(changed: () => void): void {
  for (const query of systemQueries) window.matchMedia(query).addEventListener('change', changed);
}

/** Calls back when colours may have changed: our own switch, or the editor's, which marks the body and the root's style. */
export function onColoursChange(changed: () => void): void {
  const observer = new MutationObserver(() => {
    coloursInForce = null;
    changed();
  });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'style', 'class'] });
  observer.observe(document.body, {
    attributes: true,
    attributeFilter: ['class', 'data-vscode-theme-id', 'data-vscode-theme-kind'],
  });
}

export interface Colours {
  background: string;
  text: string;
  muted: string;
  line: string;
  /** Fainter than `line`: for what should hardly be seen. */
  grid: string;
  panel: string;
  accent: string;
  land: string;
  border: string;
  series: string[];
  font: string;
  isHighContrast: boolean;
}

let coloursInForce: Colours | null = null;

/** The colours in force. They are computed once until they change: asking the browser for them is slow. */
export function currentColours(): Colours {
  coloursInForce ??= readColours();
  return coloursInForce;
}

/** Reads the page's own variables (dashboard.css). */
function readColours(): Colours {
  const style = getComputedStyle(document.body);
  const value = (name: string) => style.getPropertyValue(name).trim();
  const kind = document.body.dataset.vscodeThemeKind ?? document.documentElement.dataset.theme ?? '';
  return {
    background: value('--page'),
    text: value('--text'),
    muted: value('--muted'),
    line: value('--line'),
    grid: value('--grid'),
    panel: value('--panel'),
    accent: value('--accent'),
    land: value('--land'),
    border: value('--land-line'),
    series: [1, 2, 3, 4, 5, 6].map((index) => value(`--series-${index}`)),
    font: style.fontFamily,
    isHighContrast: kind.includes('high-contrast') || kind.startsWith('hc-'),
  };
}
