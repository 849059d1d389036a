// The Stream Analytics job, read from the project that is written and tested in /stream-analytics: query, inputs, outputs, policies.
// The version of the API is the preview one: the stable one knows no identity on a Cosmos DB output and no StandardV2.
param environment string
param location string
param tags object
param streamingUnits int
param identityId string
param eventHubsNamespace string
param cosmosAccount string
param lakeAccount string
param workspaceId string

var config = loadJsonContent('../../../stream-analytics/JobConfig.json')
var inputs = [loadJsonContent('../../../stream-analytics/Inputs/eventhub-input.json')]
var documentOutputs = [
  loadJsonContent('../../../stream-analytics/Outputs/cosmos-viewer-count.json')
  loadJsonContent('../../../stream-analytics/Outputs/cosmos-watch-time.json')
  loadJsonContent('../../../stream-analytics/Outputs/cosmos-trending.json')
  loadJsonContent('../../../stream-analytics/Outputs/cosmos-geo-distribution.json')
  loadJsonContent('../../../stream-analytics/Outputs/cosmos-device-distribution.json')
  loadJsonContent('../../../stream-analytics/Outputs/cosmos-buffer-metrics.json')
  loadJsonContent('../../../stream-analytics/Outputs/cosmos-quality-alerts.json')
  loadJsonContent('../../../stream-analytics/Outputs/cosmos-engagement.json')
]
var lakeOutputs = [loadJsonContent('../../../stream-analytics/Outputs/datalake-raw.json')]

resource job 'Microsoft.StreamAnalytics/streamingjobs@2021-10-01-preview' = {
  name: 'asa-netflix-${environment}'
  location: location
  tags: tags
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: {
    // The published types know 'Standard' only; the service takes both.
    sku: { name: any(config.Sku.Name) }
    jobType: 'Cloud'
    compatibilityLevel: config.CompatibilityLevel
    dataLocale: config.DataLocale
    eventsLateArrivalMaxDelayInSeconds: config.EventsLateArrivalMaxDelayInSeconds
    eventsOutOfOrderMaxDelayInSeconds: config.EventsOutOfOrderMaxDelayInSeconds
    eventsOutOfOrderPolicy: config.EventsOutOfOrderPolicy
    outputErrorPolicy: config.OutputErrorPolicy
    contentStoragePolicy: config.ContentStoragePolicy
  }
}

resource input 'Microsoft.StreamAnalytics/streamingjobs/inputs@2021-10-01-preview' = [
  for item in inputs: {
    parent: job
    name: item.Name
    properties: {
      type: 'Stream'
      datasource: {
        type: 'Microsoft.EventHub/EventHub'
        properties: {
          serviceBusNamespace: eventHubsNamespace
          eventHubName: item.EventHubProperties.EventHubName
          consumerGroupName: item.EventHubProperties.ConsumerGroupName
          authenticationMode: item.EventHubProperties.AuthenticationMode
        }
      }
      serialization: { type: item.Serialization.Type, properties: { encoding: item.Serialization.Encoding } }
    }
  }
]

resource documentOutput 'Microsoft.StreamAnalytics/streamingjobs/outputs@2021-10-01-preview' = [
  for item in documentOutputs: {
    parent: job
    name: item.Name
    properties: {
      datasource: {
        type: 'Microsoft.Storage/DocumentDB'
        properties: {
          accountId: cosmosAccount
          database: item.DocumentDbProperties.Database
          collectionNamePattern: item.DocumentDbProperties.ContainerName
          documentId: item.DocumentDbProperties.DocumentId
          partitionKey: item.DocumentDbProperties.PartitionKey
          authenticationMode: item.DocumentDbProperties.AuthenticationMode
        }
      }
    }
  }
]

resource lakeOutput 'Microsoft.StreamAnalytics/streamingjobs/outputs@2021-10-01-preview' = [
  for item in lakeOutputs: {
    parent: job
    name: item.Name
    properties: {
      datasource: {
        type: 'Microsoft.Storage/Blob'
        properties: {
          storageAccounts: [{ accountName: lakeAccount }]
          container: item.BlobStorageProperties.Container
          pathPattern: item.BlobStorageProperties.PathPattern
          dateFormat: item.BlobStorageProperties.DateFormat
          timeFormat: item.BlobStorageProperties.TimeFormat
          authenticationMode: item.BlobStorageProperties.AuthenticationMode
        }
      }
      serialization: {
        type: item.Serialization.Type
        properties: { encoding: item.Serialization.Encoding, format: item.Serialization.Format }
      }
    }
  }
]

resource transformation 'Microsoft.StreamAnalytics/streamingjobs/transformations@2021-10-01-preview' = {
  parent: job
  name: 'query'
  properties: {
    // On StandardV2 the number 3 means a third of a unit, 7 two thirds, 10 one, 20 two.
    streamingUnits: streamingUnits
    query: loadTextContent('../../../stream-analytics/netflix-streaming.asaql')
  }
  dependsOn: [input, documentOutput, lakeOutput]
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: job
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'Execution', enabled: true }
      { category: 'Authoring', enabled: true }
    ]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output id string = job.id
output name string = job.name
