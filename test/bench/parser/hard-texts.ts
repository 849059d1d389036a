/** Texts of 100 kB that are no queries: text to diagnostics, and how the time grows when the text is four times as long. */
import { analyze, parse } from '@asaql/parser';
import { hardTexts } from '../../../asaql-parser/test/support/hard-texts.ts';
import { type Figure, printTable, timedMs } from '../figures.ts';

const size = 100_000;
const rounds = 7;

export function measureHardTexts(): void {
  const figures: Figure[] = [];
  const growth: string[] = [];
  for (const [name, make] of Object.entries(hardTexts)) {
    const values = measured(make(size));
    const longer = measured(make(size * 4));
    figures.push({ name, values, target: 'max < 100' });
    growth.push(`${name} ${(Math.min(...longer) / Math.min(...values)).toFixed(1)}`);
  }
  figures.sort((a, b) => Math.max(...b.values) - Math.max(...a.values));
  printTable('100 kB of arbitrary text → diagnostics', 'ms', figures);
  console.log(`\nFour times the text takes this many times as long: ${growth.join(', ')}.`);
}

function measured(text: string): readonly number[] {
  // The first round warms up: it is not counted.
  const values = Array.from({ length: rounds + 1 }, (_, round) => timedMs(() => analyze(parse(`${text}${' '.repeat(round)}`))));
  return values.slice(1);
}
