/**
 * What inputs read and outputs write: how the tools' files name each kind and its properties, and what Azure calls them.
 * Knows no file.
 *
 * https://learn.microsoft.com/azure/templates/microsoft.streamanalytics/streamingjobs
 */

export interface SourceKind {
  /** What DataSourceType says. */
  readonly named: string;
  /** The key of its properties. */
  readonly block: string;
  /** `datasource.type` of the deployed job. */
  readonly azureType: string;
  /** The properties' keys; the deployed job's have the same names but for their first letter, or those given here. */
  readonly properties: readonly string[];
  readonly azureNames?: Readonly<Record<string, string>>;
}

const eventHub: SourceKind = {
  named: 'Event Hub',
  block: 'EventHubProperties',
  azureType: 'Microsoft.ServiceBus/EventHub',
  properties: [
    ...['ServiceBusNamespace', 'EventHubName', 'ConsumerGroupName', 'SharedAccessPolicyName', 'SharedAccessPolicyKey'],
    ...['AuthenticationMode', 'PartitionKey', 'PropertyColumns', 'PartitionCount'],
  ],
};
const blobKeys = ['StorageAccounts', 'Container', 'PathPattern', 'DateFormat', 'TimeFormat', 'AuthenticationMode'];
const sqlKeys = ['Server', 'Database', 'User', 'Password', 'Table', 'AuthenticationMode'];
const serviceBusKeys = ['ServiceBusNamespace', 'SharedAccessPolicyName', 'SharedAccessPolicyKey', 'AuthenticationMode'];
const gateway: SourceKind = {
  named: 'GatewayMessageBus',
  block: 'GatewayMessageBusProperties',
  azureType: 'GatewayMessageBus',
  properties: ['Topic'],
};

export const streamSources: readonly SourceKind[] = [
  { ...eventHub, properties: eventHub.properties.filter((key) => key !== 'PartitionKey' && key !== 'PropertyColumns') },
  {
    named: 'IoT Hub',
    block: 'IoTHubProperties',
    azureType: 'Microsoft.Devices/IotHubs',
    properties: [...['IotHubNamespace', 'SharedAccessPolicyName', 'SharedAccessPolicyKey', 'ConsumerGroupName', 'Endpoint']],
  },
  { named: 'Blob Storage', block: 'BlobStorageProperties', azureType: 'Microsoft.Storage/Blob', properties: blobKeys },
  gateway,
];

export const referenceSources: readonly SourceKind[] = [
  { named: 'Blob Storage', block: 'BlobReferenceProperties', azureType: 'Microsoft.Storage/Blob', properties: blobKeys },
  {
    named: 'SQL Database',
    block: 'SqlReferenceProperties',
    azureType: 'Microsoft.Sql/Server/Database',
    properties: [
      ...['Server', 'Database', 'User', 'Password', 'AuthenticationMode', 'RefreshType', 'RefreshRate', 'FullSnapshotQuery'],
      'DeltaSnapshotQuery',
    ],
  },
];

export const outputSinks: readonly SourceKind[] = [
  { ...eventHub, properties: eventHub.properties.filter((key) => key !== 'ConsumerGroupName') },
  {
    named: 'Blob Storage',
    block: 'BlobStorageProperties',
    azureType: 'Microsoft.Storage/Blob',
    properties: [...blobKeys, 'BlobWriteMode'],
  },
  {
    named: 'DocumentDB',
    block: 'DocumentDbProperties',
    azureType: 'Microsoft.Storage/DocumentDB',
    properties: ['AccountId', 'AccountKey', 'Database', 'ContainerName', 'PartitionKey', 'DocumentId', 'AuthenticationMode'],
    azureNames: { ContainerName: 'collectionNamePattern' },
  },
  {
    named: 'SQL Database',
    block: 'SQLDatabaseProperties',
    azureType: 'Microsoft.Sql/Server/Database',
    properties: [...sqlKeys, 'MaxWriterCount', 'MaxBatchCount'],
  },
  {
    named: 'SQL Data Warehouse',
    block: 'SqlDataWarehouseProperties',
    azureType: 'Microsoft.Sql/Server/DataWarehouse',
    properties: sqlKeys,
  },
  {
    named: 'Power BI',
    block: 'PowerBIProperties',
    azureType: 'PowerBI',
    properties: [
      ...['Dataset', 'Table', 'GroupId', 'GroupName', 'RefreshToken', 'TokenUserPrincipalName', 'TokenUserDisplayName'],
      'AuthenticationMode',
    ],
  },
  {
    named: 'Azure Function',
    block: 'AzureFunctionProperties',
    azureType: 'Microsoft.AzureFunction',
    properties: ['FunctionAppName', 'FunctionName', 'ApiKey', 'MaxBatchSize', 'MaxBatchCount'],
  },
  {
    named: 'Service Bus Topic',
    block: 'ServiceBusTopicProperties',
    azureType: 'Microsoft.ServiceBus/Topic',
    properties: [...serviceBusKeys, 'TopicName', 'PropertyColumns', 'SystemPropertyColumns'],
  },
  {
    named: 'Service Bus Queue',
    block: 'ServiceBusQueueProperties',
    azureType: 'Microsoft.ServiceBus/Queue',
    properties: [...serviceBusKeys, 'QueueName', 'PropertyColumns', 'SystemPropertyColumns'],
  },
  {
    named: 'Table Storage',
    block: 'TableStorageProperties',
    azureType: 'Microsoft.Storage/Table',
    properties: ['AccountName', 'AccountKey', 'Table', 'PartitionKey', 'RowKey', 'BatchSize', 'ColumnsToRemove'],
  },
  {
    named: 'Data Lake Store',
    block: 'AzureDataLakeStoreProperties',
    azureType: 'Microsoft.DataLake/Accounts',
    properties: ['AccountName', 'TenantId', 'FilePathPrefix', 'DateFormat', 'TimeFormat', 'AuthenticationMode'],
  },
  {
    named: 'PostgreSQL',
    block: 'PostgreSQLProperties',
    azureType: 'Microsoft.DBForPostgreSQL/servers/databases',
    properties: ['Server', 'Database', 'User', 'Password', 'Table', 'MaxWriterCount', 'AuthenticationMode'],
  },
  {
    named: 'Data Explorer',
    block: 'KustoProperties',
    azureType: 'Microsoft.Kusto/clusters/databases',
    properties: ['Cluster', 'Database', 'Table', 'AuthenticationMode'],
  },
  gateway,
];

/** The kind of that name, however it is spaced and cased; null for none that is known. */
export function sourceKind(kinds: readonly SourceKind[], named: string): SourceKind | null {
  const bare = (text: string) => text.replace(/\s/g, '').toLowerCase();
  return kinds.find((kind) => bare(kind.named) === bare(named)) ?? null;
}
