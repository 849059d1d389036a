/** Writes a recorded test into a project on this machine's disk. Must not know what it was recorded from. */
import { readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import process from 'node:process';
import { gunzipSync } from 'node:zlib';
import type { TimePolicies } from '@asaql/engine';
import {
  type CaseResult,
  csvFields,
  type RecordedEvent,
  type Recording,
  recordTest,
  splitEvents,
  writeText,
} from '@asaql/project';
import { UsageError } from '../cli/usage-error.ts';
import { diskEnvironment } from './disk-environment.ts';

export interface RecordedOnDisk {
  /** Of the test file. */
  readonly path: string;
  readonly result: CaseResult;
}

/** Throws a UsageError of one line where it cannot be. */
export async function recordOnDisk(folder: string, name: string, recording: Omit<Recording, 'name'>): Promise<RecordedOnDisk> {
  if (!/^[\w][\w. -]*$/.test(name)) throw new UsageError(`"${name}" is no name of a test: use letters, digits, - and _.`);
  const path = `tests/${name}.test.yaml`;
  const environment = await diskEnvironment(folder);
  try {
    const { text, result } = await recordTest(path, { name, ...recording }, environment);
    await writeText(environment.files, path, text);
    return { path: relative(process.cwd(), join(folder, path)), result };
  } catch (error) {
    throw ['TestSetupError', 'CombineError'].includes((error as Error).name) ? new UsageError((error as Error).message) : error;
  }
}

const fileBytesMax = 16 << 20;

/** The events of a file, each its exact text. Throws a UsageError. */
export function eventsOfFile(path: string): ReturnType<typeof splitEvents> {
  try {
    if (statSync(path).size > fileBytesMax) throw new UsageError(`${path} is too large for a test: take a smaller sample.`);
    const bytes = readFileSync(path);
    const text = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes).toString('utf8') : bytes.toString('utf8');
    return splitEvents(path, text);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}.`);
  }
}

/** CSV becomes objects of texts, as the engine reads it. */
export function textsOfFile(path: string): readonly string[] {
  const { events, csv } = eventsOfFile(path);
  if (csv === null) return events;
  return events.map((line) => {
    const cells = csvFields(line, csv.delimiter);
    return JSON.stringify(Object.fromEntries(csv.columns.map((column, index) => [column, cells[index] ?? null])));
  });
}

/** The full minute before the first time that the events hold, or before they arrived. */
export function startOf(events: readonly RecordedEvent[]): number {
  const times = events.flatMap(({ text, arrivalTimeMs }) => {
    const written = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/.exec(text)?.[0];
    const found = [arrivalTimeMs, written === undefined ? null : Date.parse(written)];
    return found.filter((time): time is number => time !== null && !Number.isNaN(time));
  });
  const first = times.length === 0 ? Date.parse('2026-01-15T12:00:00Z') : Math.min(...times);
  return Math.floor(first / 60_000) * 60_000;
}

export function writtenPolicies(policies: TimePolicies): Exclude<Recording['policies'], string> {
  const duration = (ms: number) => (ms === Number.POSITIVE_INFINITY ? 'any' : `${ms / 1000}s`);
  const { lateArrivalMs, outOfOrderMs, earlyArrivalMs, action } = policies;
  return { late: duration(lateArrivalMs), outOfOrder: duration(outOfOrderMs), early: duration(earlyArrivalMs), action };
}
