// Decides what becomes of each link a client attaches: which node, hub, partition and group it means, whether that exists, whether the
// client may, and what is answered. Knows nothing of sockets or of files.

import { randomInt } from 'node:crypto';
import type { Connection, Receiver, Sender } from 'rhea';
import rhea from 'rhea';
import type { ClientAccess } from './client-access.ts';
import { ConsumerLink } from './consumer-link.ts';
import { parseAddress, pathOfAddress } from './entity-address.ts';
import { DEFAULT_CONSUMER_GROUP, type Hub } from './hub.ts';
import { answerManagement } from './management.ts';
import type { LogCursor, LogWriteError, PartitionLog } from './partition-log.ts';
import { PublisherLink } from './publisher-link.ts';
import { ReceiverRoster } from './receiver-roster.ts';
import { RequestNode } from './request-node.ts';
import { answerAttach, takeBytes, wireError } from './rhea-wire.ts';
import { parseSelector, type StartPosition } from './selector.ts';
import type { AccessRight } from './shared-access.ts';

const SELECTOR_KEYS = ['apache.org:selector-filter:string', 'jms-selector'] as const;
const IDEMPOTENT = 'com.microsoft:idempotent-producer';
const RUNTIME_METRICS = 'com.microsoft:enable-receiver-runtime-metric';
const EPOCH = 'com.microsoft:epoch';
const PRODUCER_ID = 'com.microsoft:producer-id';
const PRODUCER_EPOCH = 'com.microsoft:producer-epoch';
const PRODUCER_SEQUENCE = 'com.microsoft:producer-sequence-number';
/** Producer ids are drawn below this: a long that every client reads as a plain number. */
const PRODUCER_ID_MAX = 2 ** 47;

export interface LinkRouterOptions {
  readonly hubs: ReadonlyMap<string, Hub>;
  readonly access: ClientAccess;
  readonly messageBytesMax: number;
  readonly now: () => number;
  readonly onError: (line: string) => void;
  readonly onWriteError: (error: LogWriteError) => void;
  readonly onWritten: () => void;
}

/** A link is refused: it is attached and closed at once with this. */
class LinkRefusal extends Error {
  readonly condition: string;
  constructor(condition: string, description: string) {
    super(description);
    this.condition = condition;
  }
}

export class LinkRouter {
  readonly #options: LinkRouterOptions;
  readonly #nodes: ReadonlyMap<string, RequestNode>;
  readonly #roster = new ReceiverRoster();
  readonly #consumers = new Map<Sender, { link: ConsumerLink; place: string }>();

  constructor(options: LinkRouterOptions) {
    this.#options = options;
    const { hubs, access } = options;
    const management = new RequestNode((request) =>
      answerManagement(hubs, ({ connection }, hub) => access.isAllowed(connection, `${hub}/$management`), request),
    );
    this.#nodes = new Map([
      ['$cbs', new RequestNode(access.putToken)],
      ['$management', management],
    ]);
  }

  /** A client attached a link on which it sends. */
  readonly attachReceiver = (receiver: Receiver): void => {
    const address = receiver.target?.address ?? '';
    const echo = { source: { address: addressOf(receiver.source) }, target: { address } };
    const node = this.#nodes.get(nodeName(address));
    if (node) {
      answerAttach(receiver, { ...echo });
      node.serve(receiver);
      return;
    }
    this.#orRefuse(receiver, echo, () => this.#attachPublisher(receiver, address, echo));
  };

  #attachPublisher(
    receiver: Receiver,
    address: string,
    echo: { source: { address: string }; target: { address: string } },
  ): void {
    const { hub, partition } = this.#resolve(receiver.connection, address, 'Send');
    const isIdempotent = capabilities(receiver).includes(IDEMPOTENT);
    if (isIdempotent && !partition) {
      throw new LinkRefusal('amqp:not-allowed', 'An idempotent producer must send to a partition, not to the hub.');
    }
    const { messageBytesMax, onWriteError, onWritten } = this.#options;
    const identity = isIdempotent && partition ? producerIdentity(receiver.properties ?? {}, partition) : undefined;
    answerAttach(receiver, {
      ...echo,
      maxMessageBytes: messageBytesMax,
      ...(identity ? { capabilities: [IDEMPOTENT], properties: identity } : {}),
    });
    takeBytes(receiver);
    new PublisherLink(receiver, { hub, partition, messageBytesMax, isIdempotent, onWriteError, onWritten });
  }

  /** A client attached a link on which it receives. */
  readonly attachSender = (sender: Sender): void => {
    const address = addressOf(sender.source);
    const target = sender.target?.address ?? sender.name;
    const node = this.#nodes.get(nodeName(address));
    if (node) {
      answerAttach(sender, { source: { address }, target: { address: target }, sendsSettled: true });
      node.addReplyLink(sender, target);
      return;
    }
    const filter = sender.source?.filter as Record<string, unknown> | undefined;
    const echo = { source: filter ? { address, filter } : { address }, target: { address: target } };
    this.#orRefuse(sender, echo, () => this.#attachConsumer(sender, address, echo));
  };

  #attachConsumer(sender: Sender, address: string, echo: { source: { address: string }; target: { address: string } }): void {
    const { hub, partition, partitionId, consumerGroup } = this.#resolve(sender.connection, address, 'Listen');
    if (!partition) throw new LinkRefusal('amqp:not-allowed', 'A receiver must read a partition, not the hub.');
    const start = startPosition(sender.source?.filter as Record<string, unknown> | undefined);
    assertWithin(start, partition);
    const place = `${hub.name}/${consumerGroup.toLowerCase()}/${partitionId}`;
    const epoch = integerProperty(sender.properties?.[EPOCH]);
    const refusal = this.#roster.refusal(place, epoch);
    if (refusal) throw new LinkRefusal(refusal.condition, refusal.description);
    const withRuntimeMetrics = capabilities(sender).includes(RUNTIME_METRICS);
    answerAttach(sender, { ...echo, sendsSettled: true, capabilities: withRuntimeMetrics ? [RUNTIME_METRICS] : [] });
    void this.#startConsumer(sender, partition, start, withRuntimeMetrics, { place, epoch });
  }

  async #startConsumer(
    sender: Sender,
    log: PartitionLog,
    start: StartPosition,
    withRuntimeMetrics: boolean,
    { place, epoch }: { place: string; epoch: number | undefined },
  ): Promise<void> {
    const fail = (error: Error): void => {
      this.#options.onError(`Event Hubs: ${sender.source?.address}: ${error.message}`);
      sender.close(wireError('amqp:internal-error', error.message));
    };
    // The end is taken now, at the attach: what is enqueued from here on is later than "latest".
    const cursor: LogCursor = { ...log.end(), minSequence: 0 };
    const link = new ConsumerLink(sender, { log, cursor, withRuntimeMetrics, now: this.#options.now, onFailure: fail });
    this.#consumers.set(sender, { link, place });
    this.#roster.join(place, link, epoch);
    if (start.kind !== 'latest') {
      try {
        link.hold();
        Object.assign(cursor, await log.seek(seekTarget(start)));
        link.release();
      } catch (error) {
        link.close();
        fail(error as Error);
        return;
      }
    }
    link.pump();
  }

  /** Goes on with the readers of a session, or of one link, whose credit or window may have grown. */
  readonly resume = (isMeant: (sender: Sender) => boolean): void => {
    for (const [sender, { link }] of this.#consumers) if (isMeant(sender)) link.pump();
  };

  readonly drain = (sender: Sender): void => {
    const consumer = this.#consumers.get(sender);
    if (consumer) consumer.link.drain();
    else sender.set_drained(true);
  };

  readonly detachSender = (sender: Sender): void => {
    for (const node of this.#nodes.values()) node.removeReplyLink(sender);
    const consumer = this.#consumers.get(sender);
    if (!consumer) return;
    consumer.link.close();
    this.#roster.leave(consumer.place, consumer.link);
    this.#consumers.delete(sender);
  };

  readonly disconnect = (connection: Connection): void => {
    for (const node of this.#nodes.values()) node.removeConnection(connection);
    for (const sender of [...this.#consumers.keys()]) if (sender.connection === connection) this.detachSender(sender);
  };

  #resolve(connection: Connection, address: string, right: AccessRight) {
    const entity = parseAddress(address);
    const hub = entity && this.#options.hubs.get(entity.hub.toLowerCase());
    const path = pathOfAddress(address);
    if (!this.#options.access.isAllowed(connection, path, right)) {
      throw new LinkRefusal(
        'amqp:unauthorized-access',
        `Unauthorized access. '${right}' claim(s) are required to perform this operation. Resource: '${path}'.`,
      );
    }
    if (!entity || !hub) throw notFound(`The messaging entity '${path}' could not be found.`);
    const consumerGroup = entity.consumerGroup ?? DEFAULT_CONSUMER_GROUP;
    if (!hub.hasConsumerGroup(consumerGroup)) {
      throw notFound(`The messaging entity '${hub.name}/ConsumerGroups/${consumerGroup}' could not be found.`);
    }
    const partitionId = entity.partition ?? '';
    const partition = hub.partition(partitionId);
    if (entity.partition !== undefined && !partition) {
      throw notFound(
        `The messaging entity '${path}' could not be found. The partition should be between 0 and ${hub.partitions.length - 1}.`,
      );
    }
    return { hub, partition, partitionId, consumerGroup };
  }

  #orRefuse(
    link: Sender | Receiver,
    echo: { source: { address: string }; target: { address: string } },
    attach: () => void,
  ): void {
    try {
      attach();
    } catch (error) {
      if (!(error instanceof LinkRefusal)) throw error;
      answerAttach(link, echo);
      link.close(wireError(error.condition, error.message));
    }
  }
}

function notFound(description: string): LinkRefusal {
  return new LinkRefusal('amqp:not-found', description);
}

function addressOf(terminus: unknown): string {
  const address = typeof terminus === 'object' && terminus !== null && 'address' in terminus ? terminus.address : undefined;
  return typeof address === 'string' ? address : '';
}

/** `$cbs` or `$management`, bare, as a URL, or below a hub. */
function nodeName(address: string): string {
  return pathOfAddress(address).split('/').at(-1)?.toLowerCase() ?? '';
}

function capabilities(link: Sender | Receiver): readonly string[] {
  const desired: unknown = link.desired_capabilities;
  return (Array.isArray(desired) ? desired : [desired]).map(String);
}

function integerProperty(value: unknown): number | undefined {
  const number = typeof value === 'number' || typeof value === 'bigint' ? Number(value) : Number.NaN;
  return Number.isSafeInteger(number) ? number : undefined;
}

function startPosition(filter: Record<string, unknown> | undefined): StartPosition {
  const key = SELECTOR_KEYS.find((candidate) => filter?.[candidate] !== undefined);
  if (!key) return { kind: 'earliest' };
  const text = String(filter?.[key]);
  const start = parseSelector(text);
  if (!start) throw new LinkRefusal('com.microsoft:argument-error', `The filter "${text}" is not supported.`);
  return start;
}

/** The service refuses a place that was never reached: a checkpoint of another hub, or of one that was deleted. */
function assertWithin(start: StartPosition, log: PartitionLog): void {
  const { lastSequence, lastOffset } = log.state;
  if (start.kind === 'offset' && start.value > Math.max(lastOffset, 0)) {
    throw new LinkRefusal(
      'com.microsoft:argument-error',
      `The supplied offset '${start.value}' is invalid. The last offset in the system is '${lastOffset}'.`,
    );
  }
  if (start.kind === 'sequence' && start.value > lastSequence + 1) {
    throw new LinkRefusal(
      'com.microsoft:argument-error',
      `The supplied sequence number '${start.value}' is invalid. The last sequence number in the system is '${lastSequence}'.`,
    );
  }
}

function seekTarget(start: Exclude<StartPosition, { kind: 'latest' }>): Parameters<PartitionLog['seek']>[0] {
  if (start.kind === 'earliest') return { sequence: 0 };
  const first = start.isInclusive ? start.value : start.value + 1;
  if (start.kind === 'offset') return { offset: first };
  return start.kind === 'sequence' ? { sequence: first } : { timeMs: first };
}

/**
 * The identity under which an idempotent producer goes on: what it asks for, completed from what the partition remembers. A sequence
 * number that the client names is confirmed as it is: it may not know that its last batch arrived, and will send it again under the same
 * numbers.
 */
function producerIdentity(asked: Record<string, unknown>, log: PartitionLog): object {
  const id = integerProperty(asked[PRODUCER_ID]) ?? randomInt(1, PRODUCER_ID_MAX);
  const known = log.producer(id);
  const epoch = integerProperty(asked[PRODUCER_EPOCH]) ?? known?.epoch ?? 0;
  if (known && epoch < known.epoch) {
    const description = `The producer ${id} has the owner level ${known.epoch}; one with ${epoch} must give way.`;
    throw new LinkRefusal('com.microsoft:producer-epoch-stolen', description);
  }
  log.fenceProducer(id, epoch);
  const sequence = integerProperty(asked[PRODUCER_SEQUENCE]) ?? known?.lastSequence ?? 0;
  const { types } = rhea;
  return {
    [PRODUCER_ID]: types.wrap_long(id),
    [PRODUCER_EPOCH]: types.wrap_short(epoch),
    [PRODUCER_SEQUENCE]: types.wrap_int(sequence),
  };
}
