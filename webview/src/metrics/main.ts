// The key figures and the health of a running pipeline, for a side bar: the dashboard's own panels in a narrow page.

import { findHost } from '../dashboard/host.ts';
import { createHealthLine } from '../dashboard/panels/health-line.ts';
import { createKeyFiguresPanel } from '../dashboard/panels/key-figures-panel.ts';
import { DashboardModel, type Part } from '../model/dashboard-model.ts';
import { element } from '../page/element.ts';
import { PROTOCOL_VERSION } from '../protocol/index.ts';

const host = findHost();
const model = new DashboardModel();
const panels = [createHealthLine(), createKeyFiguresPanel(() => Date.now())];
const changed = new Set<Part>();

function paint(parts: ReadonlySet<Part>): void {
  if (changed.size === 0 && parts.size > 0) requestAnimationFrame(draw);
  for (const part of parts) changed.add(part);
}

function draw(): void {
  const parts = new Set(changed);
  changed.clear();
  const isReasonChanged = parts.has('coverage') || parts.has('connection');
  for (const panel of panels) if (isReasonChanged || panel.parts.some((part) => parts.has(part))) panel.render(model);
}

document.body.classList.add('metrics');
document.body.append(element('main', {}, ...panels.map((panel) => panel.root)));
paint(new Set(['coverage']));
host.connect({
  message: (message) => paint(model.apply(message, Date.now())),
  connection: (state) => paint(model.setConnection(state, Date.now())),
});
host.send({ version: PROTOCOL_VERSION, kind: 'ready', range: model.range });
