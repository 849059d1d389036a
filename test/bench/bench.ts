/**
 * `npm run bench -- [topic] [part …]`: measures a topic, all of them without a name. Each folder here that holds a
 * `run.ts` is a topic; that file exports `run(parts)`, which prints its figures. Knows no topic.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { machineText } from './figures.ts';

/** What `run.ts` of a topic exports. `parts` are the names that follow the topic's own; none means all. */
export interface Topic {
  readonly run: (parts: readonly string[]) => Promise<void>;
}

const topics = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(import.meta.dirname, entry.name, 'run.ts')))
  .map((entry) => entry.name)
  .sort();

const [asked, ...parts] = process.argv.slice(2);
if (asked !== undefined && !topics.includes(asked)) {
  console.error(`Unknown topic "${asked}". Known: ${topics.join(', ')}.`);
  process.exitCode = 2;
} else {
  console.log(machineText());
  for (const topic of asked === undefined ? topics : [asked]) {
    const { run } = (await import(`./${topic}/run.ts`)) as Topic;
    await run(parts);
  }
}
