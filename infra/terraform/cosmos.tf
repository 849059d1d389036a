locals {
  containers         = { for container in local.system.cosmos.containers : container.name => container }
  throughput         = local.settings.cosmos.throughput
  cosmos_reader      = "${azurerm_cosmosdb_account.this.id}/sqlRoleDefinitions/00000000-0000-0000-0000-000000000001"
  cosmos_contributor = "${azurerm_cosmosdb_account.this.id}/sqlRoleDefinitions/00000000-0000-0000-0000-000000000002"
}

resource "azurerm_cosmosdb_account" "this" {
  name                = "cosmos-netflix-${local.environment}-${local.suffix}"
  resource_group_name = azurerm_resource_group.this.name
  location            = local.location
  tags                = local.tags
  kind                = "GlobalDocumentDB"
  offer_type          = "Standard"
  minimal_tls_version = "Tls12"
  # Keys stay on for one client: the Stream Analytics output signs in with the job's identity to the control plane, and fetches
  # the account's key there (learn.microsoft.com/azure/stream-analytics/cosmos-db-managed-identity). Nothing else uses a key.
  local_authentication_disabled      = false
  access_key_metadata_writes_enabled = false

  consistency_policy {
    consistency_level = "Session"
  }

  geo_location {
    location          = local.location
    failover_priority = 0
    zone_redundant    = local.settings.cosmos.zoneRedundant
  }

  backup {
    type = "Continuous"
    tier = "Continuous7Days"
  }
}

resource "azurerm_cosmosdb_sql_database" "this" {
  name                = local.system.cosmos.database
  resource_group_name = azurerm_resource_group.this.name
  account_name        = azurerm_cosmosdb_account.this.name
}

resource "azurerm_cosmosdb_sql_container" "this" {
  for_each = local.containers

  name                  = each.key
  resource_group_name   = azurerm_resource_group.this.name
  account_name          = azurerm_cosmosdb_account.this.name
  database_name         = azurerm_cosmosdb_sql_database.this.name
  partition_key_paths   = [each.value.partitionKey]
  partition_key_kind    = "Hash"
  partition_key_version = 2
  default_ttl           = each.value.ttlSeconds
  throughput            = local.throughput[each.key].mode == "manual" ? local.throughput[each.key].requestUnits : null

  dynamic "autoscale_settings" {
    for_each = local.throughput[each.key].mode == "autoscale" ? [local.throughput[each.key].requestUnits] : []

    content {
      max_throughput = autoscale_settings.value
    }
  }
}

# A log line per data request would cost more than the requests: request units and throttling are read from the metrics.
resource "azurerm_monitor_diagnostic_setting" "cosmos" {
  name                           = "to-workspace"
  target_resource_id             = azurerm_cosmosdb_account.this.id
  log_analytics_workspace_id     = azurerm_log_analytics_workspace.this.id
  log_analytics_destination_type = "Dedicated"

  enabled_log {
    category = "ControlPlaneRequests"
  }

  enabled_log {
    category = "PartitionKeyStatistics"
  }

  enabled_metric {
    category = "Requests"
  }
}

# processEvents writes processed events and nothing else.
resource "azurerm_cosmosdb_sql_role_assignment" "events_stored_by_functions" {
  resource_group_name = azurerm_resource_group.this.name
  account_name        = azurerm_cosmosdb_account.this.name
  role_definition_id  = local.cosmos_contributor
  principal_id        = azurerm_user_assigned_identity.functions.principal_id
  scope               = "${azurerm_cosmosdb_account.this.id}/dbs/${azurerm_cosmosdb_sql_database.this.name}/colls/${azurerm_cosmosdb_sql_container.this["processed-events"].name}"
}

# The documented role of the job's output, on this one account. The data-plane role stands ready for when the output uses it.
resource "azurerm_role_assignment" "keys_read_by_job" {
  scope                = azurerm_cosmosdb_account.this.id
  role_definition_name = "DocumentDB Account Contributor"
  principal_id         = azurerm_user_assigned_identity.job.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_cosmosdb_sql_role_assignment" "aggregates_stored_by_job" {
  resource_group_name = azurerm_resource_group.this.name
  account_name        = azurerm_cosmosdb_account.this.name
  role_definition_id  = local.cosmos_contributor
  principal_id        = azurerm_user_assigned_identity.job.principal_id
  scope               = "${azurerm_cosmosdb_account.this.id}/dbs/${azurerm_cosmosdb_sql_database.this.name}/colls/${azurerm_cosmosdb_sql_container.this["aggregations"].name}"
}

resource "azurerm_cosmosdb_sql_role_assignment" "results_read_by_operator" {
  count = local.has_operator ? 1 : 0

  resource_group_name = azurerm_resource_group.this.name
  account_name        = azurerm_cosmosdb_account.this.name
  role_definition_id  = local.cosmos_reader
  principal_id        = var.operator_principal_id
  scope               = "${azurerm_cosmosdb_account.this.id}/dbs/${azurerm_cosmosdb_sql_database.this.name}"
}
