/**
 * Reference data that changes: one file for each moment from which it holds, told by date and time in its path, as in
 * `products/{date}/{time}/list.json` (https://learn.microsoft.com/azure/stream-analytics/stream-analytics-use-reference-data).
 * A folder alone is searched for such paths too. Must not know what is in the files.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../cli/usage-error.ts';
import type { InputFiles } from './run-query.ts';

const date = '(?<year>\\d{4})[-/](?<month>\\d{2})[-/](?<day>\\d{2})';
const time = '(?<hour>\\d{2})(?:[-/](?<minute>\\d{2}))?';

/** Files that are named as they are stay so; a pattern or a folder becomes its files, each with the moment it holds from. */
export function withSnapshots(files: InputFiles): InputFiles {
  const [path = ''] = files.paths;
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (!path.includes('{date}') && !isFolder) return files;
  if (files.paths.length > 1) throw new UsageError(`'${files.name}' has a pattern or a folder: it takes no other file.`);
  const base = isFolder ? path : path.slice(0, path.lastIndexOf('/', path.indexOf('{')) + 1);
  const pattern = isFolder ? new RegExp(`(?:^|/)${date}(?:[-/T]${time})?(?=[/.]|$)`) : patternOf(path.slice(base.length));
  const found = filesBelow(base)
    .flatMap((relative) => {
      const fromMs = momentOf(pattern.exec(relative));
      return Number.isNaN(fromMs) ? [] : [{ path: join(base, relative), fromMs }];
    })
    .sort((a, b) => a.fromMs - b.fromMs || (a.path < b.path ? -1 : 1));
  if (found.length === 0)
    throw new UsageError(`${path}: there is no file with a date in its path, such as 2024-05-01/12-30 or 2024/05/01/12.`);
  return { name: files.name, paths: found.map((one) => one.path), snapshotsMs: found.map(({ fromMs }) => fromMs) };
}

function patternOf(text: string): RegExp {
  const escaped = text.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace('{date}', date).replace('{time}', time)}$`);
}

function momentOf(match: RegExpExecArray | null): number {
  if (match === null) return Number.NaN;
  const { year, month, day, hour = '00', minute = '00' } = match.groups ?? {};
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:00Z`);
}

function filesBelow(base: string): readonly string[] {
  try {
    return readdirSync(base === '' ? '.' : base, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(join(base === '' ? '.' : base, '/').length - (base === '' ? 2 : 0))
          .replaceAll('\\', '/'),
      );
  } catch (error) {
    throw new UsageError(`${base} cannot be read: ${(error as Error).message}.`);
  }
}
