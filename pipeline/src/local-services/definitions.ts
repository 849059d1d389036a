/** What stands ready in the emulators: the project's hubs, databases and filesystems, as the infrastructure makes them in Azure. */
import {
  aggregationsContainerName,
  consumerGroups,
  databaseName,
  deadLetterHubName,
  eventHubName,
  filesystems,
  processedContainerName,
} from '@asaql/runtime';

export interface HubDefinition {
  readonly name: string;
  readonly partitions: number;
  readonly consumerGroups: readonly string[];
  readonly retentionHours: number;
}

const weekHours = 7 * 24;
const daySeconds = 86_400;

/** Every reader has a consumer group of its own. */
export const projectHubs: readonly HubDefinition[] = [
  {
    name: eventHubName,
    partitions: 4,
    consumerGroups: [
      '$Default',
      'stream-analytics',
      consumerGroups.process,
      consumerGroups.archive,
      'reconciliation',
      'event-viewer',
    ],
    retentionHours: weekHours,
  },
  {
    name: deadLetterHubName,
    partitions: 1,
    consumerGroups: ['$Default', consumerGroups.replay, 'reconciliation', 'event-viewer'],
    retentionHours: weekHours,
  },
];

/** The lake is the archive: documents live for a day. */
export const projectDatabases = [
  {
    id: databaseName,
    containers: [
      { id: processedContainerName, partitionKey: '/content_id', defaultTtl: daySeconds },
      { id: aggregationsContainerName, partitionKey: '/aggregation_type', defaultTtl: daySeconds },
    ],
  },
];

export const projectFilesystems: readonly string[] = [...Object.values(filesystems), 'checkpoints'];

/** The consumer group that the reconciliation reads with. */
export const reconciliationGroup = 'reconciliation';

/** `NAME:PARTITIONS[:GROUP,…]`, as `asaql emulators --hub` takes it; null where it is something else. */
export function parseHub(text: string): HubDefinition | null {
  const match = /^([\w.-]{1,256}):(\d{1,4})(?::([\w.$-]+(?:,[\w.$-]+)*))?$/.exec(text);
  const partitions = Number(match?.[2]);
  if (!match?.[1] || partitions < 1 || partitions > 1024) return null;
  const groups = match[3]?.split(',') ?? [];
  return { name: match[1], partitions, consumerGroups: [...new Set(['$Default', ...groups])], retentionHours: weekHours };
}
