/**
 * The ledger: what the hub acknowledged, event by event, in an append-only NDJSON file that outlives a kill of this process.
 * A line for each event is written before it is sent for the first time, one for each batch after the hub has
 * acknowledged it. So an event with an acknowledgement is in the hub; one without a line is not; one with the first line
 * only was under way when the process died, and may be either. Knows no hub.
 *
 * Lines: `{"run":1,…}` opens a run (numbers start again) · `{"n":0,"kind":…,"body":…}` an event about to be sent ·
 * `{"acknowledged":[first,last]}` · `{"refused":[first,last],"reason":…}`.
 */
import { closeSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { GeneratedEvent } from '@asaql/generator';

/** Numbers of events in the ledger, both ends included. */
export interface LedgerRange {
  readonly first: number;
  readonly last: number;
}

/** The ledger cannot be written: a full disk, no permission. Nothing was sent that does not stand in it. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
}

export class Ledger {
  readonly #path: string;
  readonly #file: number;
  #next = 0;

  /** Opens `path` to append to it; `about` is noted at the head of this run. Throws a LedgerError where that fails. */
  constructor(path: string, about: Readonly<Record<string, unknown>>) {
    this.#path = path;
    this.#file = this.#attempt(() => {
      mkdirSync(dirname(path), { recursive: true });
      return openSync(path, 'a+');
    });
    this.#write(`${this.#endsTorn() ? '\n' : ''}${JSON.stringify({ run: about })}\n`);
  }

  /** Notes events that are about to be sent. They may be sent once this has returned. */
  intend(events: readonly GeneratedEvent[]): LedgerRange {
    const first = this.#next;
    let text = '';
    for (const event of events) text += `${lineOf(this.#next++, event)}\n`;
    this.#write(text);
    return { first, last: this.#next - 1 };
  }

  /** Notes that the hub has acknowledged the events of `range`. */
  acknowledge({ first, last }: LedgerRange): void {
    this.#write(`{"acknowledged":[${first},${last}]}\n`);
  }

  /** Notes that the hub will never take the events of `range`, and why. */
  refuse({ first, last }: LedgerRange, reason: string): void {
    this.#write(`${JSON.stringify({ refused: [first, last], reason })}\n`);
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Whether a kill or a full disk has left half a line at the end. */
  #endsTorn(): boolean {
    const { size } = fstatSync(this.#file);
    if (size === 0) return false;
    const last = Buffer.alloc(1);
    readSync(this.#file, last, 0, 1, size - 1);
    return last.toString() !== '\n';
  }

  // Synchronous on purpose: what write() has taken survives a kill of this process, and nothing can be sent before.
  #write(text: string): void {
    this.#attempt(() => {
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
    });
  }

  #attempt<Result>(action: () => Result): Result {
    try {
      return action();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new LedgerError(`The ledger ${this.#path} cannot be written: ${reason}. Nothing more is sent.`, { cause: error });
    }
  }
}

function lineOf(n: number, event: GeneratedEvent): string {
  const { kind, eventId, eventTimeMs, sendTimeMs, userId, scenarios, body } = event;
  const fault = event.kind === 'malformed' ? { fault: event.fault } : undefined;
  const content = typeof body === 'string' ? { body } : { bodyBase64: Buffer.from(body).toString('base64') };
  return JSON.stringify({ n, kind, eventId, eventTimeMs, sendTimeMs, userId, scenarios, ...fault, ...content });
}
