/** Events for a sample: out of a hub, through the real SDK, or out of a file. Must not know projects. */
import { gunzipSync, inflateSync } from 'node:zlib';
import { earliestEventPosition, type ReceivedEventData } from '@azure/event-hubs';
import type { EventHubsConnection } from '../config/connections.ts';
import { consumerClient } from '../job/hub-source.ts';
import { EventFile } from '../run/event-file.ts';

export interface CapturedEvents {
  readonly format: 'Json' | 'Csv';
  /** An event a line; of CSV with the header before them. */
  readonly lines: readonly string[];
  /** Parsed, those that could be. */
  readonly events: readonly unknown[];
  /** How many were no JSON. */
  readonly unreadable: number;
}

export interface HubAsked {
  readonly connection: EventHubsConnection;
  readonly hub: string;
  readonly consumerGroup: string;
  readonly count: number;
  readonly seconds: number;
  readonly compression: string | null;
}

/** The earliest events that the hub still has, in order of arrival; fewer where no more come in the time. Rejects where the hub refuses. */
export async function captureFromHub(asked: HubAsked): Promise<CapturedEvents> {
  const client = consumerClient(asked.connection, asked.hub, asked.consumerGroup);
  const received: (ReceivedEventData & { readonly partition: string })[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, asked.seconds * 1000);
      const end = (settle: () => void) => {
        clearTimeout(timer);
        settle();
      };
      client.subscribe(
        {
          processEvents: async (events, { partitionId }) => {
            received.push(...events.map((event) => ({ ...event, partition: partitionId })));
            if (received.length >= asked.count) end(resolve);
          },
          processError: async (error) => {
            const { retryable } = error as { readonly retryable?: boolean };
            if (retryable !== true) end(() => reject(error));
          },
        },
        { startPosition: earliestEventPosition, skipParsingBodyAsJson: true, maxBatchSize: 100, maxWaitTimeInSeconds: 1 },
      );
    });
  } finally {
    await client.close();
  }
  const inOrder = received.sort(
    (a, b) => a.enqueuedTimeUtc.getTime() - b.enqueuedTimeUtc.getTime() || a.sequenceNumber - b.sequenceNumber,
  );
  return fromTexts(
    inOrder.map(({ body }) => textOf(body, asked.compression)).flatMap((text) => (text === null ? [''] : eventsIn(text))),
    asked.count,
  );
}

/** A body that cannot be unpacked is null. */
function textOf(body: unknown, compression: string | null): string | null {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  try {
    if (/gzip/i.test(compression ?? '')) return gunzipSync(bytes).toString('utf8');
    if (/deflate/i.test(compression ?? '')) return inflateSync(bytes).toString('utf8');
  } catch {
    return null;
  }
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}

/** A body may hold a list of events, or one a line. */
function eventsIn(body: string): readonly string[] {
  const text = body.trim();
  if (text.startsWith('['))
    try {
      return (JSON.parse(text) as readonly unknown[]).map((event) => JSON.stringify(event));
    } catch {
      return [text];
    }
  return /\}\s*\n\s*\{/.test(text) ? text.split(/(?<=\})\s*\n\s*(?=\{)/) : [text];
}

function fromTexts(texts: readonly string[], most: number): CapturedEvents {
  const lines: string[] = [];
  const events: unknown[] = [];
  let unreadable = 0;
  for (const text of texts) {
    if (lines.length >= most) break;
    try {
      events.push(JSON.parse(text));
      // In JSON a line end is only ever white space.
      lines.push(text.replace(/\s*[\r\n]+\s*/g, ' '));
    } catch {
      unreadable += 1;
    }
  }
  return { format: 'Json', lines, events, unreadable };
}

/** Throws a UsageError where the file cannot be read. */
export async function captureFromFile(path: string, count: number): Promise<CapturedEvents> {
  const file = await EventFile.open(path);
  try {
    const texts: string[] = [];
    for (let chunk = await file.next(); chunk !== null && texts.length < count; chunk = await file.next())
      for (let index = 0; index < chunk.count && texts.length < count; index += 1)
        texts.push(chunk.bytes.toString('utf8', chunk.starts[index], chunk.ends[index]));
    const { csv } = file;
    if (csv === null) return fromTexts(texts, count);
    const quoted = csv.columns.map((name) =>
      name.includes(csv.delimiter) || name.includes('"') ? `"${name.replaceAll('"', '""')}"` : name,
    );
    const columns = Object.fromEntries(csv.columns.map((name) => [name, '']));
    return { format: 'Csv', lines: [quoted.join(csv.delimiter), ...texts], events: [columns], unreadable: 0 };
  } finally {
    await file.close();
  }
}
