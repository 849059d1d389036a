# The vault for what cannot do without a key. With the settings as shipped it holds nothing: every part signs in with an identity.
resource "azurerm_key_vault" "this" {
  name                       = "kv-nflx-${local.environment}-${local.suffix}"
  resource_group_name        = azurerm_resource_group.this.name
  location                   = local.location
  tags                       = local.tags
  tenant_id                  = data.azurerm_client_config.current.tenant_id
  sku_name                   = "standard"
  rbac_authorization_enabled = true
  soft_delete_retention_days = local.settings.keyVault.purgeProtection ? 90 : 7
  purge_protection_enabled   = local.settings.keyVault.purgeProtection
}

resource "azurerm_monitor_diagnostic_setting" "key_vault" {
  name                       = "to-workspace"
  target_resource_id         = azurerm_key_vault.this.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.this.id

  enabled_log {
    category = "AuditEvent"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}

resource "azurerm_role_assignment" "operator_reads_secrets" {
  count = local.has_operator ? 1 : 0

  scope                = azurerm_key_vault.this.id
  role_definition_name = "Key Vault Secrets User"
  principal_id         = var.operator_principal_id
  principal_type       = var.operator_principal_type
}
