/** What the projects of the workspace are made of: queries, and inputs and outputs with their samples and schemas. */
import { joined } from '@asaql/project';
import {
  EventEmitter,
  type ExtensionContext,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { Log } from '../../platform/log.ts';
import { type FoundProject, projectFiles, projectsOfWorkspace } from '../../platform/workspace-project.ts';

interface Entry {
  readonly label: string;
  readonly description: string;
  readonly icon: string;
  readonly file: Uri | null;
  /** What it holds; null: nothing. */
  readonly inside: (() => Promise<readonly Entry[]>) | null;
}

export function startProjectView(context: ExtensionContext, log: Log): void {
  const changed = new EventEmitter<Entry | undefined>();
  const watcher = workspace.createFileSystemWatcher('**/*.{asaql,json,js}');
  context.subscriptions.push(
    changed,
    watcher,
    ...[watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete].map((event) => event(() => changed.fire(undefined))),
    window.registerTreeDataProvider('asaql.queries', new EntryTree(changed, log, queryEntries)),
    window.registerTreeDataProvider('asaql.inputsAndOutputs', new EntryTree(changed, log, inputAndOutputEntries)),
  );
}

class EntryTree implements TreeDataProvider<Entry> {
  readonly onDidChangeTreeData;
  readonly #log: Log;
  readonly #roots: (project: FoundProject) => readonly Entry[];

  constructor(changed: EventEmitter<Entry | undefined>, log: Log, roots: (project: FoundProject) => readonly Entry[]) {
    this.onDidChangeTreeData = changed.event;
    this.#log = log;
    this.#roots = roots;
  }

  async getChildren(entry?: Entry): Promise<Entry[]> {
    try {
      if (entry !== undefined) return [...((await entry.inside?.()) ?? [])];
      const projects = await projectsOfWorkspace();
      return projects.flatMap((project) => [...this.#roots(project)]);
    } catch (error) {
      this.#log.warn(`Project: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  }

  getTreeItem({ label, description, icon, file, inside }: Entry): TreeItem {
    const item = new TreeItem(label, inside === null ? TreeItemCollapsibleState.None : TreeItemCollapsibleState.Collapsed);
    item.description = description;
    item.iconPath = new ThemeIcon(icon);
    if (file !== null) {
      item.resourceUri = file;
      item.command = { command: 'vscode.open', title: 'Open', arguments: [file] };
    }
    return item;
  }
}

function queryEntries({ folder, project }: FoundProject): readonly Entry[] {
  const files = project.queries.length > 0 ? project.queries : project.startFile === null ? [] : [project.startFile];
  return files.map(({ path }) => ({
    label: path.slice(path.lastIndexOf('/') + 1).replace(/\.asaql$/, ''),
    description: '',
    icon: 'symbol-event',
    file: Uri.joinPath(folder, path),
    inside: null,
  }));
}

function inputAndOutputEntries(found: FoundProject): readonly Entry[] {
  const { folder, project } = found;
  const inputs = project.inputs.map(
    ({ name, kind, source, path, local }): Entry => ({
      label: name,
      description: kind === 'reference' ? 'reference data' : (source?.named ?? 'local'),
      icon: 'arrow-right',
      file: path === null ? null : Uri.joinPath(folder, path),
      inside: () => insideInput(found, local?.samplePath ?? null),
    }),
  );
  const outputs = project.outputs.map(
    ({ name, sink, path }): Entry => ({
      label: name,
      description: sink?.named ?? '',
      icon: 'arrow-left',
      file: Uri.joinPath(folder, path),
      inside: null,
    }),
  );
  return [...inputs, ...outputs];
}

/** The sample, and the fields that its first events show. */
async function insideInput({ folder }: FoundProject, samplePath: string | null): Promise<readonly Entry[]> {
  if (samplePath === null)
    return [
      { label: 'no sample', description: 'the preview takes events of the generator', icon: 'info', file: null, inside: null },
    ];
  const path = joined('', samplePath);
  const bytes = await projectFiles(folder).read(path);
  const sample: Entry = {
    label: samplePath,
    description: 'sample',
    icon: 'json',
    file: Uri.joinPath(folder, path),
    inside: null,
  };
  return [sample, ...fieldsOf(bytes === null ? '' : new TextDecoder().decode(bytes.subarray(0, 1 << 20)))];
}

function fieldsOf(text: string): readonly Entry[] {
  const types = new Map<string, Set<string>>();
  for (const event of firstEvents(text)) {
    if (typeof event !== 'object' || event === null) continue;
    for (const [name, value] of Object.entries(event)) {
      const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value === 'object' ? 'record' : typeof value;
      types.set(name, (types.get(name) ?? new Set()).add(type));
    }
  }
  return [...types].map(([label, kinds]) => ({
    label,
    description: [...kinds].join(' or '),
    icon: 'symbol-field',
    file: null,
    inside: null,
  }));
}

function firstEvents(text: string): readonly unknown[] {
  try {
    const whole: unknown = JSON.parse(text);
    return Array.isArray(whole) ? whole.slice(0, 100) : [whole];
  } catch {
    return text.split(/\r?\n/, 100).flatMap((line) => {
      try {
        return line.trim() === '' ? [] : [JSON.parse(line) as unknown];
      } catch {
        // The last line of a large sample is cut off; others are the preview's to tell of.
        return [];
      }
    });
  }
}
