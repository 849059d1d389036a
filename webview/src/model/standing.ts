// What can honestly be said about the figures right now: waiting, live, late, lost. One sentence for people, and a level.

import { RANGES } from '../protocol/index.ts';
import type { DashboardModel } from './dashboard-model.ts';
import { formatClock, formatSpan } from './format.ts';
import type { Level } from './health-levels.ts';

export interface Standing {
  level: Level;
  /** One or two words for the pill. */
  label: string;
  /** The sentence beneath, or null when all is well and there is nothing to explain. */
  notice: string | null;
}

/** Beyond its tolerance a 10 s window may take its own length and a few seconds of writing until it shows. */
const viewerWindowMs = 10_000;
const writeAllowanceMs = 10_000;

function standing(level: Level, label: string, notice: string | null = null): Standing {
  return { level, label, notice };
}

/** Tells how the page stands when its clock says `pageNowMs`. */
export function standingOf(model: DashboardModel, pageNowMs: number): Standing {
  if (model.connection === 'refused') {
    return standing('bad', 'Wrong version', 'This page and its server are of different versions. Reload the page.');
  }
  if (model.connection === 'lost') {
    return standing(
      'bad',
      'Disconnected',
      `The connection was lost ${formatSpan(pageNowMs - model.connectionSinceMs)} ago. The figures below are the last ones received; trying again.`,
    );
  }
  if (model.connection === 'connecting' || model.source === null) return standing('unknown', 'Connecting');
  return sourceStanding(model, pageNowMs) ?? dataStanding(model, pageNowMs);
}

function sourceStanding(model: DashboardModel, pageNowMs: number): Standing | null {
  const source = model.source;
  if (source === null) return null;
  const sinceMs = model.hostNowMs(pageNowMs) - source.sinceMs;
  const detail = source.detail === null ? '' : ` ${source.detail}`;
  switch (source.state) {
    case 'unreachable':
      return standing(
        'bad',
        'No database',
        `Cosmos DB has not answered for ${formatSpan(sinceMs)}.${detail} The figures below are the last ones read; trying again.`,
      );
    case 'missing':
      return standing('warn', 'Waiting', `The results have no place yet: the pipeline has not created its container.${detail}`);
    case 'connecting':
      return standing('unknown', 'Connecting', `Asking Cosmos DB.${detail}`);
    case 'loading':
      return model.sections === null ? standing('unknown', 'Loading', `Reading the ${rangeWords(model)}.${detail}`) : null;
    case 'live':
      return null;
  }
}

function rangeWords(model: DashboardModel): string {
  return RANGES[model.range].label.toLowerCase();
}

function dataStanding(model: DashboardModel, pageNowMs: number): Standing {
  if (model.sections === null) return standing('unknown', 'Loading');
  const newestMs = model.sections.coverage.newestMs;
  const tolerance = formatSpan(model.outOfOrderMs);
  if (newestMs === null) {
    return standing(
      'unknown',
      'Waiting',
      `No window has closed yet. A window closes ${tolerance} after its end, so the first viewer counts show within ${formatSpan(viewerWindowMs + model.outOfOrderMs)} of the first event, the figures of a minute within ${formatSpan(60_000 + model.outOfOrderMs)}.`,
    );
  }
  const ageMs = model.hostNowMs(pageNowMs) - newestMs;
  if (ageMs > RANGES[model.range].spanMs) {
    return standing(
      'warn',
      'No data',
      `Nothing in the ${rangeWords(model)}. The newest result is from ${formatClock(newestMs)}, ${formatSpan(ageMs)} ago.`,
    );
  }
  if (ageMs > viewerWindowMs * 2 + model.outOfOrderMs + writeAllowanceMs) {
    return standing(
      'warn',
      'Late',
      `No new results for a while: the newest window ended at ${formatClock(newestMs)}, ${formatSpan(ageMs)} ago.`,
    );
  }
  return standing('ok', 'Live', unreadableNotice(model));
}

function unreadableNotice(model: DashboardModel): string | null {
  const count = model.source?.unreadableDocuments ?? 0;
  return count === 0
    ? null
    : `${count} ${count === 1 ? 'document' : 'documents'} in Cosmos DB could not be read and ${count === 1 ? 'is' : 'are'} not shown.`;
}

/** What stands in an empty panel: nothing received, nothing in the range, or not closed yet. `windowMs` is the panel's window. */
export function emptyReason(model: DashboardModel, windowMs: number): string {
  if (model.sections === null) return model.connection === 'lost' ? 'Not connected.' : 'Loading …';
  if (model.sections.coverage.newestMs === null)
    return `The first window closes within ${formatSpan(windowMs + model.outOfOrderMs)} of the first event.`;
  return `Nothing in the ${rangeWords(model)}.`;
}
