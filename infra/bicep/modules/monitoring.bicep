// Where logs and metrics go: a workspace, Application Insights over it, the saved queries, and who is told of alerts.
import { logSettings } from '../types.bicep'

param environment string
param location string
param tags object
param logs logSettings
param alertEmails string[]
param roles object
param functionsPrincipalId string

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: 'log-netflix-${environment}'
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: logs.retentionDays
    workspaceCapping: { dailyQuotaGb: logs.dailyCapGb }
    features: { disableLocalAuth: true, enableLogAccessUsingOnlyResourcePermissions: true }
  }
}

resource workspaceDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: workspace
  name: 'to-workspace'
  properties: {
    workspaceId: workspace.id
    logs: [{ category: 'Audit', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

// Its telemetry is in the workspace already: a diagnostic setting would store and bill everything twice.
resource applicationInsights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-netflix-${environment}'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
  }
}

resource functionsPublishMetrics 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: applicationInsights
  name: guid(applicationInsights.id, 'functions', roles['Monitoring Metrics Publisher'])
  properties: {
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles['Monitoring Metrics Publisher']
    )
  }
}

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-netflix-${environment}'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'nflx-${take(environment, 7)}'
    emailReceivers: [
      for (email, index) in alertEmails: { name: 'email-${index}', emailAddress: email, useCommonAlertSchema: true }
    ]
  }
}

var queries = loadJsonContent('../../../monitoring/queries.json')
var texts = {
  'event-throughput': loadTextContent('../../../monitoring/queries/event-throughput.kql')
  'job-input-output': loadTextContent('../../../monitoring/queries/job-input-output.kql')
  'request-units': loadTextContent('../../../monitoring/queries/request-units.kql')
  'function-errors': loadTextContent('../../../monitoring/queries/function-errors.kql')
  'function-durations': loadTextContent('../../../monitoring/queries/function-durations.kql')
  'dead-letters': loadTextContent('../../../monitoring/queries/dead-letters.kql')
  'lake-write-latency': loadTextContent('../../../monitoring/queries/lake-write-latency.kql')
  'end-to-end-latency': loadTextContent('../../../monitoring/queries/end-to-end-latency.kql')
  'job-errors': loadTextContent('../../../monitoring/queries/job-errors.kql')
}

resource savedQueries 'Microsoft.OperationalInsights/workspaces/savedSearches@2025-02-01' = [
  for query in queries: {
    parent: workspace
    name: query.name
    properties: {
      category: 'netflix-streaming'
      displayName: query.title
      query: texts[query.name]
      version: 2
    }
  }
]

output workspaceId string = workspace.id
output applicationInsightsName string = applicationInsights.name
output actionGroupId string = actionGroup.id
