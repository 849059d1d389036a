// The vault for what cannot do without a key. With the settings as shipped it holds nothing: every part signs in with an identity.
import { principalType } from '../types.bicep'

param environment string
param location string
param tags object
param suffix string
param purgeProtection bool
param workspaceId string
param roles object
param operatorPrincipalId string
param operatorPrincipalType principalType

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: 'kv-nflx-${environment}-${suffix}'
  location: location
  tags: tags
  properties: {
    tenantId: subscription().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: purgeProtection ? 90 : 7
    // Azure refuses `false`: what is not protected leaves it out.
    enablePurgeProtection: purgeProtection ? true : null
    publicNetworkAccess: 'Enabled'
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'AuditEvent', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

resource operatorReadsSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorPrincipalId)) {
  scope: vault
  name: guid(vault.id, operatorPrincipalId, roles['Key Vault Secrets User'])
  properties: {
    principalId: operatorPrincipalId
    principalType: operatorPrincipalType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles['Key Vault Secrets User'])
  }
}

output name string = vault.name
