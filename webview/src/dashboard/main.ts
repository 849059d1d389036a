// The dashboard page: finds its host, folds its messages into the model and draws, once a frame, what changed.
import { DashboardModel, type Part } from '../model/dashboard-model.ts';
import { element } from '../page/element.ts';
import { isRangeName, PROTOCOL_VERSION, type RangeName } from '../protocol/index.ts';
import { findHost, type Host } from './host.ts';
import { createPageHeader, type HeaderChoices, type PageHeader } from './page-header.ts';
import type { Panel } from './panel.ts';
import { createDevicesPanel } from './panels/devices-panel.ts';
import { createEngagementPanel } from './panels/engagement-panel.ts';
import { createHealthLine } from './panels/health-line.ts';
import { createHotspotsPanel } from './panels/hotspots-panel.ts';
import { createKeyFiguresPanel } from './panels/key-figures-panel.ts';
import { createMapPanel } from './panels/map-panel.ts';
import { createTrendingPanel } from './panels/trending-panel.ts';
import { createViewersPanel } from './panels/viewers-panel.ts';
import { createWatchTimePanel } from './panels/watch-time-panel.ts';
import { applyTheme, isThemeName, onSystemThemeChange, type ThemeName } from './theme.ts';

interface Choices {
  range: RangeName;
  theme: ThemeName;
}

/** What was chosen on the last visit, as far as it still makes sense. */
function savedChoices(host: Host, model: DashboardModel): Choices {
  const saved = host.saved();
  const fields = typeof saved === 'object' && saved !== null ? (saved as Record<string, unknown>) : {};
  const { range, theme } = fields;
  return { range: isRangeName(range) ? range : model.range, theme: isThemeName(theme) ? theme : 'system' };
}

interface Page {
  readonly header: PageHeader;
  readonly panels: readonly Panel[];
}

function buildPage(choices: HeaderChoices): Page {
  const header = createPageHeader(choices);
  const top: Panel[] = [createHealthLine(), createKeyFiguresPanel(() => Date.now())];
  const grid: Panel[] = [
    createViewersPanel(),
    createTrendingPanel(),
    createMapPanel(),
    createDevicesPanel(),
    createEngagementPanel(),
    createHotspotsPanel(),
    createWatchTimePanel(),
  ];
  const gridRoot = element('div', { class: 'grid' }, ...grid.map((panel) => panel.root));
  document.body.append(header.root, element('main', {}, header.notice, ...top.map((panel) => panel.root), gridRoot));
  return { header, panels: [...top, ...grid] };
}

/** Collects what changed and draws it with the next frame, once, however many messages came. */
function createPainter(model: DashboardModel, page: Page): (parts: ReadonlySet<Part>) => void {
  const changed = new Set<Part>();
  const draw = () => {
    const parts = new Set(changed);
    changed.clear();
    // What an empty panel says depends on how far the documents reach and on the connection.
    const isReasonChanged = parts.has('coverage') || parts.has('connection');
    for (const panel of page.panels) if (isReasonChanged || panel.parts.some((part) => parts.has(part))) panel.render(model);
    page.header.render(model, Date.now());
  };
  return (parts) => {
    if (changed.size === 0 && parts.size > 0) requestAnimationFrame(draw);
    for (const part of parts) changed.add(part);
  };
}

function start(): void {
  const host = findHost();
  const model = new DashboardModel();
  const choices = savedChoices(host, model);
  model.chooseRange(choices.range);
  if (host.kind === 'browser') {
    applyTheme(choices.theme);
    onSystemThemeChange(() => applyTheme(choices.theme));
  }
  const page = buildPage({
    range: choices.range,
    theme: host.kind === 'browser' ? choices.theme : null,
    chooseRange: (range) => {
      choices.range = range;
      host.save(choices);
      paint(model.chooseRange(range));
      host.send({ version: PROTOCOL_VERSION, kind: 'range', range });
    },
    chooseTheme: (theme) => {
      choices.theme = theme;
      host.save(choices);
      applyTheme(theme);
    },
    reconnect: () => host.reconnect(),
  });
  const paint = createPainter(model, page);
  paint(new Set(['coverage']));
  host.connect({
    message: (message) => paint(model.apply(message, Date.now())),
    connection: (state) => paint(model.setConnection(state, Date.now())),
  });
  // Ages grow without a message.
  setInterval(() => page.header.render(model, Date.now()), 1_000);
  host.send({ version: PROTOCOL_VERSION, kind: 'ready', range: choices.range });
}

start();
