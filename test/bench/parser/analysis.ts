/** Text to diagnostics, all checks on, from nothing: each round has a text that was never seen before. */
import { analyze, createSnapshot, parse } from '@asaql/parser';
import { type Figure, printTable, timedMs } from '../figures.ts';
import { longQuery } from './long-query.ts';

const warmUp = 60;
const rounds = 200;

export function measureAnalysis(): void {
  const text = longQuery(1000);
  const figures: Figure[] = [
    { name: 'text → tree', values: measured(text, (fresh) => parse(fresh)) },
    { name: 'text → diagnostics', values: measured(text, (fresh) => analyze(parse(fresh)).diagnostics), target: 'median < 15' },
    {
      name: 'text → names of all things',
      values: measured(text, (fresh) => createSnapshot(fresh).occurrences),
    },
  ];
  printTable(`${text.split('\n').length} lines, ${(text.length / 1000).toFixed(1)} kB, warm`, 'ms', figures);
}

function measured(text: string, work: (fresh: string) => unknown): readonly number[] {
  const values: number[] = [];
  for (let round = 0; round < warmUp + rounds; round++) {
    const fresh = text.replaceAll('content_id', `content_${round}`);
    const ms = timedMs(() => work(fresh));
    if (round >= warmUp) values.push(ms);
  }
  return values;
}
