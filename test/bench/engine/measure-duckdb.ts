/** DuckDB over the file of events: what several queries share is loaded once; a query that reads the events once streams them. */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type DuckdbQuery, duckdbQueries, type PlaybackColumn, playback } from './duckdb-queries.ts';
import type { Subject } from './subject.ts';

/** What of its interface is used. The package stands outside the workspaces: see duckdb-package.ts. */
interface DuckdbModule {
  readonly DuckDBInstance: {
    create(path: string, options: { readonly threads: string }): Promise<{ connect(): Promise<Connection> }>;
  };
}
interface Connection {
  run(sql: string): Promise<unknown>;
  runAndReadAll(sql: string): Promise<{ readonly currentRowCount: number; getRowObjectsJson(): Record<string, unknown>[] }>;
}

const require = createRequire(new URL('../duckdb/package.json', import.meta.url));

export async function measureDuckdb(
  { queries: names, threads }: Extract<Subject, { kind: 'duckdb' }>,
  path: string,
  rowsFolder: string | null,
): Promise<{ seconds: number; rows: number }> {
  const { DuckDBInstance } = require('@duckdb/node-api') as DuckdbModule;
  const database = await DuckDBInstance.create(':memory:', { threads: String(threads) });
  const connection = await database.connect();
  const queries = duckdbQueries.filter(({ name }) => names.includes(name));
  const startedMs = performance.now();
  await connection.run(`CREATE TEMP ${relationKind(queries)} playback AS ${playback(path, columnsOf(queries))}`);
  let rows = 0;
  const lines: { readonly output: string; readonly rows: Record<string, unknown>[] }[] = [];
  for (const { name, sql } of queries.flatMap(({ outputs }) => outputs)) {
    const result = await connection.runAndReadAll(sql);
    rows += result.currentRowCount;
    if (rowsFolder !== null) lines.push({ output: name, rows: result.getRowObjectsJson() });
  }
  const seconds = (performance.now() - startedMs) / 1000;
  for (const { output, rows } of lines) {
    writeFileSync(join(rowsFolder ?? '', `${output}.ndjson`), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }
  return { seconds, rows };
}

function columnsOf(queries: readonly DuckdbQuery[]): readonly PlaybackColumn[] {
  return [...new Set(queries.flatMap(({ columns }) => columns))];
}

function relationKind(queries: readonly DuckdbQuery[]): 'TABLE' | 'VIEW' {
  return queries.length > 1 || queries.some(({ readsTwice }) => readsTwice) ? 'TABLE' : 'VIEW';
}
