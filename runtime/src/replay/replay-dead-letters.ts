/**
 * Sends the originals of dead letters back into the hub, for after a fix: each with its count of attempts, up to a maximum.
 * At least once: a replay that is cut short before its checkpoint is written sends the same letters again, which changes no
 * document. Letters that are given up stay in their hub and in the raw archive.
 */
import type { EventData, EventDataBatch, EventHubConsumerClient, EventHubProducerClient } from '@azure/event-hubs';
import type { DataLakeFileSystemClient } from '@azure/storage-file-datalake';
import { attemptsProperty, bodyOf, type DeadLetter, parseDeadLetter } from '../dead-letters/dead-letter.ts';
import { readRange } from '../lake/read-file.ts';
import { readDeadLetters } from './read-dead-letters.ts';
import { readReplayCheckpoint, writeReplayCheckpoint } from './replay-checkpoint.ts';

export interface ReplayTargets {
  readonly consumer: EventHubConsumerClient;
  readonly producer: EventHubProducerClient;
  readonly raw: DataLakeFileSystemClient;
}

export interface ReplayReport {
  readonly replayed: number;
  readonly given_up: number;
  /** Messages of the dead-letter hub that are no dead letters of this app. */
  readonly unreadable: number;
  /** Dead letters that wait beyond the limit. */
  readonly remaining: number;
  readonly max_attempts: number;
  /** At most a hundred of those given up. */
  readonly given_up_letters: readonly GivenUp[];
}

export interface GivenUp {
  readonly event_id?: string;
  readonly partition: string;
  readonly sequence_number: number;
  readonly attempts: number;
  readonly why: string;
}

export async function replayDeadLetters(targets: ReplayTargets, limit: number, maxAttempts: number): Promise<ReplayReport> {
  const from = await readReplayCheckpoint(targets.raw);
  const { messages, next, remaining } = await readDeadLetters(targets.consumer, from, limit);
  const givenUp: GivenUp[] = [];
  const due: DeadLetter[] = [];
  let unreadable = 0;
  for (const { data } of messages) {
    const letter = parseDeadLetter(data.body);
    if (letter === null) unreadable += 1;
    else if (letter.attempts >= maxAttempts)
      givenUp.push(givenUpOf(letter, `replayed ${letter.attempts} times, the maximum is ${maxAttempts}`));
    else due.push(letter);
  }
  const tooLarge = await sendOriginals(due, targets);
  for (const letter of tooLarge) givenUp.push(givenUpOf(letter, 'too large for one message together with its count of attempts'));
  if (messages.length > 0) await writeReplayCheckpoint(targets.raw, next);
  return {
    replayed: due.length - tooLarge.length,
    given_up: givenUp.length,
    unreadable,
    remaining,
    max_attempts: maxAttempts,
    given_up_letters: givenUp.slice(0, 100),
  };
}

/** By partition key, so that the events of one key keep their order. Returns those that no message can hold. */
async function sendOriginals(letters: readonly DeadLetter[], targets: ReplayTargets): Promise<DeadLetter[]> {
  const tooLarge: DeadLetter[] = [];
  for (const [partitionKey, group] of Map.groupBy(letters, (letter) => letter.source.partition_key)) {
    const newBatch = () => targets.producer.createBatch(partitionKey === undefined ? {} : { partitionKey });
    let batch: EventDataBatch = await newBatch();
    for (const letter of group) {
      const message = await originalMessage(letter, targets.raw);
      if (batch.tryAdd(message)) continue;
      if (batch.count > 0) {
        await targets.producer.sendBatch(batch);
        batch = await newBatch();
      }
      if (!batch.tryAdd(message)) tooLarge.push(letter);
    }
    if (batch.count > 0) await targets.producer.sendBatch(batch);
  }
  return tooLarge;
}

async function originalMessage(letter: DeadLetter, raw: DataLakeFileSystemClient): Promise<EventData> {
  const { original } = letter;
  const body = original.encoding === 'file' ? await readRange(raw, original.path, 0) : bodyOf(original);
  const properties = { ...letter.source.properties, [attemptsProperty]: letter.attempts + 1 } as NonNullable<
    EventData['properties']
  >;
  return { body, properties };
}

function givenUpOf(letter: DeadLetter, why: string): GivenUp {
  return {
    ...(letter.event_id === undefined ? {} : { event_id: letter.event_id }),
    partition: letter.source.partition,
    sequence_number: letter.source.sequence_number,
    attempts: letter.attempts,
    why,
  };
}
