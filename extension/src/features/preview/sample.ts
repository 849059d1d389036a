/** Which events a preview runs over: the project's local inputs, a captured file, or those of the generator. */
import { type ScenarioName, scenarioNames } from '@asaql/generator';
import { joined } from '@asaql/project';
import { type ExtensionContext, type QuickPickItem, Uri, window, workspace } from 'vscode';
import { type FoundProject, projectFiles } from '../../platform/workspace-project.ts';
import type { Sample, SampleFile } from '../../query-run/messages.ts';

/** What was chosen; kept with the workspace. */
type Choice = { readonly kind: 'project' } | { readonly kind: 'generator' } | { readonly kind: 'file'; readonly uri: string };
const key = 'asaql.preview.sample';

export function generatedSample(): Sample['generated'] {
  const settings = workspace.getConfiguration('asaql.preview');
  const scenarios = settings
    .get<string[]>('scenarios', [])
    .filter((name): name is ScenarioName => scenarioNames.some((known) => known === name));
  return {
    seed: settings.get('seed', 1),
    events: settings.get('events', 10_000),
    eventsPerSecond: settings.get('eventsPerSecond', 20),
    scenarios,
  };
}

/** Rejects with an error of one line where a file cannot be read. */
export async function currentSample(context: ExtensionContext, project: FoundProject | null): Promise<Sample> {
  const generated = generatedSample();
  const choice = context.workspaceState.get<Choice>(key, { kind: 'project' });
  if (choice.kind === 'generator') return { files: [], generated };
  const files = await localInputs(project);
  if (choice.kind === 'project') return { files, generated };
  const uri = Uri.parse(choice.uri);
  const bytes = await workspace.fs.readFile(uri);
  // One captured file stands for every stream; reference data stay the project's own.
  const streams = project?.project.inputs.filter(({ kind }) => kind === 'stream').map(({ name }) => name) ?? [];
  const captured = streams.map(
    (input): SampleFile => ({ input, kind: 'stream', name: nameOf(uri), format: formatOf(uri.path), bytes }),
  );
  const everywhere: SampleFile = { input: '*', kind: 'stream', name: nameOf(uri), format: formatOf(uri.path), bytes };
  return { files: [...files.filter(({ kind }) => kind === 'reference'), ...captured, everywhere], generated };
}

async function localInputs(project: FoundProject | null): Promise<readonly SampleFile[]> {
  if (project === null) return [];
  const files = projectFiles(project.folder);
  const found = await Promise.all(
    project.project.inputs.map(async ({ name, kind, local }): Promise<SampleFile | null> => {
      const path = local?.samplePath;
      const bytes = path == null ? null : await files.read(joined('', path));
      return path == null || bytes === null ? null : { input: name, kind, name: path, format: formatOf(path), bytes };
    }),
  );
  return found.filter((file) => file !== null);
}

function formatOf(path: string): SampleFile['format'] {
  return /\.(csv|tsv)$/i.test(path) ? 'csv' : 'json';
}

function nameOf(uri: Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}

/** Asks which; undefined when it was taken back. */
export async function chooseSample(context: ExtensionContext, project: FoundProject | null): Promise<Choice | undefined> {
  const hasLocal = project?.project.inputs.some(({ local }) => local?.samplePath != null) ?? false;
  const { seed, events } = generatedSample();
  const items: (QuickPickItem & { readonly choice: () => Promise<Choice | undefined> })[] = [
    ...(hasLocal
      ? [
          {
            label: 'Local inputs of the project',
            detail: 'The files that Local_*.json name',
            choice: async () => ({ kind: 'project' as const }),
          },
        ]
      : []),
    {
      label: 'Generator',
      detail: `${events.toLocaleString('en')} playback events of seed ${seed}, always the same`,
      choice: async () => ({ kind: 'generator' as const }),
    },
    { label: 'A file of events …', detail: 'JSON, line by line or an array, or CSV with a header', choice: chooseFile },
  ];
  const chosen = await window.showQuickPick(items, { title: 'Preview over which events?' });
  const choice = await chosen?.choice();
  if (choice !== undefined) await context.workspaceState.update(key, choice);
  return choice;
}

async function chooseFile(): Promise<Choice | undefined> {
  const [uri] =
    (await window.showOpenDialog({
      title: 'Events',
      filters: { Events: ['json', 'jsonl', 'ndjson', 'csv'] },
      canSelectMany: false,
    })) ?? [];
  return uri === undefined ? undefined : { kind: 'file', uri: uri.toString() };
}
