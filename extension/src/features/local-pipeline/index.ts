/** The local pipeline: start, stop, how its parts are, and what the generator sends. */

import { scenarioNames } from '@asaql/generator';
import type { AttendedStatus, GeneratorWish } from '@asaql/pipeline/attended';
import {
  commands,
  type Event,
  EventEmitter,
  type ExtensionContext,
  StatusBarAlignment,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { PipelineClient, PipelineClientOptions } from '../../local-run/pipeline-client.ts';
import { registerCommand, withProgress } from '../../platform/commands.ts';
import type { Log } from '../../platform/log.ts';
import { projectsOfWorkspace } from '../../platform/workspace-project.ts';

export interface LocalPipeline {
  readonly client: PipelineClient;
  readonly onStatus: Event<AttendedStatus | null>;
}

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

export function startLocalPipeline(
  context: ExtensionContext,
  log: Log,
  createClient: (options: PipelineClientOptions) => PipelineClient,
): LocalPipeline {
  const changed = new EventEmitter<AttendedStatus | null>();
  const client = createClient({
    program: Uri.joinPath(context.extensionUri, 'dist', 'pipeline', 'attended-process.mjs').fsPath,
    dataDir: Uri.joinPath(context.storageUri ?? context.globalStorageUri, 'pipeline').fsPath,
    changed: (status) => changed.fire(status),
    log: (line) => log.info(line),
  });
  const tree = new PartsTree(client, changed);
  context.subscriptions.push(
    changed,
    { dispose: () => client.dispose() },
    window.registerTreeDataProvider('asaql.localPipeline', tree),
  );
  showInStatusBar(context, changed);
  context.subscriptions.push(
    changed.event((status) => void commands.executeCommand('setContext', 'asaql.pipeline', status?.phase ?? 'stopped')),
  );
  registerCommands(context, log, client);
  // One may run already: a window was loaded anew.
  void client.attach();
  return { client, onStatus: changed.event };
}

function registerCommands(context: ExtensionContext, log: Log, client: PipelineClient): void {
  registerCommand(context, log, 'asaql.startLocalPipeline', async () => {
    if (!workspace.isTrusted) throw new Error('This workspace is not trusted: trust it, then start the pipeline.');
    const projectDir = await projectToRun(context);
    if (projectDir === null) return;
    await withProgress('Starting the local pipeline', async (say, signal) => {
      say('emulators, functions, job …');
      const root = workspace.workspaceFolders?.[0]?.uri.fsPath ?? context.extensionUri.fsPath;
      await client.start({ root, projectDir, generator: generatorSettings(), aloneMaxMs: aloneSeconds() * 1000 }, signal);
    });
    const chosen = await window.showInformationMessage('The local pipeline runs: events flow, queries answer.', 'Open Dashboard');
    if (chosen !== undefined) await commands.executeCommand('asaql.openDashboard');
  });
  registerCommand(context, log, 'asaql.stopLocalPipeline', async () => {
    if (client.status === null) throw new Error('No local pipeline runs.');
    await withProgress('Stopping the local pipeline', () => client.stop());
    void window.showInformationMessage(
      'The local pipeline has stopped. Its data are kept: the next start goes on where it stopped.',
    );
  });
  registerCommand(context, log, 'asaql.controlGenerator', () => controlGenerator(client));
}

/** The project of the workspace; where there is none, the one that the extension brings. */
async function projectToRun(context: ExtensionContext): Promise<string | null> {
  const projects = await projectsOfWorkspace();
  const [only] = projects;
  if (only === undefined) return Uri.joinPath(context.extensionUri, 'dist', 'stream-analytics').fsPath;
  if (projects.length === 1) return only.folder.fsPath;
  const chosen = await window.showQuickPick(
    projects.map(({ folder, project }) => ({ label: project.name, description: workspace.asRelativePath(folder), folder })),
    { title: 'Run which project?' },
  );
  return chosen?.folder.fsPath ?? null;
}

function aloneSeconds(): number {
  return workspace.getConfiguration('asaql.localPipeline').get('aloneSeconds', 30);
}

function generatorSettings(): GeneratorWish {
  const settings = workspace.getConfiguration('asaql.generator');
  return {
    eventsPerSecond: settings.get('eventsPerSecond', 100),
    users: settings.get('users', 10_000),
    scenarios: settings.get<string[]>('scenarios', []),
  };
}

/** Rate, users, scenarios, stop: one step each, at once in force, and kept as settings of the workspace. */
async function controlGenerator(client: PipelineClient): Promise<void> {
  const { status } = client;
  if (status?.phase !== 'running') throw new Error('No local pipeline runs: start it first.');
  const now = status.generator ?? generatorSettings();
  const items = [
    {
      label: '$(dashboard) Rate',
      description: `${number.format(now.eventsPerSecond)} events a second`,
      change: () => askNumber('Events a second', now.eventsPerSecond, 0.1, 100_000, 'eventsPerSecond'),
    },
    {
      label: '$(person) Users',
      description: number.format(now.users),
      change: () => askNumber('Users', now.users, 1, 1_000_000, 'users'),
    },
    { label: '$(beaker) Scenarios', description: now.scenarios.join(', ') || 'none', change: () => askScenarios(now.scenarios) },
    status.generator === null
      ? { label: '$(play) Start', description: '', change: async () => ({}) }
      : {
          label: '$(debug-pause) Stop',
          description: 'no more events are sent; what is there is worked off',
          change: async () => null,
        },
  ];
  const chosen = await window.showQuickPick(items, { title: 'Generator' });
  if (chosen === undefined) return;
  const change = await chosen.change();
  if (change === undefined) return;
  client.generate(change === null ? null : { ...now, ...change });
}

async function askNumber(
  title: string,
  value: number,
  min: number,
  max: number,
  key: 'eventsPerSecond' | 'users',
): Promise<Partial<GeneratorWish> | undefined> {
  const text = await window.showInputBox({
    title,
    value: String(value),
    validateInput: (said) => (Number(said) >= min && Number(said) <= max ? null : `Write a number from ${min} to ${max}.`),
  });
  if (text === undefined) return undefined;
  await keep(key, Number(text));
  return { [key]: Number(text) };
}

async function askScenarios(picked: readonly string[]): Promise<Partial<GeneratorWish> | undefined> {
  const items = scenarioNames.map((label) => ({ label, picked: picked.includes(label) }));
  const chosen = await window.showQuickPick(items, { title: 'Scenarios', canPickMany: true });
  if (chosen === undefined) return undefined;
  const scenarios = chosen.map(({ label }) => label);
  await keep('scenarios', scenarios);
  return { scenarios };
}

async function keep(key: string, value: unknown): Promise<void> {
  if (workspace.workspaceFolders !== undefined) await workspace.getConfiguration('asaql.generator').update(key, value);
}

function showInStatusBar(context: ExtensionContext, changed: EventEmitter<AttendedStatus | null>): void {
  const item = window.createStatusBarItem('asaql.generator', StatusBarAlignment.Left);
  item.name = 'Asaql generator';
  item.command = 'asaql.controlGenerator';
  context.subscriptions.push(
    item,
    changed.event((status) => {
      if (status?.phase !== 'running') return item.hide();
      const rate = status.health.eventsInPerSecond ?? 0;
      item.text = status.generator === null ? '$(debug-pause) no events' : `$(pulse) ${number.format(rate)} events/s`;
      item.tooltip = 'The generator of the local pipeline: rate, users, scenarios, stop';
      item.show();
    }),
  );
}

interface Part {
  readonly label: string;
  readonly description: string;
  readonly icon: ThemeIcon;
}

class PartsTree implements TreeDataProvider<Part> {
  readonly #client: PipelineClient;
  readonly #redraw = new EventEmitter<void>();
  readonly onDidChangeTreeData = this.#redraw.event;

  constructor(client: PipelineClient, changed: EventEmitter<AttendedStatus | null>) {
    this.#client = client;
    let drawn = '';
    changed.event((status) => {
      // Every second brings a status, and mostly the same parts.
      const parts = JSON.stringify([status?.phase, status?.detail, status?.health.parts]);
      if (parts !== drawn) this.#redraw.fire();
      drawn = parts;
    });
  }

  getChildren(part?: Part): Part[] {
    const { status } = this.#client;
    if (part !== undefined || status === null) return [];
    const failed = status.detail === null ? [] : [{ label: 'failed', description: status.detail, icon: iconOf('failed') }];
    return [
      ...failed,
      ...status.health.parts.map(({ name, state, detail }) => ({
        label: name,
        description: detail ?? state,
        icon: iconOf(state),
      })),
    ];
  }

  getTreeItem({ label, description, icon }: Part): TreeItem {
    const item = new TreeItem(label);
    item.description = description;
    item.iconPath = icon;
    item.tooltip = `${label}: ${description}`;
    return item;
  }
}

function iconOf(state: string): ThemeIcon {
  const icons: Record<string, readonly [string, string]> = {
    running: ['pass-filled', 'testing.iconPassed'],
    starting: ['loading~spin', 'foreground'],
    failed: ['error', 'testing.iconFailed'],
  };
  const [name, colour] = icons[state] ?? ['circle-outline', 'disabledForeground'];
  return new ThemeIcon(name, new ThemeColor(colour));
}
