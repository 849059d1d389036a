/** Text to diagnostics, all checks on, from nothing: each round has a text that was never seen before. */
import { analyze, createSnapshot, EditingSession, parse } from '@asaql/parser';
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
    ...sessionFigures(text),
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

/** A character typed into a step, in an editing session: what it leaves alone is not worked out again. */
function sessionFigures(text: string): readonly Figure[] {
  const places: readonly (readonly [string, string])[] = [
    ['top, in a step that all read', 'event_id IS NOT NULL'],
    ['top, a column that all read', 'TRY_CAST(location.lat AS float) AS '],
    ['middle', 'duration_seconds > 0'],
  ];
  return places.map(([name, behind]) => {
    const middle = text.indexOf(behind, name === 'middle' ? text.length / 2 : 0);
    const at = (middle === -1 ? text.indexOf('event_type,') : middle) + behind.length;
    const session = new EditingSession();
    const values: number[] = [];
    for (let round = 0; round < warmUp + rounds; round++) {
      const typed = `${text.slice(0, at)}${'a'.repeat(1 + (round % 8))}${text.slice(at)}`;
      const ms = timedMs(() => session.snapshot(typed).model.diagnostics);
      if (round >= warmUp) values.push(ms);
    }
    return { name: `one key in a session: ${name}`, values };
  });
}
