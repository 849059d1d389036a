/** An estimate in words, for a terminal. */

import type { Estimate } from './estimate.ts';
import type { OutputLoad } from './measure-load.ts';
import { fraction } from './monthly-costs.ts';
import { allNeeds, isLateInBursts, type Need } from './size-services.ts';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

function figure(value: number): string {
  return (value >= 100 ? whole : fine).format(value);
}

export function estimateReport(estimate: Estimate): string {
  const { load, environment, eventsPerSecond } = estimate;
  return [
    `${figure(eventsPerSecond)} events/s of ${figure(load.bytesPerEvent)} bytes, measured over ${load.measuredSeconds / 60} simulated minutes ` +
      `after ${(load.simulatedSeconds - load.measuredSeconds) / 60} (${figure(load.events)} events), against the sizes of ${environment.environment}.`,
    '',
    ...table([
      ['output', 'to', 'rows/s', 'bytes/row', 'keys', 'RU/s', 'busiest 10 s'],
      ...[...load.outputs].sort((a, b) => b.rowsPerSecond - a.rowsPerSecond).map(outputCells),
      ['processEvents', 'processed-events', ...writeCells(load.processed)],
    ]),
    '',
    ...table([['service', 'takes', 'busiest 10 s', 'to hold', 'has', ''], ...allNeeds(estimate.needs).map(needCells)]),
    '',
    ...breaking(estimate.breaksFirst, allNeeds(estimate.needs).filter(isLateInBursts)),
    '',
    ...costTable(estimate),
    '',
    ...estimate.assumptions.map((line) => `- ${line}`),
  ].join('\n');
}

function outputCells({ output, target, rowsPerSecond, bytesPerRow, writes }: OutputLoad): string[] {
  if (writes === null) return [output, target, figure(rowsPerSecond), figure(bytesPerRow), '', '', ''];
  return [output, target, ...writeCells(writes)];
}

function writeCells(writes: NonNullable<OutputLoad['writes']>): string[] {
  const { writesPerSecond, bytesPerDocument, documents, averageRequestUnits, busiestRequestUnits } = writes;
  return [writesPerSecond, bytesPerDocument, documents, averageRequestUnits, busiestRequestUnits].map(figure);
}

function needCells(need: Need): string[] {
  const { resource, unit, sustained, busiest, needs, has } = need;
  const size = unit.startsWith('streaming') ? fraction : figure;
  const verdict = sustained > has ? 'TOO SMALL' : isLateInBursts(need) ? 'late in bursts' : '';
  return [resource, `${figure(sustained)} ${unit}`, figure(busiest), size(needs), size(has), verdict];
}

function breaking(needs: readonly Need[], late: readonly Need[]): string[] {
  const [first, ...others] = needs;
  const sentence = ({ resource, sustained, has, unit }: Need) =>
    `${resource} needs ${figure(sustained)} ${unit} and has ${figure(has)}`;
  return [
    first === undefined ? 'Nothing breaks: every size holds this rate.' : `What breaks first: ${sentence(first)}.`,
    ...others.map((need) => `Then: ${sentence(need)}.`),
    ...late.map(
      ({ resource, busiest, has, unit }) =>
        `${resource} holds, but writes ten seconds' worth of a window's end in ${figure((10 * busiest) / has)} s: ${figure(busiest)} ${unit} against ${figure(has)}.`,
    ),
  ];
}

function costTable({ costs, environment }: Estimate): string[] {
  const rows = costs.lines.map(({ item, why, monthly, price, isForeign }) => [
    item,
    why,
    monthly === null ? 'unknown' : whole.format(monthly),
    price === null ? 'no price known' : `${price.region}${isForeign ? ' (!)' : ''}, ${price.asOf}`,
  ]);
  const total = `A month at the sizes that it needs, without what is unknown: ${whole.format(costs.monthly)} ${costs.currency}.`;
  const foreign = costs.lines.some(({ isForeign }) => isForeign)
    ? [`(!) a price of another region than ${environment.location}: --online asks for the right one.`]
    : [];
  return [...table([['cost a month', 'of', costs.currency, 'price of'], ...rows]), total, ...foreign];
}

/** Columns of texts; figures stand right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (/^[\d.,/]+$/.test(cell) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
