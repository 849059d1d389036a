// Cosmos DB: processed events and aggregates, each with the throughput of its environment.
import { container as containerDefinition, cosmosSettings } from '../types.bicep'

param environment string
param location string
param tags object
param suffix string
param capacity cosmosSettings
param database string
param containers containerDefinition[]
param workspaceId string
param roles object
param functionsPrincipalId string
param jobPrincipalId string
param operatorPrincipalId string

var reader = '00000000-0000-0000-0000-000000000001'
var contributor = '00000000-0000-0000-0000-000000000002'

resource account 'Microsoft.DocumentDB/databaseAccounts@2024-11-15' = {
  name: 'cosmos-netflix-${environment}-${suffix}'
  location: location
  tags: tags
  kind: 'GlobalDocumentDB'
  properties: {
    databaseAccountOfferType: 'Standard'
    consistencyPolicy: { defaultConsistencyLevel: 'Session' }
    locations: [{ locationName: location, failoverPriority: 0, isZoneRedundant: capacity.zoneRedundant }]
    minimalTlsVersion: 'Tls12'
    publicNetworkAccess: 'Enabled'
    // Keys stay on for one client: the Stream Analytics output signs in with the job's identity to the control plane, and fetches
    // the account's key there (learn.microsoft.com/azure/stream-analytics/cosmos-db-managed-identity). Nothing else uses a key.
    disableLocalAuth: false
    disableKeyBasedMetadataWriteAccess: true
    backupPolicy: { type: 'Continuous', continuousModeProperties: { tier: 'Continuous7Days' } }
  }
}

resource sqlDatabase 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases@2024-11-15' = {
  parent: account
  name: database
  properties: { resource: { id: database } }
}

resource container 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers@2024-11-15' = [
  for item in containers: {
    parent: sqlDatabase
    name: item.name
    properties: {
      resource: {
        id: item.name
        partitionKey: { paths: [item.partitionKey], kind: 'Hash', version: 2 }
        defaultTtl: item.ttlSeconds
      }
      options: capacity.throughput[item.name].mode == 'autoscale'
        ? { autoscaleSettings: { maxThroughput: capacity.throughput[item.name].requestUnits } }
        : { throughput: capacity.throughput[item.name].requestUnits }
    }
  }
]

// A log line per data request would cost more than the requests: request units and throttling are read from the metrics.
resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: account
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      { category: 'ControlPlaneRequests', enabled: true }
      { category: 'PartitionKeyStatistics', enabled: true }
    ]
    metrics: [{ category: 'Requests', enabled: true }]
  }
}

// processEvents writes processed events and nothing else.
resource eventsStoredByFunctions 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2024-11-15' = {
  parent: account
  name: guid(account.id, 'functions', contributor)
  properties: {
    principalId: functionsPrincipalId
    roleDefinitionId: '${account.id}/sqlRoleDefinitions/${contributor}'
    scope: '${account.id}/dbs/${database}/colls/processed-events'
  }
  dependsOn: [container]
}

// The documented role of the job's output, on this one account. The data-plane role stands ready for when the output uses it.
resource keysReadByJob 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: account
  name: guid(account.id, 'job', roles['DocumentDB Account Contributor'])
  properties: {
    principalId: jobPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles['DocumentDB Account Contributor']
    )
  }
}

resource aggregatesStoredByJob 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2024-11-15' = {
  parent: account
  name: guid(account.id, 'job', contributor)
  properties: {
    principalId: jobPrincipalId
    roleDefinitionId: '${account.id}/sqlRoleDefinitions/${contributor}'
    scope: '${account.id}/dbs/${database}/colls/aggregations'
  }
  dependsOn: [container]
}

resource resultsReadByOperator 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2024-11-15' = if (!empty(operatorPrincipalId)) {
  parent: account
  name: guid(account.id, operatorPrincipalId, reader)
  properties: {
    principalId: operatorPrincipalId
    roleDefinitionId: '${account.id}/sqlRoleDefinitions/${reader}'
    scope: '${account.id}/dbs/${database}'
  }
  dependsOn: [container]
}

output id string = account.id
output name string = account.name
output endpoint string = account.properties.documentEndpoint
