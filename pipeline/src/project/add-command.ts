/** `asaql add`: an input, an output or a function of a project. */
import {
  addPart,
  type FileChange,
  newFunction,
  newInput,
  newOutput,
  outputSinks,
  ProjectEditError,
  referenceSources,
  type SourceKind,
  sourceKind,
  streamSources,
} from '@asaql/project';
import { readOptions } from '../cli/read-options.ts';
import { UsageError } from '../cli/usage-error.ts';
import { askedProject, writeChanges } from './asked-project.ts';
import { diskFiles } from './disk-files.ts';
import { openDiskProject } from './disk-project.ts';

export const addUsage = 'asaql add input|output|function NAME [--kind KIND] [--reference] [--aggregate] [--project DIR]';

export async function addCommand(root: string, argv: readonly string[]): Promise<number> {
  if (argv[0] === 'test') return (await import('../test-queries/add-test-command.ts')).addTestCommand(root, argv.slice(1));
  const flag = { type: 'boolean' } as const;
  const text = { type: 'string' } as const;
  const { values, positionals } = readOptions(argv, { kind: text, reference: flag, aggregate: flag, project: text }, addUsage);
  const [what, name] = positionals;
  if (what === undefined || name === undefined || positionals.length > 2)
    throw new UsageError(`asaql add takes what to add and its name. Usage: ${addUsage}`);
  if (what !== 'input' && what !== 'output' && what !== 'function')
    throw new UsageError(`"${what}" cannot be added: write input, output, function or test. Usage: ${addUsage}`);
  const folder = askedProject(root, values.project);
  const { project } = await openDiskProject(folder);
  try {
    const kind: 'input' | 'output' | 'function' = what;
    const part = { name, kind, files: newFiles(what, name, values) };
    await writeChanges(folder, await addPart(diskFiles(folder), project, part));
  } catch (error) {
    if (error instanceof ProjectEditError) throw new UsageError(error.message);
    throw error;
  }
  return 0;
}

interface Asked {
  readonly kind?: string | undefined;
  readonly reference?: boolean | undefined;
  readonly aggregate?: boolean | undefined;
}

function newFiles(what: 'input' | 'output' | 'function', name: string, asked: Asked): readonly FileChange[] {
  if (what === 'function') return newFunction(name, asked.aggregate ? 'aggregate' : 'scalar');
  if (what === 'output') return [newOutput(name, kindAsked(outputSinks, asked.kind ?? 'Blob Storage'))];
  const kinds = asked.reference ? referenceSources : streamSources;
  const kind = kindAsked(kinds, asked.kind ?? (asked.reference ? 'Blob Storage' : 'Event Hub'));
  return [newInput(name, asked.reference ? 'reference' : 'stream', kind)];
}

/** `event-hub` means `Event Hub`. */
function kindAsked(kinds: readonly SourceKind[], named: string): SourceKind {
  const kind = sourceKind(kinds, named.replaceAll('-', ' '));
  if (kind !== null) return kind;
  const known = kinds.map((each) => each.named.toLowerCase().replaceAll(' ', '-')).join(', ');
  throw new UsageError(`--kind takes one of ${known}, not "${named}".`);
}
