resource "azurerm_log_analytics_workspace" "this" {
  name                            = "log-netflix-${local.environment}"
  resource_group_name             = azurerm_resource_group.this.name
  location                        = local.location
  tags                            = local.tags
  sku                             = "PerGB2018"
  retention_in_days               = local.settings.logs.retentionDays
  daily_quota_gb                  = local.settings.logs.dailyCapGb
  local_authentication_enabled    = false
  allow_resource_only_permissions = true
}

resource "azurerm_monitor_diagnostic_setting" "workspace" {
  name                       = "to-workspace"
  target_resource_id         = azurerm_log_analytics_workspace.this.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.this.id

  enabled_log {
    category = "Audit"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}

# Its telemetry is in the workspace already: a diagnostic setting would store and bill everything twice.
resource "azurerm_application_insights" "this" {
  name                          = "appi-netflix-${local.environment}"
  resource_group_name           = azurerm_resource_group.this.name
  location                      = local.location
  tags                          = local.tags
  application_type              = "web"
  workspace_id                  = azurerm_log_analytics_workspace.this.id
  local_authentication_disabled = true
}

resource "azurerm_role_assignment" "functions_publish_metrics" {
  scope                = azurerm_application_insights.this.id
  role_definition_name = "Monitoring Metrics Publisher"
  principal_id         = azurerm_user_assigned_identity.functions.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_monitor_action_group" "this" {
  name                = "ag-netflix-${local.environment}"
  resource_group_name = azurerm_resource_group.this.name
  location            = "global"
  tags                = local.tags
  short_name          = "nflx-${substr(local.environment, 0, 7)}"

  dynamic "email_receiver" {
    for_each = local.settings.alertEmails

    content {
      name                    = "email-${email_receiver.key}"
      email_address           = email_receiver.value
      use_common_alert_schema = true
    }
  }
}

resource "azurerm_log_analytics_saved_search" "this" {
  for_each = { for query in jsondecode(file("${path.module}/../../monitoring/queries.json")) : query.name => query }

  name                       = each.key
  log_analytics_workspace_id = azurerm_log_analytics_workspace.this.id
  category                   = "netflix-streaming"
  display_name               = each.value.title
  query                      = file("${path.module}/../../monitoring/queries/${each.key}.kql")
}
