/**
 * The engine's bench: queries from the bytes of a file to rows, against DuckDB and against the limits. Final rows are
 * compared before anything is timed; then every subject runs once in each round, each in a process of its own.
 *
 *   npm run bench -- engine [--events N] [--rounds N] [--query NAME]… [--no-growth]
 *     --events N    generated events; 200,000 by default, 2,000,000 for the figures in docs/performance.md
 *     --rounds N    how often everything runs; 3 by default
 *     --query NAME  only this query (or "all", the seven together); several are possible
 *     --no-growth   without the cost of ten times the events, keys and windows
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { combineQueries } from '@asaql/project';
import { ensureDuckdb } from './duckdb-package.ts';
import { duckdbQueries } from './duckdb-queries.ts';
import { type EventsFile, writeEventsFile } from './events-file.ts';
import { growth } from './growth.ts';
import { measure } from './measure-process.ts';
import { assertSameRows } from './same-rows.ts';
import type { Measured } from './subject.ts';
import { range, table } from './tables.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const together = 'all seven';

function queryFiles(): readonly { readonly name: string; readonly text: string }[] {
  const folder = join(root, 'stream-analytics', 'queries');
  const known = new Set(duckdbQueries.map(({ name }) => `${name}.asaql`));
  return readdirSync(folder)
    .filter((name) => known.has(name))
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
}

interface Comparison {
  readonly name: string;
  readonly query: string;
  readonly queries: readonly string[];
}

function comparisons(wanted: readonly string[] | undefined): readonly Comparison[] {
  const files = queryFiles();
  const all: readonly Comparison[] = [
    { name: together, query: combineQueries(files), queries: files.map(({ name }) => basename(name, '.asaql')) },
    ...duckdbQueries.map(({ name }) => ({
      ...{ name, queries: [name] },
      query: combineQueries(files.filter((file) => file.name === `${name}.asaql`)),
    })),
  ];
  return wanted === undefined ? all : all.filter(({ name }) => wanted.includes(name === together ? 'all' : name));
}

/** Throws where the final rows of a query are not DuckDB's. */
function compareRows({ name, query, queries }: Comparison, path: string): void {
  const folders = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'asaql-bench-rows-'))) as [string, string];
  try {
    measure({ kind: 'asaql', query, cores: 2 }, path, folders[0]);
    measure({ kind: 'duckdb', queries, threads: 2 }, path, folders[1]);
    const counts = assertSameRows(...folders);
    console.log(
      `The final rows of ${name} are DuckDB's: ${Object.entries(counts)
        .map((entry) => entry.join(' '))
        .join(', ')}.`,
    );
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  }
}

interface Round {
  readonly asaql: readonly [Measured, Measured];
  readonly duckdb: readonly [Measured, Measured];
}

function round({ query, queries }: Comparison, path: string): Round {
  const asaql = (cores: 1 | 2) => measure({ kind: 'asaql', query, cores }, path);
  const duckdb = (threads: number) => measure({ kind: 'duckdb', queries, threads }, path);
  return { asaql: [asaql(1), asaql(2)], duckdb: [duckdb(1), duckdb(2)] };
}

function report(compared: readonly Comparison[], rounds: readonly (readonly Round[])[], parse: readonly Measured[]): string {
  const megabytes = (bytes: readonly number[]) => `${Math.round(Math.max(...bytes) / 1e6)}`;
  const rows = compared.map(({ name }, index) => {
    const own = rounds.map((one) => one[index] as Round);
    const seconds = (pick: (one: Round) => Measured) => range(own.map((one) => pick(one).seconds));
    const ratio = (over: (one: Round) => Measured, under: (one: Round) => Measured) =>
      range(own.map((one) => over(one).seconds / under(one).seconds));
    return [
      name,
      seconds((one) => one.asaql[1]),
      ratio(
        (one) => one.duckdb[1],
        (one) => one.asaql[1],
      ),
      seconds((one) => one.asaql[0]),
      ratio(
        (one) => one.duckdb[0],
        (one) => one.asaql[0],
      ),
      range(own.map((one, at) => (parse[at] as Measured).seconds / one.asaql[0].seconds)),
      megabytes(own.map((one) => one.asaql[0].peakBytes)),
      megabytes(own.map((one) => one.asaql[1].peakBytes)),
      megabytes(own.map((one) => one.duckdb[1].peakBytes)),
    ];
  });
  const head = [
    ...['query', 'two cores, s', '× DuckDB 2 threads', 'one core, s', '× DuckDB 1 thread', '× JSON.parse'],
    ...['MB, one core', 'MB, two cores', 'MB, DuckDB'],
  ];
  return table(head, rows);
}

/** Decodes every field that the seven queries read, and lets no row through. */
const scanQuery = `SELECT event_id, event_type, user_id, session_id, content_id, content_title, device_type, location.country,
  location.region, location.city, location.lat, location.lon, quality_settings.resolution, quality_settings.bitrate_kbps,
  duration_seconds, buffer_duration_ms
INTO nothing FROM [eventhub-input] TIMESTAMP BY [timestamp] WHERE user_id = 'nobody'`;

function limits(parse: readonly Measured[], scan: readonly Measured[], checkpoint: Measured, file: EventsFile): string {
  const rate = (measured: readonly Measured[]) => range(measured.map(({ seconds }) => file.events / seconds / 1000));
  const { bytes = 0, saveSeconds = 0, restoreSeconds = 0 } = checkpoint.checkpoint ?? {};
  return [
    `JSON.parse alone: ${rate(parse)} thousand events/s; a scan of all fields that the seven queries read, on one core: ${rate(scan)}.`,
    `Checkpoint of all seven in the middle of the events: ${(bytes / 1e6).toFixed(1)} MB, written in ${Math.round(saveSeconds * 1000)} ms, read in ${Math.round(restoreSeconds * 1000)} ms.`,
  ].join('\n');
}

function options(argv: readonly string[]) {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      ...{ events: { type: 'string', default: '200000' }, rounds: { type: 'string', default: '3' } },
      ...{ query: { type: 'string', multiple: true }, growth: { type: 'boolean', default: true } },
    },
    allowNegative: true,
  });
  return { ...values, events: Number(values.events), rounds: Number(values.rounds) };
}

export async function run(argv: readonly string[]): Promise<void> {
  const { events, rounds, query, growth: withGrowth } = options(argv);
  ensureDuckdb();
  const file = writeEventsFile({ events, users: 10_000, eventsPerSecond: 1000 });
  try {
    console.log(`${events} events, ${Math.round(file.bytes / 1e6)} MB; ${rounds} rounds, min / median / max.`);
    const compared = comparisons(query);
    for (const one of compared) compareRows(one, file.path);
    const measuredRounds: (readonly Round[])[] = [];
    const parse: Measured[] = [];
    const scan: Measured[] = [];
    for (let count = 0; count < rounds; count += 1) {
      parse.push(measure({ kind: 'jsonParse' }, file.path));
      scan.push(measure({ kind: 'asaql', query: scanQuery, cores: 1 }, file.path));
      measuredRounds.push(compared.map((one) => round(one, file.path)));
    }
    const all = comparisons(['all'])[0] as Comparison;
    const checkpoint = measure({ kind: 'checkpoint', query: all.query, events: events / 2 }, file.path);
    console.log(`\n${report(compared, measuredRounds, parse)}\n\n${limits(parse, scan, checkpoint, file)}`);
  } finally {
    file.remove();
  }
  if (withGrowth) console.log(`\n${growth(events)}`);
}
