// Who reads which partition for which consumer group, and who must give way: the rules of epochs (owner levels).
// Knows nothing of reading.
import type { ConsumerLink } from './consumer-link.ts';
import { wireError } from './rhea-wire.ts';

/** Readers without an epoch that the service allows on one partition for one consumer group. */
const PLAIN_READERS_MAX = 5;

interface Reader {
  readonly link: ConsumerLink;
  readonly epoch: number | undefined;
}

export class ReceiverRoster {
  readonly #readers = new Map<string, Reader[]>();

  /** Why a reader may not join, in the service's words; undefined if it may. */
  refusal(place: string, epoch: number | undefined): { condition: string; description: string } | undefined {
    const readers = this.#readers.get(place) ?? [];
    const highest = readers.find((reader) => reader.epoch !== undefined)?.epoch;
    if (highest !== undefined && epoch === undefined) {
      return wireError(
        'amqp:link:stolen',
        `At least one receiver for the endpoint is created with epoch of '${highest}', and so non-epoch receiver is not allowed. ` +
          'Either reconnect with a higher epoch, or make sure all epoch receivers are closed or disconnected.',
      );
    }
    if (highest !== undefined && epoch !== undefined && epoch < highest) {
      return wireError(
        'amqp:link:stolen',
        `Receiver with higher epoch '${highest}' already exists. Receiver with epoch '${epoch}' cannot be created. ` +
          'Make sure you are creating receiver with increasing epoch value to ensure connectivity, or ensure all old epoch receivers are closed or disconnected.',
      );
    }
    if (epoch === undefined && readers.length >= PLAIN_READERS_MAX) {
      return wireError(
        'amqp:resource-limit-exceeded',
        `Exceeded the maximum number of allowed receivers per partition in a consumer group which is ${PLAIN_READERS_MAX}.`,
      );
    }
    return undefined;
  }

  /** Lets a reader in; one with an epoch disconnects all that are there. */
  join(place: string, link: ConsumerLink, epoch: number | undefined): void {
    const readers = this.#readers.get(place) ?? [];
    if (epoch === undefined) {
      this.#readers.set(place, [...readers, { link, epoch }]);
      return;
    }
    this.#readers.set(place, [{ link, epoch }]);
    for (const reader of readers) {
      reader.link.close();
      const current = reader.epoch === undefined ? 'without epoch' : `with epoch '${reader.epoch}'`;
      reader.link.sender.close(
        wireError(
          'amqp:link:stolen',
          `New receiver with higher epoch of '${epoch}' is created hence current receiver ${current} is getting disconnected. ` +
            'If you are recreating the receiver, make sure a higher epoch is used.',
        ),
      );
    }
  }

  leave(place: string, link: ConsumerLink): void {
    const readers = this.#readers.get(place)?.filter((reader) => reader.link !== link) ?? [];
    if (readers.length > 0) this.#readers.set(place, readers);
    else this.#readers.delete(place);
  }
}
