/** `asaql capture`: a sample of an input out of its hub or a file, its schema, and what changed since the last one. */
import process from 'node:process';
import {
  type Drift,
  type FileChange,
  inferSchema,
  JsonDocument,
  listing,
  newLocalInput,
  type ProjectInput,
  printSchema,
  readText,
  relativePath,
  Secret,
  schemaDrift,
} from '@asaql/project';
import { countFrom, readOptions } from '../cli/read-options.ts';
import { UsageError } from '../cli/usage-error.ts';
import type { EventHubsConnection } from '../config/connections.ts';
import { loadSettings } from '../config/load-settings.ts';
import { askedProject, writeChanges } from './asked-project.ts';
import { type CapturedEvents, captureFromFile, captureFromHub } from './captured-events.ts';
import { diskFiles } from './disk-files.ts';
import { type DiskProject, diskPath, openDiskProject } from './disk-project.ts';
import { sampleSchema } from './sample-schema.ts';

export const captureUsage =
  'asaql capture INPUT [--count N] [--seconds S] [--from FILE] [--consumer-group NAME] [--drift] [--project DIR]';

/** Resolves with the exit code: 1 for `--drift` that may break a query. */
export async function captureCommand(root: string, argv: readonly string[]): Promise<number> {
  const text = { type: 'string' } as const;
  const options = {
    count: text,
    seconds: text,
    from: text,
    'consumer-group': text,
    project: text,
    drift: { type: 'boolean' },
  } as const;
  const { values, positionals } = readOptions(argv, options, captureUsage);
  const [name] = positionals;
  if (name === undefined || positionals.length > 1) throw new UsageError(`asaql capture takes one input. Usage: ${captureUsage}`);
  const count = countFrom('--count', values.count, 100);
  const opened = await openDiskProject(askedProject(root, values.project));
  const input = opened.project.inputs.find((each) => each.name.toLowerCase() === name.toLowerCase()) ?? null;
  const captured =
    values.from === undefined
      ? await fromHub(root, opened, input, name, {
          count,
          seconds: countFrom('--seconds', values.seconds, 10),
          consumerGroup: values['consumer-group'] ?? '$Default',
        })
      : await captureFromFile(values.from, count);
  if (captured.unreadable > 0) process.stderr.write(`${captured.unreadable} events are no JSON: they are not in the sample.\n`);
  if (captured.events.length === 0) throw new UsageError(`There is no event to sample: nothing is written.`);
  const drifts = await report(opened, input, captured);
  if (values.drift) return drifts.some(({ breaks }) => breaks) ? 1 : 0;
  await writeChanges(opened.folder, await changesFor(opened, input, input?.name ?? name, captured));
  return 0;
}

interface HubRead {
  readonly count: number;
  readonly seconds: number;
  readonly consumerGroup: string;
}

async function fromHub(
  root: string,
  opened: DiskProject,
  input: ProjectInput | null,
  name: string,
  read: HubRead,
): Promise<CapturedEvents> {
  if (input === null) {
    const known = opened.project.inputs.map((each) => each.name).join(', ');
    throw new UsageError(`${opened.folder} has no input '${name}'. It has: ${known === '' ? 'none' : known}.`);
  }
  const hub = input.source?.properties.EventHubName;
  if (typeof hub !== 'string' || hub === '')
    throw new UsageError(`The input '${input.name}' is no Event Hub: name a file of its events by --from.`);
  const connection = loadSettings(root, process.env).eventHubs ?? connectionOf(input);
  return captureFromHub({ ...read, connection, hub, compression: input.compression });
}

/** As the definition says it: by its key, or by the identity of who is signed in. */
function connectionOf({ name, path, source }: ProjectInput): EventHubsConnection {
  const { ServiceBusNamespace: namespace, SharedAccessPolicyName: policy, SharedAccessPolicyKey: key } = source?.properties ?? {};
  if (typeof namespace !== 'string' || namespace === '')
    throw new UsageError(
      `The input '${name}' names no namespace: set EVENTHUB_CONNECTION_STRING or EVENTHUB_NAMESPACE, or ServiceBusNamespace in ${path}.`,
    );
  const host = namespace.includes('.') ? namespace : `${namespace}.servicebus.windows.net`;
  if (!(key instanceof Secret)) return { fullyQualifiedNamespace: host };
  return { connectionString: `Endpoint=sb://${host}/;SharedAccessKeyName=${String(policy)};SharedAccessKey=${key.reveal()}` };
}

/** The schema, and what is other than in the earlier sample. */
async function report(opened: DiskProject, input: ProjectInput | null, { events }: CapturedEvents): Promise<readonly Drift[]> {
  const schema = inferSchema(events);
  process.stdout.write(printSchema(schema));
  const earlier = input?.local?.samplePath ?? null;
  if (earlier === null) return [];
  const drifts = schemaDrift(await sampleSchema(diskPath(opened, earlier)), schema);
  process.stdout.write(drifts.length === 0 ? `\nNo drift since ${earlier}.\n` : `\nDrift since ${earlier}:\n`);
  for (const { breaks, message } of drifts) process.stdout.write(`${breaks ? 'breaks ' : '       '}${message}\n`);
  return drifts;
}

/** The sample has a file of its own: one that a person made stays where it is. */
async function changesFor(
  { folder, project }: DiskProject,
  input: ProjectInput | null,
  name: string,
  { lines, format }: CapturedEvents,
): Promise<readonly FileChange[]> {
  const files = diskFiles(folder);
  const file = `${name}.sample.${format === 'Csv' ? 'csv' : 'ndjson'}`;
  const sample = { path: `Inputs/${file}`, text: `${lines.join('\n')}\n` };
  const local = input?.local ?? null;
  if (local === null) {
    const definition = newLocalInput(name, input?.kind ?? 'stream', format, file);
    return [sample, definition, ...(await listing(files, project, [{ path: definition.path, subType: 'InputMock' }]))];
  }
  if (local.samplePath === sample.path) return [sample];
  return [
    sample,
    { path: local.path, text: await pointedAt(await readText(files, local.path), local.path, sample.path, format) },
  ];
}

async function pointedAt(text: string | null, path: string, sample: string, format: string): Promise<string> {
  const at = (key: string, before: string) => {
    const document = new JsonDocument(path, before);
    return document.root?.written(key) ?? key;
  };
  const before = text ?? '{}';
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  const named = new JsonDocument(path, before).withValue([at('FilePath', before)], relativePath(folder, sample));
  const serialization = new JsonDocument(path, named).root?.object('Serialization');
  return serialization
    ? new JsonDocument(path, named).withValue([...serialization.at, serialization.written('Type') ?? 'Type'], format)
    : new JsonDocument(path, named).withValue([at('Format', named)], format);
}
