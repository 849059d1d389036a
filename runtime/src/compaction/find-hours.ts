/**
 * Which hours of the raw archive are to be compacted: closed ones that have not been, or whose raw files have grown since.
 * Reads listings and markers; writes nothing.
 */
import type { DataLakeFileSystemClient } from '@azure/storage-file-datalake';
import { isNotFound, readFileIfThere } from '../lake/read-file.ts';
import { lakeFolder } from '../names.ts';

export interface RawSource {
  readonly path: string;
  readonly bytes: number;
}

export interface RawHour {
  /** `YYYY-MM-DD` and `HH`, UTC, by the time of enqueuing. */
  readonly date: string;
  readonly hour: string;
  readonly sources: readonly RawSource[];
}

/** What was compacted, kept beside the result: written last, so that a run that was cut short is done again. */
export interface HourMarker {
  readonly sources: readonly RawSource[];
  readonly rows: number;
  readonly duplicates: number;
  readonly invalid: number;
  readonly unreadable: number;
  readonly compacted_at: string;
}

export const processedFolder = (hour: Pick<RawHour, 'date' | 'hour'>) => `${lakeFolder}/date=${hour.date}/hour=${hour.hour}`;
export const markerPath = (hour: Pick<RawHour, 'date' | 'hour'>) => `${processedFolder(hour)}/_compacted.json`;

const hourMs = 3_600_000;

export interface HourSearch {
  /** How long after its end an hour counts as closed: batches that are under way still arrive. */
  readonly graceMs: number;
  /** Hours older than this are looked at only if they were never compacted: the hub keeps no events for later lines of theirs. */
  readonly lookBackMs: number;
}

export const defaultHourSearch: HourSearch = { graceMs: 4 * 60_000, lookBackMs: 8 * 24 * hourMs };

/** Oldest first. */
export async function findHours(
  raw: DataLakeFileSystemClient,
  processed: DataLakeFileSystemClient,
  nowMs: number,
  search: HourSearch = defaultHourSearch,
): Promise<RawHour[]> {
  const hours = new Map<string, { date: string; hour: string; sources: RawSource[] }>();
  for (const { path, bytes } of await filesUnder(raw)) {
    const match = /^[^/]+\/(\d{4}-\d\d-\d\d)\/(\d\d)\/[^/]+\.jsonl$/.exec(path);
    if (match === null) continue;
    const [, date = '', hour = ''] = match;
    const endMs = Date.parse(`${date}T${hour}:00:00Z`) + hourMs;
    if (endMs + search.graceMs > nowMs) continue;
    const known = hours.get(date + hour) ?? { date, hour, sources: [] };
    known.sources.push({ path, bytes });
    hours.set(date + hour, known);
  }
  const markers = new Set((await filesUnder(processed)).map((file) => file.path));
  const due: RawHour[] = [];
  for (const [, hour] of [...hours].sort(([left], [right]) => (left < right ? -1 : 1))) {
    hour.sources.sort((left, right) => (left.path < right.path ? -1 : 1));
    const path = markerPath(hour);
    if (!markers.has(path)) due.push(hour);
    else if (Date.parse(`${hour.date}T${hour.hour}:00:00Z`) + search.lookBackMs > nowMs) {
      const marker = await readFileIfThere(processed, path);
      if (marker === null || !sameSources(marker, hour.sources)) due.push(hour);
    }
  }
  return due;
}

/** A marker that cannot be read is as good as none. */
function sameSources(marker: Buffer, sources: readonly RawSource[]): boolean {
  try {
    const known = (JSON.parse(marker.toString('utf8')) as HourMarker).sources;
    return JSON.stringify(known) === JSON.stringify(sources);
  } catch {
    return false;
  }
}

async function filesUnder(filesystem: DataLakeFileSystemClient): Promise<RawSource[]> {
  const files: RawSource[] = [];
  try {
    for await (const item of filesystem.listPaths({ path: lakeFolder, recursive: true })) {
      if (!item.isDirectory && item.name !== undefined) files.push({ path: item.name, bytes: Number(item.contentLength ?? 0) });
    }
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return files;
}
