/** The sinks of a project's outputs, over the real SDK clients. */
import { CosmosClient } from '@azure/cosmos';
import { DefaultAzureCredential } from '@azure/identity';
import { DataLakeServiceClient } from '@azure/storage-file-datalake';
import type { CosmosConnection, StorageConnection } from '../config/connections.ts';
import { CosmosSink } from './cosmos-sink.ts';
import { LakeSink } from './lake-sink.ts';
import type { OutputSink, SinkEvents } from './output-sink.ts';
import type { JobProject } from './project.ts';

export interface SinkConnections {
  readonly cosmos: CosmosConnection;
  readonly storage: StorageConnection;
}

export function cosmosClient(connection: CosmosConnection): CosmosClient {
  // One endpoint: what the account says of itself need not be reachable under the same name from here.
  const connectionPolicy = { enableEndpointDiscovery: false };
  return connection.key === undefined
    ? new CosmosClient({ endpoint: connection.endpoint, aadCredentials: new DefaultAzureCredential(), connectionPolicy })
    : new CosmosClient({ endpoint: connection.endpoint, key: connection.key, connectionPolicy });
}

export function lakeClient(connection: StorageConnection): DataLakeServiceClient {
  return 'connectionString' in connection
    ? DataLakeServiceClient.fromConnectionString(connection.connectionString)
    : new DataLakeServiceClient(connection.accountUrl, new DefaultAzureCredential());
}

export function createSinks(
  connections: SinkConnections,
  project: JobProject,
  events: SinkEvents,
): ReadonlyMap<string, OutputSink> {
  const cosmos = cosmosClient(connections.cosmos);
  const lake = lakeClient(connections.storage);
  const runId = `${new Date().toISOString().replace(/[:.]/g, '-')}_${process.pid}`;
  return new Map(
    project.outputs.map((output): [string, OutputSink] => {
      if (output.kind === 'cosmos') {
        const container = cosmos.database(output.database).container(output.container);
        return [
          output.name,
          new CosmosSink({ output: output.name, container, partitionKeyField: output.partitionKeyField, events }),
        ];
      }
      const filesystem = lake.getFileSystemClient(output.filesystem);
      return [output.name, new LakeSink({ output: output.name, filesystem, pathPattern: output.pathPattern, runId, events })];
    }),
  );
}
