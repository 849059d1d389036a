/**
 * Holds the pipeline's sides against each other after a run: what the hub acknowledged, what was stored, dead-lettered and
 * archived, and what the tumbling windows say against the same computed straight from the events.
 */
import { createInterface } from 'node:readline';
import { parseDeadLetter, parseRawLine } from '@asaql/runtime';
import type { ReceivedEventData } from '@azure/event-hubs';
import type { Connections } from '../config/connections.ts';
import type { Positions } from '../job/checkpoint-file.ts';
import { cosmosClient, lakeClient } from '../job/create-sinks.ts';
import { reconciliationGroup } from '../local-services/definitions.ts';
import { decodeEvent } from './event-identity.ts';
import { PartitionClock, type PolicyTimes } from './event-time.ts';
import { type ExpectedWindows, ExpectedWindowsBuilder } from './expected-windows.ts';
import { readHubLog } from './hub-log.ts';
import { compareWindows, type WindowsComparison } from './window-comparison.ts';

export interface ReconcileOptions {
  readonly connections: Connections;
  readonly hub: string;
  readonly deadLetterHub: string;
  readonly database: string;
  readonly processedContainer: string;
  readonly aggregationsContainer: string;
  readonly rawFilesystem: string;
  readonly rawFolder: string;
  /** The range of the hub that the run filled, and the dead-letter hub's. */
  readonly after: Positions;
  readonly upTo: Positions;
  readonly deadLettersAfter: Positions;
  readonly deadLettersUpTo: Positions;
  readonly policies: PolicyTimes;
  /** Bodies that the hub acknowledged, as the generator's ledger has them. */
  readonly acknowledged: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

export interface Reconciliation {
  /** Events in the hub, and how many different ones. */
  readonly hubEvents: number;
  readonly hubDistinct: number;
  readonly acknowledgedEvents: number;
  readonly acknowledgedDistinct: number;
  /** Acknowledged and not in the hub: lost by the hub. */
  readonly acknowledgedMissing: number;
  /** In the hub without an acknowledgement: the generator was killed before it came, or another program sent them. */
  readonly unacknowledged: number;
  readonly processed: number;
  readonly deadLettered: number;
  readonly archived: number;
  /** In the hub, and neither processed nor dead-lettered. */
  readonly unprocessed: readonly string[];
  readonly unarchived: readonly string[];
  /** Both processed and dead-lettered. */
  readonly both: readonly string[];
  readonly windows: readonly WindowsComparison[];
  readonly deadLetterReasons: Readonly<Record<string, number>>;
  readonly balanced: boolean;
}

const seen = { acknowledged: 1, processed: 2, dead: 4, archived: 8 };

interface HubContent {
  readonly events: number;
  /** What was seen of each distinct event, as bits of `seen`. */
  readonly flags: Map<string, number>;
  /** Identity by `partition/sequence number`. */
  readonly byPosition: Map<string, string>;
  readonly expected: ExpectedWindows;
  readonly firstEnqueuedMs: number;
}

export async function reconcile(options: ReconcileOptions): Promise<Reconciliation> {
  const hub = await readHub(options);
  const mark = (identity: string | undefined, bit: number) => {
    const flags = identity === undefined ? undefined : hub.flags.get(identity);
    if (identity !== undefined && flags !== undefined) hub.flags.set(identity, flags | bit);
    return flags !== undefined;
  };
  let acknowledgedEvents = 0;
  const acknowledged = new Set<string>();
  let acknowledgedMissing = 0;
  for await (const body of options.acknowledged) {
    acknowledgedEvents++;
    const { identity } = decodeEvent(body);
    if (!acknowledged.has(identity) && !mark(identity, seen.acknowledged)) acknowledgedMissing++;
    acknowledged.add(identity);
  }
  await readProcessedIds(options, (id) => mark(id, seen.processed));
  const deadLetterReasons = await readDeadLetters(options, (partition, sequenceNumber) =>
    mark(hub.byPosition.get(`${partition}/${sequenceNumber}`), seen.dead),
  );
  await readArchive(options, hub.firstEnqueuedMs, (partition, sequenceNumber) =>
    mark(hub.byPosition.get(`${partition}/${sequenceNumber}`), seen.archived),
  );
  const windows = await compareWindows(
    cosmosClient(options.connections.cosmos).database(options.database).container(options.aggregationsContainer),
    hub.expected,
    hub.firstEnqueuedMs,
  );
  const having = (bits: number, wanted: number) =>
    [...hub.flags].filter(([, flags]) => (flags & bits) === wanted).map(([id]) => id);
  const parts = {
    processed: having(seen.processed, seen.processed).length,
    deadLettered: having(seen.dead, seen.dead).length,
    archived: having(seen.archived, seen.archived).length,
    unprocessed: having(seen.processed | seen.dead, 0),
    both: having(seen.processed | seen.dead, seen.processed | seen.dead),
    unarchived: having(seen.archived, 0),
    unacknowledged: having(seen.acknowledged, 0).length,
  };
  return {
    hubEvents: hub.events,
    hubDistinct: hub.flags.size,
    acknowledgedEvents,
    acknowledgedDistinct: acknowledged.size,
    acknowledgedMissing,
    ...parts,
    windows,
    deadLetterReasons,
    balanced:
      acknowledgedMissing === 0 &&
      parts.unprocessed.length === 0 &&
      parts.both.length === 0 &&
      parts.unarchived.length === 0 &&
      windows.every((one) => one.missing.length === 0 && one.different.length === 0 && one.unexpected.length === 0),
  };
}

async function readHub(options: ReconcileOptions): Promise<HubContent> {
  const builder = new ExpectedWindowsBuilder();
  const clocks = new Map<string, PartitionClock>();
  const flags = new Map<string, number>();
  const byPosition = new Map<string, string>();
  let events = 0;
  let firstEnqueuedMs = Number.POSITIVE_INFINITY;
  const take = (partition: string, received: ReceivedEventData) => {
    events++;
    const enqueuedMs = received.enqueuedTimeUtc.getTime();
    firstEnqueuedMs = Math.min(firstEnqueuedMs, enqueuedMs);
    const { identity, event } = decodeEvent(received.body as Uint8Array);
    flags.set(identity, flags.get(identity) ?? 0);
    byPosition.set(`${partition}/${received.sequenceNumber}`, identity);
    const eventTimeMs = typeof event?.timestamp === 'string' ? Date.parse(event.timestamp) : Number.NaN;
    if (event === null || Number.isNaN(eventTimeMs)) return;
    const clock = clocks.get(partition) ?? new PartitionClock(options.policies);
    clocks.set(partition, clock);
    const timestampMs = clock.assign(eventTimeMs, enqueuedMs);
    if (timestampMs !== null) builder.add({ timestampMs, event });
  };
  const { connections, hub, after, upTo } = options;
  await readHubLog({ connection: connections.eventHubs, hub, consumerGroup: reconciliationGroup, after, upTo }, take);
  return { events, flags, byPosition, expected: builder.build(), firstEnqueuedMs };
}

async function readProcessedIds(options: ReconcileOptions, take: (id: string) => void): Promise<void> {
  const container = cosmosClient(options.connections.cosmos).database(options.database).container(options.processedContainer);
  const pages = container.items.query<string>('SELECT VALUE c.id FROM c', { maxItemCount: 5000 });
  while (pages.hasMoreResults()) for (const id of (await pages.fetchNext()).resources ?? []) take(id);
}

async function readDeadLetters(
  options: ReconcileOptions,
  take: (partition: string, sequenceNumber: number) => boolean,
): Promise<Record<string, number>> {
  const reasons: Record<string, number> = {};
  const range = {
    connection: options.connections.eventHubs,
    hub: options.deadLetterHub,
    consumerGroup: reconciliationGroup,
    after: options.deadLettersAfter,
    upTo: options.deadLettersUpTo,
  };
  await readHubLog(range, (_, received) => {
    const letter = parseDeadLetter(received.body as Uint8Array);
    if (letter === null) throw new Error(`Event ${received.sequenceNumber} of the dead-letter hub is no dead letter.`);
    if (!take(letter.source.partition, letter.source.sequence_number)) return;
    for (const reason of letter.reasons) reasons[reason.code] = (reasons[reason.code] ?? 0) + 1;
  });
  return reasons;
}

/** Reads the archive's files of the hours since the run began. */
async function readArchive(
  options: ReconcileOptions,
  firstEnqueuedMs: number,
  take: (partition: string, sequenceNumber: number) => void,
): Promise<void> {
  if (!Number.isFinite(firstEnqueuedMs)) return;
  const filesystem = lakeClient(options.connections.storage).getFileSystemClient(options.rawFilesystem);
  const firstHour = new Date(firstEnqueuedMs).toISOString().slice(0, 13).replace('T', '/');
  for await (const path of filesystem.listPaths({ path: options.rawFolder, recursive: true })) {
    const name = path.name ?? '';
    const hour = /\/(\d{4}-\d\d-\d\d\/\d\d)\//.exec(name)?.[1];
    if (path.isDirectory || hour === undefined || hour < firstHour) continue;
    const { readableStreamBody } = await filesystem.getFileClient(name).read();
    if (!readableStreamBody) continue;
    for await (const text of createInterface({ input: readableStreamBody as NodeJS.ReadableStream })) {
      if (text === '') continue;
      const line = parseRawLine(text);
      take(line.partition, line.sequence_number);
    }
  }
}
