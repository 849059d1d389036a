/** A reconciliation as a person reads it. */
import type { Reconciliation } from './reconcile.ts';
import type { WindowsComparison } from './window-comparison.ts';

const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const examplesMax = 3;

export function reconciliationReport(result: Reconciliation): string {
  const lines = [
    'Reconciliation',
    `  acknowledged by the hub      ${count(result.acknowledgedDistinct)} distinct of ${number.format(result.acknowledgedEvents)} sent`,
    `  in the hub                   ${count(result.hubDistinct)} distinct of ${number.format(result.hubEvents)} events${unacknowledged(result)}`,
    `  processed documents          ${count(result.processed)}`,
    `  dead letters                 ${count(result.deadLettered)}${reasons(result)}`,
    `  archived by archiveRaw       ${count(result.archived)}`,
    '',
    '  windows                 documents expected / found   sum expected / found',
    ...result.windows.map(windowLine),
    '',
    ...problems(result),
    result.balanced ? 'It balances.' : 'It does NOT balance.',
  ];
  return lines.join('\n');
}

function count(value: number): string {
  return number.format(value).padStart(12);
}

function unacknowledged(result: Reconciliation): string {
  const count = result.unacknowledged;
  return count === 0 ? '' : `   (${number.format(count)} without an acknowledgement, or sent by another program)`;
}

function reasons(result: Reconciliation): string {
  const parts = Object.entries(result.deadLetterReasons)
    .sort((a, b) => b[1] - a[1])
    .map(([code, times]) => `${code} ${number.format(times)}`);
  return parts.length === 0 ? '' : `   (${parts.join(', ')})`;
}

function windowLine(one: WindowsComparison): string {
  const column = Object.keys(one.expectedSums)[0] ?? '';
  const sums = `${number.format(one.expectedSums[column] ?? 0)} / ${number.format(one.foundSums[column] ?? 0)} ${column}`;
  const documents = `${number.format(one.expectedDocuments)} / ${number.format(one.foundDocuments)}`;
  return `  ${one.aggregationType.padEnd(22)} ${documents.padStart(22)}       ${sums}`;
}

function problems(result: Reconciliation): string[] {
  const named = (what: string, ids: readonly string[]) =>
    ids.length === 0
      ? []
      : [
          `  ${number.format(ids.length)} ${what}: ${ids.slice(0, examplesMax).join(', ')}${ids.length > examplesMax ? ', …' : ''}`,
        ];
  return [
    ...(result.acknowledgedMissing === 0
      ? []
      : [`  ${number.format(result.acknowledgedMissing)} acknowledged events are not in the hub`]),
    ...named('events neither processed nor dead-lettered', result.unprocessed),
    ...named('events both processed and dead-lettered', result.both),
    ...named('events not archived', result.unarchived),
    ...result.windows.flatMap((one) => [
      ...named(`documents of ${one.aggregationType} missing`, one.missing),
      ...named(`documents of ${one.aggregationType} with other figures`, one.different),
      ...named(`documents of ${one.aggregationType} that no event accounts for`, one.unexpected),
    ]),
  ];
}
