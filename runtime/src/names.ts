/** The names that the app shares with the infrastructure and with the local run: one copy. Holds no values of an environment. */

export const eventHubName = 'netflix-events';
export const deadLetterHubName = 'netflix-events-dlq';
export const databaseName = 'netflix-streaming';
export const processedContainerName = 'processed-events';
export const aggregationsContainerName = 'aggregations';
export const processedPartitionKeyField = 'content_id';

/** Every reader has a consumer group of its own. */
export const consumerGroups = {
  process: 'functions-process',
  archive: 'functions-archive',
  replay: 'functions-replay',
} as const;

export const filesystems = { raw: 'raw', processed: 'processed', curated: 'curated' } as const;

/** The folder of this pipeline in each filesystem. */
export const lakeFolder = 'netflix-events';
/** The folder of what belongs to dead letters, in the filesystem `raw`. */
export const deadLetterFolder = 'netflix-events-dlq';

/** The prefixes of the app settings that hold connections, as Azure Functions resolves them. */
export const connectionSettings = {
  eventHubs: 'EventHubConnection',
  cosmos: 'CosmosConnection',
  dataLake: 'DataLakeConnection',
} as const;
