/** A real hub in a process of its own that tests can kill and start again on the same port and data, and read back. */
import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventHubConsumerClient } from '@azure/event-hubs';

export const hub = 'netflix-events';

export class KillableHub {
  readonly folder: string;
  connectionString = '';
  #port = 0;
  #child: ChildProcess | undefined;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async start(): Promise<KillableHub> {
    const self = new KillableHub(await mkdtemp(join(tmpdir(), 'asaql-generate-')));
    await self.restart();
    return self;
  }

  async restart(): Promise<void> {
    const entry = new URL('./event-hubs-process.ts', import.meta.url);
    this.#child = fork(entry, [join(this.folder, 'hub'), String(this.#port)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const [message] = (await once(this.#child, 'message')) as [{ port: number; connectionString: string }];
    this.#port = message.port;
    this.connectionString = message.connectionString;
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Every body in the hub, partition by partition, in order. */
  async read(): Promise<Buffer[][]> {
    const client = new EventHubConsumerClient('$Default', this.connectionString, hub);
    try {
      const partitions = await client.getPartitionIds();
      return await Promise.all(partitions.map((partition) => readPartition(client, partition)));
    } finally {
      await client.close();
    }
  }

  async remove(): Promise<void> {
    if (this.#child) await this.#end('SIGTERM');
    await rm(this.folder, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    assert.ok(child);
    this.#child = undefined;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }
}

async function readPartition(client: EventHubConsumerClient, partition: string): Promise<Buffer[]> {
  const { isEmpty, lastEnqueuedSequenceNumber } = await client.getPartitionProperties(partition);
  const bodies: Buffer[] = [];
  if (isEmpty) return bodies;
  await new Promise<void>((resolve, reject) => {
    const subscription = client.subscribe(
      partition,
      {
        processEvents: async (events) => {
          for (const event of events) bodies.push(Buffer.from(event.body as Uint8Array));
          if (events.at(-1)?.sequenceNumber === lastEnqueuedSequenceNumber) void subscription.close().then(resolve, reject);
        },
        processError: async (error) => reject(error),
      },
      { startPosition: { offset: '-1' }, maxBatchSize: 1000, prefetchCount: 3000, skipParsingBodyAsJson: true },
    );
  });
  return bodies;
}
