// One event hub: its partitions' logs on disk, its consumer groups, and the choice of a partition for a batch.
// Knows nothing of links or tokens.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { partitionOfKey } from './partition-hash.ts';
import { PartitionLog, type PartitionLogOptions } from './partition-log.ts';

export interface HubOptions {
  readonly name: string;
  /** 1 … 32. */
  readonly partitions: number;
  /** `$Default` is always there. */
  readonly consumerGroups: readonly string[];
  readonly retentionHours: number;
}

export const DEFAULT_CONSUMER_GROUP = '$Default';

interface HubRecord {
  readonly createdMs: number;
  readonly partitions: number;
}

export class Hub {
  readonly name: string;
  readonly createdMs: number;
  readonly consumerGroups: readonly string[];
  readonly partitions: readonly PartitionLog[];
  readonly #groups: ReadonlySet<string>;
  #nextPartition = 0;

  private constructor(options: HubOptions, createdMs: number, partitions: readonly PartitionLog[]) {
    this.name = options.name;
    this.createdMs = createdMs;
    this.consumerGroups = [...new Set([DEFAULT_CONSUMER_GROUP, ...options.consumerGroups])];
    this.partitions = partitions;
    this.#groups = new Set(this.consumerGroups.map((group) => group.toLowerCase()));
  }

  /**
   * Opens the hub's folder, made if need be.
   * @throws if it holds more partitions than asked for: their events would be out of reach.
   */
  static async open(dataDir: string, options: HubOptions, log: Omit<PartitionLogOptions, 'retentionMs'>): Promise<Hub> {
    const directory = join(dataDir, options.name.toLowerCase());
    await mkdir(directory, { recursive: true });
    const recordPath = join(directory, 'hub.json');
    const known = await readRecord(recordPath);
    if (known && known.partitions > options.partitions) {
      throw new Error(
        `the hub ${options.name} has ${known.partitions} partitions in ${directory}, but ${options.partitions} are asked for: ` +
          'ask for as many, or delete the folder',
      );
    }
    const record: HubRecord = { createdMs: known?.createdMs ?? log.now(), partitions: options.partitions };
    if (known?.partitions !== record.partitions) await writeFile(recordPath, `${JSON.stringify(record)}\n`);
    const partitions: PartitionLog[] = [];
    for (let index = 0; index < options.partitions; index++) {
      partitions.push(
        await PartitionLog.open(join(directory, String(index)), { ...log, retentionMs: options.retentionHours * 3_600_000 }),
      );
    }
    return new Hub(options, record.createdMs, partitions);
  }

  hasConsumerGroup(name: string): boolean {
    return this.#groups.has(name.toLowerCase());
  }

  /** The log of a partition by its id; undefined if there is none. */
  partition(id: string): PartitionLog | undefined {
    return /^(0|[1-9]\d*)$/.test(id) ? this.partitions[Number(id)] : undefined;
  }

  /** Where a batch without a partition of its own goes: by its key, else in turn. */
  partitionFor(key: string | undefined): PartitionLog {
    const index =
      key === undefined ? this.#nextPartition++ % this.partitions.length : partitionOfKey(key, this.partitions.length);
    const log = this.partitions[index];
    if (!log) throw new Error(`the hub ${this.name} has no partition ${index}`);
    return log;
  }

  async enforceRetention(): Promise<void> {
    for (const log of this.partitions) await log.enforceRetention();
  }

  async close(): Promise<void> {
    await Promise.all(this.partitions.map((log) => log.close()));
  }
}

async function readRecord(path: string): Promise<HubRecord | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as HubRecord;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${path} cannot be read: ${(error as Error).message}`);
  }
}
