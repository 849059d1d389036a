// Data Lake Gen2: raw, processed and curated files, and the rules by which they grow old.
import { lakeSettings, principalType } from '../types.bicep'

param environment string
param location string
param tags object
param suffix string
param retention lakeSettings
param filesystems string[]
param workspaceId string
param roles object
param functionsPrincipalId string
param jobPrincipalId string
param operatorPrincipalId string
param operatorPrincipalType principalType

var lifetimes = [
  { filesystem: 'raw', days: retention.rawDays }
  { filesystem: 'processed', days: retention.processedDays }
  { filesystem: 'curated', days: retention.curatedDays }
]

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: 'stnflxlake${environment}${suffix}'
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: retention.sku }
  properties: {
    isHnsEnabled: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    publicNetworkAccess: 'Enabled'
  }
}

resource blobService 'Microsoft.Storage/storageAccounts/blobServices@2024-01-01' = {
  parent: account
  name: 'default'
  properties: {
    deleteRetentionPolicy: { enabled: true, days: 7 }
    containerDeleteRetentionPolicy: { enabled: true, days: 7 }
  }
}

resource filesystem 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = [
  for name in filesystems: {
    parent: blobService
    name: name
    properties: { publicAccess: 'None' }
  }
]

resource ageing 'Microsoft.Storage/storageAccounts/managementPolicies@2024-01-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        for lifetime in lifetimes: {
          name: 'age-${lifetime.filesystem}'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: { blobTypes: ['blockBlob'], prefixMatch: ['${lifetime.filesystem}/'] }
            actions: {
              baseBlob: {
                tierToCool: { daysAfterModificationGreaterThan: retention.coolAfterDays }
                delete: { daysAfterModificationGreaterThan: lifetime.days }
              }
            }
          }
        }
      ]
    }
  }
  dependsOn: [blobService]
}

resource accountDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: account
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    metrics: [{ category: 'Transaction', enabled: true }]
  }
}

// Deletions leave a trace. A line per write would cost more than it tells: the functions log the time of each.
resource blobDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: blobService
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'StorageDelete', enabled: true }]
    metrics: [{ category: 'Transaction', enabled: true }]
  }
}

// The functions write all three filesystems, the job archives into raw. `checkpoints` is for a run on a laptop against this account.
resource filesWrittenByFunctions 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, index) in ['raw', 'processed', 'curated']: {
    scope: filesystem[index]
    name: guid(account.id, name, 'functions', roles['Storage Blob Data Contributor'])
    properties: {
      principalId: functionsPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roles['Storage Blob Data Contributor']
      )
    }
  }
]

resource filesWrittenByJob 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: filesystem[0]
  name: guid(account.id, 'raw', 'job', roles['Storage Blob Data Contributor'])
  properties: {
    principalId: jobPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles['Storage Blob Data Contributor']
    )
  }
}

resource filesReadByOperator 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorPrincipalId)) {
  scope: account
  name: guid(account.id, operatorPrincipalId, roles['Storage Blob Data Reader'])
  properties: {
    principalId: operatorPrincipalId
    principalType: operatorPrincipalType
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles['Storage Blob Data Reader']
    )
  }
}

output id string = account.id
output name string = account.name
output url string = account.properties.primaryEndpoints.dfs
