/** Runs one timer trigger by its schedule, on the clock that the host was given. One run at a time, as Azure does. */
import { randomUUID } from 'node:crypto';
import type { Binding } from './core-types.ts';
import type { RunnerContext } from './event-hub-runner.ts';
import type { RegisteredFunction } from './functions-app.ts';
import { resolveNames } from './host-settings.ts';
import { parseSchedule, type Schedule } from './ncrontab.ts';
import { invokeWithRetry } from './trigger-retry.ts';

export class TimerRunner {
  readonly #function: RegisteredFunction;
  readonly #bindingName: string;
  readonly #runOnStartup: boolean;
  readonly #schedule: Schedule;
  readonly #context: Pick<RunnerContext, 'app' | 'clock' | 'report' | 'settings'>;
  readonly #stop = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  #run: Promise<boolean> = Promise.resolve(true);
  #lastMs: number;

  /** Throws where the schedule is not understood. */
  constructor(
    registered: RegisteredFunction,
    bindingName: string,
    binding: Binding,
    context: Pick<RunnerContext, 'app' | 'clock' | 'report' | 'settings'>,
  ) {
    this.#function = registered;
    this.#bindingName = bindingName;
    this.#runOnStartup = binding.runOnStartup === true;
    this.#schedule = parseSchedule(resolveNames(String(binding.schedule), context.settings));
    this.#context = context;
    this.#lastMs = context.clock.nowMs();
  }

  start(): void {
    this.#loop = this.#runByClock();
  }

  /** Runs the function now, after a run that is under way. True where it succeeded. */
  runNow(): Promise<boolean> {
    this.#run = this.#run.then(
      () => this.#invoke(),
      () => this.#invoke(),
    );
    return this.#run;
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error('The host is stopping.'));
    await Promise.allSettled([this.#loop, this.#run]);
  }

  async #runByClock(): Promise<void> {
    const { clock } = this.#context;
    if (this.#runOnStartup) await this.runNow();
    while (!this.#stop.signal.aborted) {
      const dueMs = this.#schedule.nextAfterMs(clock.nowMs());
      try {
        // A wait may be cut short by the longest that a timer takes: look again until the time has come.
        while (clock.nowMs() < dueMs) await clock.sleep(dueMs - clock.nowMs(), this.#stop.signal);
      } catch {
        return;
      }
      await this.runNow();
    }
  }

  async #invoke(): Promise<boolean> {
    const { app, clock, report } = this.#context;
    const { name, retryOptions } = this.#function.metadata;
    const nowMs = clock.nowMs();
    const at = (timeMs: number) => new Date(timeMs).toISOString();
    const timer = {
      IsPastDue: false,
      Schedule: { AdjustForDST: false },
      ScheduleStatus: { Last: at(this.#lastMs), Next: at(this.#schedule.nextAfterMs(nowMs)), LastUpdated: at(this.#lastMs) },
    };
    this.#lastMs = nowMs;
    const inputData = [{ name: this.#bindingName, data: { json: JSON.stringify(timer) } }];
    try {
      return await invokeWithRetry(
        retryOptions,
        (retryContext) => app.invoke(name, { invocationId: randomUUID(), inputData, ...(retryContext ? { retryContext } : {}) }),
        {
          clock,
          signal: this.#stop.signal,
          onFailure: ({ error }) => report('error', `${name} failed: ${error instanceof Error ? error.message : String(error)}`),
        },
      );
    } catch (error) {
      if (this.#stop.signal.aborted) return false;
      throw error;
    }
  }
}
