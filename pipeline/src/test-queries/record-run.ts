/** `asaql run … --record NAME`: the run's files and settings as a test beside the query. */
import { relative, resolve, sep } from 'node:path';
import type { RecordedEvent } from '@asaql/project';
import { UsageError } from '../cli/usage-error.ts';
import { timeOfColumn } from '../run/event-column.ts';
import type { InputFiles, RunRequest } from '../run/run-query.ts';
import { type RecordedOnDisk, recordOnDisk, startOf, textsOfFile, writtenPolicies } from './record-on-disk.ts';
import { projectAround } from './tested-project.ts';

/** `query` is the path of its file, or of a project's folder. Throws a UsageError. */
export async function recordRun(name: string, query: string, isProject: boolean, request: RunRequest): Promise<RecordedOnDisk> {
  const folder = isProject ? resolve(query) : await projectAround(resolve(query));
  const inputs = recordedInputs(request.inputs, request.arrivalColumn);
  const all = Object.values(inputs).flat();
  return recordOnDisk(folder, name, {
    description: `Recorded from ${request.inputs.flatMap(({ paths }) => paths).join(', ')}.`,
    query: isProject ? null : relative(resolve(folder, 'tests'), resolve(query)).split(sep).join('/'),
    startMs: startOf(all),
    inputs,
    reference: recordedInputs(request.references, null),
    // Without a column of arrival a row arrives at its own time: only its order can be wrong.
    policies:
      request.policies === null
        ? 'none'
        : writtenPolicies(
            request.arrivalColumn === null
              ? { ...request.policies, lateArrivalMs: Number.POSITIVE_INFINITY, earlyArrivalMs: Number.POSITIVE_INFINITY }
              : request.policies,
          ),
  });
}

function recordedInputs(files: readonly InputFiles[], arrivalColumn: string | null): Record<string, readonly RecordedEvent[]> {
  const merged = (paths: readonly string[]) =>
    paths.flatMap((path) => recordedFile(path, arrivalColumn)).sort((a, b) => (a.arrivalTimeMs ?? 0) - (b.arrivalTimeMs ?? 0));
  return Object.fromEntries(files.map(({ name, paths }) => [name, merged(paths)]));
}

function recordedFile(path: string, arrivalColumn: string | null): readonly RecordedEvent[] {
  const timeOf = arrivalColumn === null ? null : timeOfColumn(arrivalColumn, { csv: null, avroSchema: null });
  return textsOfFile(path).map((text) => {
    const bytes = Buffer.from(text);
    const arrivalTimeMs = timeOf === null ? null : timeOf(bytes, 0, bytes.length);
    if (arrivalTimeMs !== null && Number.isNaN(arrivalTimeMs))
      throw new UsageError(`${path}: an event has no time in ${arrivalColumn}.`);
    return { text, arrivalTimeMs };
  });
}
