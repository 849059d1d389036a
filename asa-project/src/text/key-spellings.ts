/** How the tools have spelt keys at one time or another. Knows no file. */

/** The key that we ask for, and the other spellings that stand in projects. */
const spellings: Readonly<Record<string, readonly string[]>> = {
  PartitionKey: ['InputPartionKey', 'InputPartitionKey'],
  CompressionType: ['CompresssionType'],
  PowerBIProperties: ['PowellBIProperties'],
  SqlReferenceProperties: ['SqlReferenceInputInfo'],
  ContainerName: ['CollectionNamePattern'],
};

export function otherSpellings(key: string): readonly string[] {
  return spellings[key] ?? [];
}

/** How many letters differ, are missing, too many or exchanged with their neighbour; more than `most` is not counted. */
export function lettersApart(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let row = 1; row <= a.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min((last[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + (same ? 0 : 1));
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        cost = Math.min(cost, (before[column - 2] ?? 0) + 1);
      next.push(cost);
    }
    before = last;
    last = next;
  }
  return last[b.length] ?? 0;
}

/** Keys of all files that the tools write. What is none of them and nearly one is taken for a slip of the pen. */
const known: ReadonlySet<string> = new Set(
  `name startFile configurations filePath subType ScriptType Type DataSourceType Sample Serialization Encoding FieldDelimiter Format
  SerializationDllPath SerializationClassName SerializationProjectPath SerializationDllPathInLocal DataSourceCredentialDomain
  PartitionKey CompressionType InputAlias FilePath OutputAlias EventHubProperties IoTHubProperties BlobReferenceProperties
  BlobStorageProperties SqlReferenceProperties SQLDatabaseProperties SqlDataWarehouseProperties DocumentDbProperties
  PowerBIProperties AzureFunctionProperties ServiceBusQueueProperties ServiceBusTopicProperties TableStorageProperties
  AzureDataLakeStoreProperties GatewayMessageBusProperties PostgreSQLProperties KustoProperties ServiceBusNamespace EventHubName
  SharedAccessPolicyName SharedAccessPolicyKey ConsumerGroupName AuthenticationMode PropertyColumns IotHubNamespace Endpoint
  StorageAccounts AccountName AccountKey Container PathPattern DateFormat TimeFormat BlobWriteMode MinimumRows MaximumTime
  AccountId Database ContainerName DocumentId Server User Password Table MaxWriterCount MaxBatchCount RefreshType RefreshRate
  FullSnapshotQuery DeltaSnapshotQuery Dataset GroupId GroupName RefreshToken TokenUserPrincipalName TokenUserDisplayName
  FunctionAppName FunctionName ApiKey MaxBatchSize QueueName TopicName SystemPropertyColumns RowKey BatchSize ColumnsToRemove
  FolderPath FilePathPrefix TenantId Topic Cluster FunctionInputs DataType IsConfigurationParameter OutputType AssemblyName
  ClassName MethodName LibraryPathInLocal DllPath UpdateMode DataLocale OutputErrorPolicy EventsLateArrivalMaxDelayInSeconds
  EventsOutOfOrderMaxDelayInSeconds EventsOutOfOrderPolicy StreamingUnits Sku CompatibilityLevel UseSystemAssignedIdentity
  GlobalStorage ContentStoragePolicy CustomCodeStorage Path VirtualNetworkConfiguration VirtualNetworkName SubnetResourceId Tags
  UploadFromLocal Script TestCases Inputs ExpectedOutputs Required PartitionCount`
    .split(/\s+/)
    .concat(Object.values(spellings).flat())
    .map((key) => key.toLowerCase()),
);

/** Of the keys that are written, the one that is nearly `key` and no other key that is known; or null. */
export function misspelling(key: string, written: readonly string[]): string | null {
  if (key.length < 5) return null;
  const near = written.filter(
    (each) => !known.has(each.toLowerCase()) && lettersApart(each.toLowerCase(), key.toLowerCase(), 2) <= 2,
  );
  return near.length === 1 ? (near[0] ?? null) : null;
}
