/**
 * The query that is previewed: follows its text, runs it after a pause, and keeps the newest result for whoever shows it.
 * Knows no page.
 */
import type { CompatibilityLevel, TimePolicies } from '@asaql/engine';
import type { FunctionSource } from '@asaql/udf';
import type { PreviewResult } from '@asaql/webview/protocol';
import { Disposable, EventEmitter, type ExtensionContext, type TextDocument, workspace } from 'vscode';
import type { Log } from '../../platform/log.ts';
import { type FoundProject, projectAround } from '../../platform/workspace-project.ts';
import type { Focus } from '../../query-run/messages.ts';
import type { QueryRunner } from '../../query-run/query-runner.ts';
import { currentSample } from './sample.ts';

/** What the service does where a job says nothing: https://learn.microsoft.com/stream-analytics-query/time-skew-policies-azure-stream-analytics */
const servicePolicies: TimePolicies = { lateArrivalMs: 5_000, outOfOrderMs: 0, earlyArrivalMs: 300_000, action: 'adjust' };

export interface Previewed {
  readonly document: TextDocument;
  readonly focus: Focus;
  readonly result: PreviewResult;
}

export class PreviewSession {
  readonly runner: QueryRunner;
  readonly #context: ExtensionContext;
  readonly #log: Log;
  readonly #changed = new EventEmitter<Previewed>();
  readonly onResult = this.#changed.event;
  #document: TextDocument | null = null;
  #focus: Focus = { kind: 'all' };
  #project: FoundProject | null = null;
  #isReady = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #newest: Previewed | null = null;
  #wantedBy = 0;

  constructor(context: ExtensionContext, log: Log, runner: QueryRunner) {
    this.#context = context;
    this.#log = log;
    this.runner = runner;
    context.subscriptions.push(
      this.#changed,
      new Disposable(() => {
        clearTimeout(this.#timer);
        runner.dispose();
      }),
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (document !== this.#document || contentChanges.length === 0) return;
        // A selection or its place is gone with the text that it was made in.
        if (this.#focus.kind === 'selection') this.#focus = { kind: 'all' };
        this.#soon();
      }),
      workspace.onDidSaveTextDocument(({ uri }) => {
        if (/\.(json|js|csv)$/.test(uri.path)) this.forgetSample();
      }),
      workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('asaql')) this.forgetSample();
      }),
      workspace.onDidGrantWorkspaceTrust(() => this.forgetSample()),
    );
  }

  get document(): TextDocument | null {
    return this.#document;
  }

  get project(): FoundProject | null {
    return this.#project;
  }

  get newest(): Previewed | null {
    return this.#newest;
  }

  /** Somebody shows the result: only then queries are run. */
  want(): Disposable {
    this.#wantedBy += 1;
    this.#soon(0);
    return new Disposable(() => {
      this.#wantedBy -= 1;
    });
  }

  /** Follows another document, or another part of it. */
  follow(document: TextDocument, focus: Focus = { kind: 'all' }): void {
    if (document !== this.#document) this.#isReady = false;
    this.#document = document;
    this.#focus = focus;
    this.#soon(0);
  }

  /** The project or the sample may be another one now. */
  forgetSample(): void {
    this.#isReady = false;
    this.#soon(0);
  }

  #soon(delayMs = workspace.getConfiguration('asaql.preview').get('delay', 60)): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#run(), delayMs);
  }

  async #run(): Promise<void> {
    const document = this.#document;
    const focus = this.#focus;
    if (document === null || this.#wantedBy === 0) return;
    try {
      if (!this.#isReady) await this.#prepare(document);
      const { policies, compatibilityLevel } = this.#jobSettings();
      const functions = this.#functions();
      const result = await this.runner.run({ text: document.getText(), focus, policies, compatibilityLevel, functions });
      if (result === null || document !== this.#document) return;
      this.#newest = { document, focus, result };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#log.warn(`Preview: ${message}`);
      this.#newest = { document, focus, result: failed(message) };
    }
    this.#changed.fire(this.#newest);
  }

  async #prepare(document: TextDocument): Promise<void> {
    this.#project = document.uri.scheme === 'untitled' ? null : await projectAround(document.uri);
    this.runner.useSample(await currentSample(this.#context, this.#project));
    this.#isReady = true;
  }

  #jobSettings(): { readonly policies: TimePolicies; readonly compatibilityLevel: CompatibilityLevel } {
    const level = workspace.getConfiguration('asaql').get<CompatibilityLevel | ''>('compatibilityLevel', '');
    const job = this.#project?.project.job ?? null;
    return {
      policies: job?.policies ?? servicePolicies,
      compatibilityLevel: level === '' ? (job?.compatibilityLevel ?? '1.2') : level,
    };
  }

  /** Code of a workspace runs only where its people trust it. */
  #functions(): readonly FunctionSource[] {
    if (!workspace.isTrusted) return [];
    const functions = this.#project?.project.functions ?? [];
    return functions.flatMap(({ name, kind, language, code }) =>
      language === 'javascript' && code !== null ? [{ name, kind, source: code.text, file: code.path }] : [],
    );
  }
}

/** What is shown where there is nothing to run a query over. */
function failed(message: string): PreviewResult {
  const problem = { code: null, message, line: 1, column: 1, start: 0, end: 0 };
  const policies = { adjusted: 0, dropped: 0, unreadable: 0, rules: '' };
  return {
    run: 0,
    events: 0,
    sample: '',
    elapsedMs: 0,
    tables: [],
    points: [],
    span: null,
    policies,
    problems: [problem],
    diagram: null,
  };
}
