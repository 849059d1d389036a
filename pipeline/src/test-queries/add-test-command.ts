/** `asaql add test`: a test of a file of events, of dead letters, or of the first events of the project's own samples. */
import { relative, resolve, sep } from 'node:path';
import process from 'node:process';
import { compile } from '@asaql/engine';
import { eventOfDeadLetter, openProject, projectQuery, type RecordedEvent, readTextFile, relativePath } from '@asaql/project';
import { readOptions } from '../cli/read-options.ts';
import { UsageError } from '../cli/usage-error.ts';
import { askedProject } from '../project/asked-project.ts';
import { diskFiles } from '../project/disk-files.ts';
import { recordOnDisk, startOf, textsOfFile } from './record-on-disk.ts';

export const addTestUsage = 'asaql add test NAME [--from FILE] [--input INPUT] [--query FILE] [--project DIR]';

/** Resolves with the exit code. Throws a UsageError. */
export async function addTestCommand(root: string, argv: readonly string[]): Promise<number> {
  const { name, from, input, query, folder } = readArguments(root, argv);
  const streams = (await inputsOf(folder, query)).filter(({ kind }) => kind === 'stream');
  const inputs = from === null ? samplesOf(folder, streams) : { [targetOf(input, streams)]: textsOfFile(from).map(recorded) };
  const events = Object.values(inputs).flat();
  const { path, result } = await recordOnDisk(folder, name, {
    description: from === null ? null : `Recorded from ${from}.`,
    query: query === null ? null : relativePath('tests', query),
    startMs: startOf(events),
    inputs,
    reference: {},
    policies: 'project',
  });
  const rows = Object.entries(result.counts.rows).map(([output, count]) => `${output} ${count}`);
  process.stdout.write(`${path}: ${events.length} events, rows: ${rows.join(', ')}, ${result.counts.dropped} dropped\n`);
  return 0;
}

/** A test that a person reads is short. */
const sampleEventsMax = 20;

/** The first events of each input's sample; none for an input without one. */
function samplesOf(folder: string, streams: readonly ReadInput[]): Record<string, readonly RecordedEvent[]> {
  return Object.fromEntries(
    streams.map(({ name, samplePath }) => [
      name,
      samplePath === null ? [] : textsOfFile(resolve(folder, samplePath)).slice(0, sampleEventsMax).map(recorded),
    ]),
  );
}

/** The input that the events of a file are of. */
function targetOf(input: string | null, streams: readonly ReadInput[]): string {
  const target = input ?? (streams.length === 1 ? streams[0]?.name : undefined);
  if (target !== undefined) return target;
  throw new UsageError(`Say which input the events are of: --input ${streams.map(({ name }) => name).join(' or ') || 'NAME'}.`);
}

/** A dead letter gives the event that it keeps. */
function recorded(text: string): RecordedEvent {
  return eventOfDeadLetter(text) ?? { text, arrivalTimeMs: null };
}

interface ReadInput {
  readonly name: string;
  readonly kind: 'stream' | 'reference';
  readonly samplePath: string | null;
}

/** The inputs that the query reads, with their kinds as far as the project knows them. */
async function inputsOf(folder: string, query: string | null): Promise<readonly ReadInput[]> {
  const files = diskFiles(folder);
  const { project } = await openProject(files);
  const found = query === null ? projectQuery(project) : await readTextFile(files, query);
  if (found === null) throw new UsageError(`${query ?? folder} has no query.`);
  const kinds = Object.fromEntries(project.inputs.map(({ name, kind }) => [name, { kind }]));
  const compiled = compile(found.text, { inputs: kinds });
  const names = compiled.ok ? compiled.plan.inputs : project.inputs.map(({ name }) => name);
  return names.map((name) => {
    const known = project.inputs.find((each) => each.name.toLowerCase() === name.toLowerCase());
    return { name, kind: known?.kind ?? 'stream', samplePath: known?.local?.samplePath ?? null };
  });
}

function readArguments(root: string, argv: readonly string[]) {
  const text = { type: 'string' } as const;
  const { values, positionals } = readOptions(argv, { from: text, input: text, query: text, project: text }, addTestUsage);
  const [name, ...others] = positionals;
  if (name === undefined || others.length > 0) throw new UsageError(`asaql add test takes one name. Usage: ${addTestUsage}`);
  const folder = resolve(askedProject(root, values.project));
  const query = values.query === undefined ? null : relative(folder, resolve(values.query)).split(sep).join('/');
  return { name, from: values.from ?? null, input: values.input ?? null, query, folder };
}
