// The dashboard page: finds its host, folds its messages into the model and draws, once a frame, what changed.
import { DashboardModel, type Part } from '../model/dashboard-model.ts';
import { isRangeName, PROTOCOL_VERSION, type RangeName } from '../protocol/index.ts';
import { element } from './element.ts';
import { findHost, type Host } from './host.ts';
import { createPageHeader } from './page-header.ts';
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

function start(): void {
  const host = findHost();
  const model = new DashboardModel();
  const choices = savedChoices(host, model);
  model.chooseRange(choices.range);
  if (host.kind === 'browser') {
    applyTheme(choices.theme);
    onSystemThemeChange(() => applyTheme(choices.theme));
  }

  const changed = new Set<Part>(['range']);
  let isScheduled = false;
  const schedule = (parts: ReadonlySet<Part>) => {
    for (const part of parts) changed.add(part);
    if (isScheduled || changed.size === 0) return;
    isScheduled = true;
    requestAnimationFrame(draw);
  };

  const header = createPageHeader({
    range: choices.range,
    theme: host.kind === 'browser' ? choices.theme : null,
    chooseRange: (range) => {
      choices.range = range;
      host.save(choices);
      schedule(model.chooseRange(range));
      host.send({ version: PROTOCOL_VERSION, kind: 'range', range });
    },
    chooseTheme: (theme) => {
      choices.theme = theme;
      host.save(choices);
      applyTheme(theme);
    },
    reconnect: () => host.reconnect(),
  });
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
  const panels = [...top, ...grid];
  const main = element(
    'main',
    {},
    header.notice,
    ...top.map((panel) => panel.root),
    element('div', { class: 'grid' }, ...grid.map((panel) => panel.root)),
  );
  document.body.append(header.root, main);

  function draw(): void {
    isScheduled = false;
    const parts = new Set(changed);
    changed.clear();
    // What an empty panel says depends on how far the documents reach and on the connection.
    const isReasonChanged = parts.has('coverage') || parts.has('connection');
    for (const panel of panels) if (isReasonChanged || panel.parts.some((part) => parts.has(part))) panel.render(model);
    header.render(model, Date.now());
  }

  host.connect({
    message: (message) => schedule(model.apply(message, Date.now())),
    connection: (state) => schedule(model.setConnection(state, Date.now())),
  });
  // Ages grow without a message.
  setInterval(() => header.render(model, Date.now()), 1_000);
  schedule(changed);
  host.send({ version: PROTOCOL_VERSION, kind: 'ready', range: choices.range });
}

start();
