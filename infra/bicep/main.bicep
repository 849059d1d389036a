// The whole system of one environment, at subscription scope: a resource group and everything in it.
// Names of hubs, containers and filesystems stand in ../system.json, sizes in ../environments/*.json, the job's query, inputs,
// outputs and policies in /stream-analytics, alerts and saved queries in /monitoring. No output holds a key.
targetScope = 'subscription'

import { principalType, settings as environmentSettings } from 'types.bicep'

@description('Sizes and retention of one environment: the content of ../environments/NAME.json.')
param settings environmentSettings

@description('Object id of the person or group that runs the generator and reads results; empty for nobody.')
param operatorPrincipalId string = ''

@description('What the operator is: a User, a Group or a ServicePrincipal.')
param operatorPrincipalType principalType = 'User'

@description('Makes globally unique names of the subscription, the same way as ../terraform does.')
param suffix string = take(replace(subscription().subscriptionId, '-', ''), 6)

var system = loadJsonContent('../system.json')
var environment string = settings.environment
var location string = settings.location
var tags = { application: 'netflix-streaming', environment: environment }

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: 'rg-netflix-streaming-${environment}'
  location: location
  tags: tags
}

module identities 'modules/identities.bicep' = {
  scope: group
  name: 'identities'
  params: { environment: environment, location: location, tags: tags }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  name: 'monitoring'
  params: {
    environment: environment
    location: location
    tags: tags
    logs: settings.logs
    alertEmails: settings.alertEmails
    roles: system.roles
    functionsPrincipalId: identities.outputs.functionsPrincipalId
  }
}

module keyVault 'modules/key-vault.bicep' = {
  scope: group
  name: 'key-vault'
  params: {
    environment: environment
    location: location
    tags: tags
    suffix: suffix
    purgeProtection: settings.keyVault.purgeProtection
    workspaceId: monitoring.outputs.workspaceId
    roles: system.roles
    operatorPrincipalId: operatorPrincipalId
    operatorPrincipalType: operatorPrincipalType
  }
}

module eventHubs 'modules/event-hubs.bicep' = {
  scope: group
  name: 'event-hubs'
  params: {
    environment: environment
    location: location
    tags: tags
    suffix: suffix
    capacity: settings.eventHubs
    hubs: system.eventHubs
    authorizationRules: system.authorizationRules
    keyVaultName: keyVault.outputs.name
    workspaceId: monitoring.outputs.workspaceId
    roles: system.roles
    functionsPrincipalId: identities.outputs.functionsPrincipalId
    jobPrincipalId: identities.outputs.jobPrincipalId
    operatorPrincipalId: operatorPrincipalId
    operatorPrincipalType: operatorPrincipalType
  }
}

module cosmos 'modules/cosmos.bicep' = {
  scope: group
  name: 'cosmos'
  params: {
    environment: environment
    location: location
    tags: tags
    suffix: suffix
    capacity: settings.cosmos
    database: system.cosmos.database
    containers: system.cosmos.containers
    workspaceId: monitoring.outputs.workspaceId
    roles: system.roles
    functionsPrincipalId: identities.outputs.functionsPrincipalId
    jobPrincipalId: identities.outputs.jobPrincipalId
    operatorPrincipalId: operatorPrincipalId
  }
}

module lake 'modules/lake.bicep' = {
  scope: group
  name: 'lake'
  params: {
    environment: environment
    location: location
    tags: tags
    suffix: suffix
    retention: settings.lake
    filesystems: system.lake.filesystems
    workspaceId: monitoring.outputs.workspaceId
    roles: system.roles
    functionsPrincipalId: identities.outputs.functionsPrincipalId
    jobPrincipalId: identities.outputs.jobPrincipalId
    operatorPrincipalId: operatorPrincipalId
    operatorPrincipalType: operatorPrincipalType
  }
}

module functions 'modules/functions.bicep' = {
  scope: group
  name: 'functions'
  params: {
    environment: environment
    location: location
    tags: tags
    suffix: suffix
    capacity: settings.functions
    identityId: identities.outputs.functionsId
    identityClientId: identities.outputs.functionsClientId
    identityPrincipalId: identities.outputs.functionsPrincipalId
    eventHubsHostName: eventHubs.outputs.hostName
    cosmosEndpoint: cosmos.outputs.endpoint
    lakeUrl: lake.outputs.url
    applicationInsightsName: monitoring.outputs.applicationInsightsName
    workspaceId: monitoring.outputs.workspaceId
    roles: system.roles
  }
}

module job 'modules/stream-analytics.bicep' = {
  scope: group
  name: 'stream-analytics'
  params: {
    environment: environment
    location: location
    tags: tags
    streamingUnits: settings.streamAnalytics.streamingUnits
    identityId: identities.outputs.jobId
    eventHubsNamespace: eventHubs.outputs.name
    cosmosAccount: cosmos.outputs.name
    lakeAccount: lake.outputs.name
    workspaceId: monitoring.outputs.workspaceId
  }
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  name: 'alerts'
  params: {
    environment: environment
    location: location
    tags: tags
    actionGroupId: monitoring.outputs.actionGroupId
    workspaceId: monitoring.outputs.workspaceId
    targets: {
      eventHubs: eventHubs.outputs.id
      streamAnalytics: job.outputs.id
      cosmos: cosmos.outputs.id
      lake: lake.outputs.id
    }
  }
}

output resourceGroup string = group.name
output eventHubsNamespace string = eventHubs.outputs.hostName
output cosmosEndpoint string = cosmos.outputs.endpoint
output lakeUrl string = lake.outputs.url
output functionApp string = functions.outputs.name
output streamAnalyticsJob string = job.outputs.name
