/** A code-server of its own for a test: the packaged extension installed, every file in a temp folder, on a free port of loopback. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { installVsCode } from '../vscode/install-vscode.ts';

/** A quiet window that speaks English, asks nothing and calls nobody. */
const quietSettings = {
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.colorTheme': 'Default Dark Modern',
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'update.showReleaseNotes': false,
  'window.autoDetectColorScheme': false,
  'window.autoDetectHighContrast': false,
  'editor.minimap.enabled': false,
  'editor.cursorBlinking': 'solid',
  'git.enabled': false,
};

export interface CodeServerOptions {
  readonly vsix: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly environment?: NodeJS.ProcessEnv;
}

export class CodeServer {
  readonly url: string;
  /** Everything that this editor writes. */
  readonly home: string;
  readonly #process: ChildProcess;

  private constructor(url: string, home: string, child: ChildProcess) {
    this.url = url;
    this.home = home;
    this.#process = child;
  }

  static async start(options: CodeServerOptions): Promise<CodeServer> {
    const { entry } = installVsCode();
    const home = mkdtempSync(join(tmpdir(), 'asaql-vscode-'));
    mkdirSync(join(home, 'user', 'User'), { recursive: true });
    writeFileSync(join(home, 'user', 'User', 'settings.json'), JSON.stringify({ ...quietSettings, ...options.settings }));
    writeFileSync(join(home, 'config.yaml'), 'auth: none\ncert: false\n');
    const environment = { ...process.env, ...options.environment, HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home };
    const folders = [
      '--config',
      join(home, 'config.yaml'),
      '--user-data-dir',
      join(home, 'user'),
      '--extensions-dir',
      join(home, 'extensions'),
    ];
    const installed = spawnSync(process.execPath, [entry, ...folders, '--install-extension', options.vsix], {
      env: environment,
      encoding: 'utf8',
    });
    if (installed.status !== 0) throw new Error(`The extension could not be installed:\n${installed.stdout}${installed.stderr}`);
    const child = spawn(
      process.execPath,
      [
        entry,
        ...folders,
        '--bind-addr',
        '127.0.0.1:0',
        '--disable-telemetry',
        '--disable-update-check',
        '--disable-workspace-trust',
        '--vscode-option',
        'enable-smoke-test-driver',
      ],
      { env: environment, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    return new CodeServer(await addressOf(child), home, child);
  }

  /** The address of a window on a folder. */
  windowOn(folder: string, payload: readonly (readonly [string, string])[] = []): string {
    const query = new URLSearchParams({ folder });
    if (payload.length > 0) query.set('payload', JSON.stringify(payload));
    return `${this.url}/?${query}`;
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null) {
      this.#process.kill('SIGTERM');
      await once(this.#process, 'exit');
    }
    rmSync(this.home, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

async function addressOf(child: ChildProcess): Promise<string> {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const said: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  for await (const line of lines) {
    said.push(line);
    const address = /HTTP server listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
    if (address !== undefined) {
      // Nobody reads further: the pipe must not fill.
      child.stdout?.resume();
      return address;
    }
  }
  throw new Error(`code-server ended before it listened:\n${said.join('\n')}`);
}
