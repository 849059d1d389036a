/** Reads messages of the dead-letter hub from where the last replay stopped to where the hub ends now. Sends nothing. */
import { type EventHubConsumerClient, earliestEventPosition, type ReceivedEventData } from '@azure/event-hubs';
import type { ReplayCheckpoint } from './replay-checkpoint.ts';

export interface DeadLetterRead {
  readonly messages: readonly { readonly partition: string; readonly data: ReceivedEventData }[];
  /** The checkpoint once these messages are dealt with. */
  readonly next: ReplayCheckpoint;
  /** Messages that wait beyond the limit. */
  readonly remaining: number;
}

export async function readDeadLetters(
  client: EventHubConsumerClient,
  from: ReplayCheckpoint,
  limit: number,
): Promise<DeadLetterRead> {
  const messages: { partition: string; data: ReceivedEventData }[] = [];
  const next: ReplayCheckpoint = { ...from };
  let remaining = 0;
  for (const partition of await client.getPartitionIds()) {
    const {
      lastEnqueuedSequenceNumber: last,
      beginningSequenceNumber: first,
      isEmpty,
    } = await client.getPartitionProperties(partition);
    if (isEmpty) continue;
    const known = from[partition];
    // A checkpoint beyond the hub's end is of a hub that has been made anew.
    const after = known === undefined || known > last ? -1 : known;
    const wanted = Math.min(limit - messages.length, last - Math.max(after, first - 1));
    const read = wanted > 0 ? await readPartition(client, partition, after, last, wanted) : [];
    for (const data of read) messages.push({ partition, data });
    const reached = read.at(-1)?.sequenceNumber ?? Math.max(after, first - 1);
    if (read.length > 0) next[partition] = reached;
    remaining += Math.max(0, last - reached);
  }
  return { messages, next, remaining };
}

/** Up to `count` messages after a sequence number, none beyond `last`. */
function readPartition(
  client: EventHubConsumerClient,
  partition: string,
  after: number,
  last: number,
  count: number,
): Promise<ReceivedEventData[]> {
  return new Promise((resolve, reject) => {
    const read: ReceivedEventData[] = [];
    let ended = false;
    const end = (settle: () => void) => {
      if (ended) return;
      ended = true;
      subscription.close().then(settle, reject);
    };
    const subscription = client.subscribe(
      partition,
      {
        processEvents: async (events) => {
          for (const event of events) {
            if (event.sequenceNumber <= last && read.length < count) read.push(event);
            if (event.sequenceNumber >= last || read.length >= count) end(() => resolve(read));
          }
        },
        processError: async (error) => end(() => reject(error)),
      },
      {
        startPosition: after < 0 ? earliestEventPosition : { sequenceNumber: after, isInclusive: false },
        maxBatchSize: Math.min(count, 500),
        maxWaitTimeInSeconds: 1,
        skipParsingBodyAsJson: true,
      },
    );
  });
}
