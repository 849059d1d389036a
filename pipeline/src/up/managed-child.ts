/**
 * A part of the pipeline as a process of its own: started, watched, started again when it dies, stopped in good order.
 * Knows nothing of what the part does.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from './child-channel.ts';

export interface ManagedChildOptions<Message> {
  readonly name: string;
  /** File URL of the program. */
  readonly entry: URL;
  /** What the program is given; asked again at each start. */
  readonly options: () => object;
  readonly onMessage: (message: Message) => void;
  /** A line for the person: a restart and its reason, or what the program wrote on standard error. */
  readonly onLog: (line: string) => void;
  /** After each start of a process. */
  readonly onSpawn: () => void;
  readonly restartDelayMs?: number;
}

/** A program that ends by itself again and again is broken, not unlucky. */
const quickFailuresMax = 5;
const quickMs = 3000;

export class ManagedChild<Message extends { readonly kind: string }> {
  readonly #options: ManagedChildOptions<Message>;
  #process: ChildProcess | null = null;
  #exited: Promise<void> = Promise.resolve();
  #wanted = false;
  #restarts = 0;
  #quickFailures = 0;
  #firstReady: { resolve: () => void; reject: (error: Error) => void } | null = null;

  constructor(options: ManagedChildOptions<Message>) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  get restarts(): number {
    return this.#restarts;
  }

  /** Resolves when the program says `ready` for the first time; rejects when it fails before that. */
  start(): Promise<void> {
    this.#wanted = true;
    return new Promise((resolve, reject) => {
      this.#firstReady = { resolve, reject };
      this.#spawn();
    });
  }

  send(message: object): void {
    if (this.#process?.connected) this.#process.send(message, () => undefined);
  }

  /** Asks the program to stop and waits for its end; after `graceMs` it is killed. */
  async stop(graceMs = 20_000): Promise<void> {
    this.#wanted = false;
    const child = this.#process;
    if (child === null) return;
    this.send({ kind: 'stop' });
    const timer = setTimeout(() => {
      this.#options.onLog(`${this.name} did not stop within ${graceMs / 1000} s and was killed.`);
      child.kill('SIGKILL');
    }, graceMs);
    await this.#exited;
    clearTimeout(timer);
  }

  #spawn(): void {
    const startedAtMs = performance.now();
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', fileURLToPath(this.#options.entry)], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: childEnvironment(this.#options.options()),
    });
    this.#process = child;
    this.#options.onSpawn();
    let lastWords = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      lastWords = (lastWords + text).slice(-2000);
    });
    child.on('message', (message: Message) => this.#receive(message));
    this.#exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.#process = null;
        resolve();
        if (this.#wanted) this.#revive(code, signal, lastWords, performance.now() - startedAtMs);
      });
    });
  }

  #receive(message: Message): void {
    if (message.kind === 'ready') {
      this.#firstReady?.resolve();
      this.#firstReady = null;
    } else if (message.kind === 'failed' && 'message' in message) {
      this.#firstReady?.reject(new Error(`${this.name}: ${String(message.message)}`));
      if (this.#firstReady !== null) this.#wanted = false;
      this.#firstReady = null;
    }
    this.#options.onMessage(message);
  }

  #revive(code: number | null, signal: string | null, lastWords: string, livedMs: number): void {
    const reason = signal !== null ? `by ${signal}` : `with code ${code}`;
    const words = lastWords.trim().split('\n')[0] ?? '';
    if (this.#firstReady !== null) {
      this.#wanted = false;
      this.#firstReady.reject(new Error(`${this.name} ended ${reason} before it was ready: ${words}`));
      this.#firstReady = null;
      return;
    }
    this.#quickFailures = livedMs < quickMs ? this.#quickFailures + 1 : 0;
    if (this.#quickFailures >= quickFailuresMax) {
      this.#options.onLog(`${this.name} ended ${reason} ${quickFailuresMax} times in a row and is given up: ${words}`);
      this.#wanted = false;
      this.#options.onMessage({ kind: 'failed', message: words } as unknown as Message);
      return;
    }
    this.#restarts++;
    this.#options.onLog(`${this.name} ended ${reason}${words === '' ? '' : ` (${words})`}: started again.`);
    void wait(this.#options.restartDelayMs ?? 300).then(() => {
      if (this.#wanted) this.#spawn();
    });
  }
}
