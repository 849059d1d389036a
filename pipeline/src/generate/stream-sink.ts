/** Writes events as NDJSON to a stream: a file or the screen. A broken body is written as it is, one line like any other. */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import type { GeneratedEvent } from '@asaql/generator';
import type { EventSink } from './event-sink.ts';

const lineEnd = Buffer.from('\n');

export class StreamSink implements EventSink {
  readonly refused = 0;
  readonly #stream: Writable;
  readonly #ownsStream: boolean;
  #acknowledged = 0;
  #failure: Error | undefined;

  private constructor(stream: Writable, ownsStream: boolean) {
    this.#stream = stream;
    this.#ownsStream = ownsStream;
    stream.on('error', (error) => {
      this.#failure ??= error;
    });
  }

  /** Replaces the file at `path`. Rejects where it cannot be written. */
  static async toFile(path: string): Promise<StreamSink> {
    const stream = createWriteStream(path);
    await once(stream, 'open');
    return new StreamSink(stream, true);
  }

  static toStream(stream: Writable): StreamSink {
    return new StreamSink(stream, false);
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  async send(events: readonly GeneratedEvent[]): Promise<void> {
    if (events.length === 0) return;
    const chunk = Buffer.concat(events.flatMap(({ body }) => [typeof body === 'string' ? Buffer.from(body) : body, lineEnd]));
    await this.#done((callback) => this.#stream.write(chunk, callback));
    this.#acknowledged += events.length;
  }

  async flush(): Promise<void> {
    if (this.#failure) throw this.#failure;
  }

  async close(): Promise<void> {
    if (this.#ownsStream && !this.#stream.destroyed) await this.#done((callback) => this.#stream.end(callback));
  }

  async #done(start: (callback: (error?: Error | null) => void) => void): Promise<void> {
    await new Promise<void>((resolve, reject) => start((error) => (error ? reject(error) : resolve())));
    if (this.#failure) throw this.#failure;
  }
}
