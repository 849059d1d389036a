/**
 * Puts dead letters into their hub, and comes back only when all of them are there. A hub that is away is waited for; a
 * body that no message can hold is put into the lake first, and the letter says where.
 */
import type { EventData, EventHubProducerClient } from '@azure/event-hubs';
import type { DataLakeFileSystemClient } from '@azure/storage-file-datalake';
import { writeWholeFile } from '../lake/write-whole-file.ts';
import { deadLetterFolder, filesystems } from '../names.ts';
import { type Retry, untilDone } from '../retry/backoff.ts';
import { bodyOf, type DeadLetter } from './dead-letter.ts';

export interface DeadLetterTargets {
  readonly producer: EventHubProducerClient;
  /** The filesystem `raw`. */
  readonly lake: DataLakeFileSystemClient;
}

/** Sends in as few batches as the hub's message size allows. May send some twice when it has to repeat a batch. */
export async function sendDeadLetters(letters: readonly DeadLetter[], targets: DeadLetterTargets, retry: Retry): Promise<void> {
  const service = 'The dead-letter hub';
  const newBatch = () => untilDone(service, () => targets.producer.createBatch(), retry);
  let batch = await newBatch();
  for (const letter of letters) {
    if (batch.tryAdd(messageOf(letter))) continue;
    if (batch.count > 0) {
      const full = batch;
      await untilDone(service, () => targets.producer.sendBatch(full), retry);
      batch = await newBatch();
      if (batch.tryAdd(messageOf(letter))) continue;
    }
    const light = await withBodyInLake(letter, targets.lake, retry);
    if (!batch.tryAdd(messageOf(light)))
      throw new Error(`A dead letter without its body does not fit into an empty message: ${light.source.offset}`);
  }
  const last = batch;
  if (last.count > 0) await untilDone(service, () => targets.producer.sendBatch(last), retry);
}

function messageOf(letter: DeadLetter): EventData {
  const first = letter.reasons[0]?.code ?? 'unknown';
  // Bytes, not an object: the SDK would serialise an object once for each attempt to add it.
  return {
    body: Buffer.from(JSON.stringify(letter)),
    contentType: 'application/json',
    properties: { reason: first, attempts: letter.attempts },
  };
}

async function withBodyInLake(letter: DeadLetter, lake: DataLakeFileSystemClient, retry: Retry): Promise<DeadLetter> {
  const body = bodyOf(letter.original);
  if (body === null) return letter;
  const { partition, sequence_number: sequenceNumber, enqueued_time: enqueuedTime } = letter.source;
  const path = `${deadLetterFolder}/originals/${enqueuedTime.slice(0, 10)}/partition-${partition}-${sequenceNumber}.bin`;
  await untilDone('The lake', () => writeWholeFile(lake, path, body), retry);
  // The properties and the messages quote the sender, who may have been verbose.
  const { properties: _properties, ...source } = letter.source;
  const reasons = letter.reasons.slice(0, 50);
  return {
    ...letter,
    reasons,
    source,
    original: { encoding: 'file', filesystem: filesystems.raw, path, bytes: body.byteLength },
  };
}
