/** What the generator's events are sent to: a hub, a file, the screen. */
import type { GeneratedEvent } from '@asaql/generator';

export interface EventSink {
  /** Events that have safely arrived. */
  readonly acknowledged: number;
  /** Events that will never be taken (too large): reported, and marked in the ledger. */
  readonly refused: number;
  /** Takes events over in order; resolves when there is room for more. Rejects when nothing more can be taken at all. */
  send(events: readonly GeneratedEvent[]): Promise<void>;
  /** Resolves when everything that was sent has arrived. */
  flush(): Promise<void>;
  /** Ends without waiting for what has not arrived; whoever waits in `send` or `flush` goes on. Twice is once. */
  close(): Promise<void>;
}
