/** The measuring process: does one thing once over a file of events, and says how long it took and how much memory it needed. */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { measureAsaql, measureCheckpoint } from './measure-asaql.ts';
import { measureDuckdb } from './measure-duckdb.ts';
import { measureJsonParse } from './measure-json-parse.ts';
import type { Measured, Order } from './subject.ts';

async function measure({ subject, path, rowsFolder }: Order): Promise<Omit<Measured, 'peakBytes'>> {
  switch (subject.kind) {
    case 'asaql':
      return measureAsaql(subject, path, rowsFolder);
    case 'checkpoint':
      return measureCheckpoint(subject, path);
    case 'duckdb':
      return measureDuckdb(subject, path, rowsFolder);
    case 'jsonParse':
      return measureJsonParse(path);
  }
}

const order = JSON.parse(readFileSync(0, 'utf8')) as Order;
const measured = await measure(order);
const peakBytes = process.resourceUsage().maxRSS * 1024;
process.stdout.write(JSON.stringify({ ...measured, peakBytes } satisfies Measured));
