// The hubs, a consumer group per reader, and who may send and listen.
import { authorizationRule, eventHubsSettings, hub, principalType } from '../types.bicep'

param environment string
param location string
param tags object
param suffix string
param capacity eventHubsSettings
param hubs hub[]
param authorizationRules authorizationRule[]
param keyVaultName string
param workspaceId string
param roles object
param functionsPrincipalId string
param jobPrincipalId string
param operatorPrincipalId string
param operatorPrincipalType principalType

var eventsHub = 'netflix-events'
var deadLetterHub = 'netflix-events-dlq'
var consumerGroups = flatten(map(hubs, item => map(item.consumerGroups, group => { hub: item.name, name: group })))
var rules = flatten(map(
  hubs,
  item => map(authorizationRules, rule => { hub: item.name, name: rule.name, right: rule.right })
))

resource namespace 'Microsoft.EventHub/namespaces@2024-01-01' = {
  name: 'evhns-netflix-${environment}-${suffix}'
  location: location
  tags: tags
  sku: { name: 'Standard', tier: 'Standard', capacity: capacity.throughputUnits }
  properties: {
    minimumTlsVersion: '1.2'
    publicNetworkAccess: 'Enabled'
    // Every client of ours signs in with an identity. A producer that cannot needs the rules below, and `localAuth` in the settings.
    disableLocalAuth: !capacity.localAuth
    isAutoInflateEnabled: capacity.maximumThroughputUnits > 0
    maximumThroughputUnits: capacity.maximumThroughputUnits
  }
}

resource eventHub 'Microsoft.EventHub/namespaces/eventhubs@2024-01-01' = [
  for item in hubs: {
    parent: namespace
    name: item.name
    properties: {
      partitionCount: item.partitions
      retentionDescription: { cleanupPolicy: 'Delete', retentionTimeInHours: item.retentionHours }
    }
  }
]

resource consumerGroup 'Microsoft.EventHub/namespaces/eventhubs/consumergroups@2024-01-01' = [
  for group in consumerGroups: {
    name: '${namespace.name}/${group.hub}/${group.name}'
    properties: {}
    dependsOn: [eventHub]
  }
]

resource accessRule 'Microsoft.EventHub/namespaces/eventhubs/authorizationRules@2024-01-01' = [
  for rule in rules: {
    name: '${namespace.name}/${rule.hub}/${rule.name}'
    properties: { rights: [rule.right] }
    dependsOn: [eventHub]
  }
]

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: keyVaultName
}

// Only where keys are allowed at all, and then nowhere else than in the vault.
resource ruleSecrets 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = [
  for (rule, index) in rules: if (capacity.localAuth) {
    parent: vault
    name: 'event-hubs-${rule.hub}-${rule.name}'
    properties: {
      contentType: 'connection string'
      value: listKeys(
        resourceId('Microsoft.EventHub/namespaces/eventhubs/authorizationRules', namespace.name, rule.hub, rule.name),
        '2024-01-01'
      ).primaryConnectionString
    }
    dependsOn: [consumerGroup]
  }
]

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: namespace
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      { category: 'OperationalLogs', enabled: true }
      { category: 'AutoScaleLogs', enabled: true }
      { category: 'DiagnosticErrorLogs', enabled: true }
    ]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

// Functions: processEvents and archiveRaw read events; replayDeadLetters reads dead letters and sends events again; dead letters are sent.
resource eventsReceivedByFunctions 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, index) in [eventsHub, deadLetterHub]: {
    scope: eventHub[index]
    name: guid(namespace.id, name, 'functions', roles['Azure Event Hubs Data Receiver'])
    properties: {
      principalId: functionsPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roles['Azure Event Hubs Data Receiver']
      )
    }
  }
]

resource eventsSentByFunctions 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, index) in [eventsHub, deadLetterHub]: {
    scope: eventHub[index]
    name: guid(namespace.id, name, 'functions', roles['Azure Event Hubs Data Sender'])
    properties: {
      principalId: functionsPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roles['Azure Event Hubs Data Sender']
      )
    }
  }
]

resource eventsReceivedByJob 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: eventHub[0]
  name: guid(namespace.id, eventsHub, 'job', roles['Azure Event Hubs Data Receiver'])
  properties: {
    principalId: jobPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles['Azure Event Hubs Data Receiver']
    )
  }
}

// The operator: the generator sends events, the viewer and the reconciliation read both hubs.
resource eventsSentByOperator 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorPrincipalId)) {
  scope: eventHub[0]
  name: guid(namespace.id, eventsHub, operatorPrincipalId, roles['Azure Event Hubs Data Sender'])
  properties: {
    principalId: operatorPrincipalId
    principalType: operatorPrincipalType
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles['Azure Event Hubs Data Sender']
    )
  }
}

resource eventsReceivedByOperator 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, index) in [eventsHub, deadLetterHub]: if (!empty(operatorPrincipalId)) {
    scope: eventHub[index]
    name: guid(namespace.id, name, operatorPrincipalId, roles['Azure Event Hubs Data Receiver'])
    properties: {
      principalId: operatorPrincipalId
      principalType: operatorPrincipalType
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roles['Azure Event Hubs Data Receiver']
      )
    }
  }
]

output id string = namespace.id
output name string = namespace.name
// Also right in sovereign clouds, whose suffix differs.
output hostName string = replace(replace(namespace.properties.serviceBusEndpoint, 'https://', ''), ':443/', '')
