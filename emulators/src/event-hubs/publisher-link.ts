// One sender's link: takes transfers apart, appends them, and answers each with what became of it.
// Knows nothing of authorisation or addresses.
import type { Delivery, Receiver } from 'rhea';
import { AmqpFormatError } from './amqp-sections.ts';
import { publishedBatch } from './event-codec.ts';
import type { Hub } from './hub.ts';
import { LogWriteError, type PartitionLog, ProducerOrderError } from './partition-log.ts';
import { wireError } from './rhea-wire.ts';

/** Transfers that may be under way on one link. */
const CREDIT = 300;
const CREDIT_STEP = 30;

export interface PublisherOptions {
  readonly hub: Hub;
  /** The partition that the link is for; undefined where the hub chooses. */
  readonly partition: PartitionLog | undefined;
  readonly messageBytesMax: number;
  /** Whether the link keeps order and suppresses duplicates by its producer's numbers. */
  readonly isIdempotent: boolean;
  /** A batch could not be written. */
  readonly onWriteError: (error: LogWriteError) => void;
  readonly onWritten: () => void;
}

export class PublisherLink {
  readonly #receiver: Receiver;
  readonly #options: PublisherOptions;
  #owedCredit = 0;

  constructor(receiver: Receiver, options: PublisherOptions) {
    this.#receiver = receiver;
    this.#options = options;
    receiver.add_credit(CREDIT);
    receiver.on('message', ({ message, delivery }) => {
      // A transfer without a payload comes as nothing at all.
      if (delivery) void this.#take((message as unknown as Buffer | undefined) ?? Buffer.alloc(0), delivery);
    });
  }

  async #take(payload: Buffer, delivery: Delivery): Promise<void> {
    const rejection = await this.#append(payload, delivery);
    if (rejection) delivery.reject(rejection);
    else delivery.accept();
    this.#owedCredit++;
    if (this.#owedCredit < CREDIT_STEP) return;
    this.#receiver.add_credit(this.#owedCredit);
    this.#owedCredit = 0;
  }

  /** What to reject the transfer with; undefined when its events are in the log. */
  async #append(payload: Buffer, delivery: Delivery): Promise<ReturnType<typeof wireError> | undefined> {
    const { hub, partition, messageBytesMax, isIdempotent, onWriteError, onWritten } = this.#options;
    if (payload.length > messageBytesMax) {
      return wireError(
        'amqp:link:message-size-exceeded',
        `The received message (delivery-id:${delivery.id}, size:${payload.length} bytes) exceeds the limit (${messageBytesMax} bytes) currently allowed on the link.`,
      );
    }
    try {
      const { events, partitionKey, producer } = publishedBatch(payload, delivery.format);
      const log = partition ?? hub.partitionFor(partitionKey);
      await log.append({ events, producer: isIdempotent ? producer : undefined });
      onWritten();
      return undefined;
    } catch (error) {
      if (error instanceof AmqpFormatError || error instanceof RangeError) {
        return wireError('amqp:decode-error', `The message is no valid AMQP 1.0: ${error.message}.`);
      }
      if (error instanceof ProducerOrderError) {
        const condition =
          error.reason === 'stale-epoch' ? 'com.microsoft:producer-epoch-stolen' : 'com.microsoft:out-of-order-sequence';
        return wireError(condition, `${error.message}.`);
      }
      if (error instanceof LogWriteError) {
        onWriteError(error);
        return wireError('com.microsoft:server-busy', `The emulator cannot store events now: ${error.message}.`);
      }
      return wireError('com.microsoft:server-busy', `The emulator cannot take events now: ${(error as Error).message}.`);
    }
  }
}
