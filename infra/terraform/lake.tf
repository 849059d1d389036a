locals {
  lifetimes = {
    raw       = local.settings.lake.rawDays
    processed = local.settings.lake.processedDays
    curated   = local.settings.lake.curatedDays
  }
  lake_sku = split("_", local.settings.lake.sku)
}

resource "azurerm_storage_account" "lake" {
  name                             = "stnflxlake${local.environment}${local.suffix}"
  resource_group_name              = azurerm_resource_group.this.name
  location                         = local.location
  tags                             = local.tags
  account_kind                     = "StorageV2"
  account_tier                     = local.lake_sku[0]
  account_replication_type         = local.lake_sku[1]
  is_hns_enabled                   = true
  min_tls_version                  = "TLS1_2"
  https_traffic_only_enabled       = true
  allow_nested_items_to_be_public  = false
  shared_access_key_enabled        = false
  cross_tenant_replication_enabled = false
  default_to_oauth_authentication  = true

  blob_properties {
    delete_retention_policy {
      days = 7
    }

    container_delete_retention_policy {
      days = 7
    }
  }
}

resource "azurerm_storage_container" "filesystem" {
  for_each = toset(local.system.lake.filesystems)

  name                  = each.key
  storage_account_id    = azurerm_storage_account.lake.id
  container_access_type = "private"
}

resource "azurerm_storage_management_policy" "lake" {
  storage_account_id = azurerm_storage_account.lake.id

  dynamic "rule" {
    for_each = local.lifetimes

    content {
      name    = "age-${rule.key}"
      enabled = true

      filters {
        blob_types   = ["blockBlob"]
        prefix_match = ["${rule.key}/"]
      }

      actions {
        base_blob {
          tier_to_cool_after_days_since_modification_greater_than = local.settings.lake.coolAfterDays
          delete_after_days_since_modification_greater_than       = rule.value
        }
      }
    }
  }
}

resource "azurerm_monitor_diagnostic_setting" "lake" {
  name                       = "to-workspace"
  target_resource_id         = azurerm_storage_account.lake.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.this.id

  enabled_metric {
    category = "Transaction"
  }
}

# Deletions leave a trace. A line per write would cost more than it tells: the functions log the time of each.
resource "azurerm_monitor_diagnostic_setting" "lake_blobs" {
  name                       = "to-workspace"
  target_resource_id         = "${azurerm_storage_account.lake.id}/blobServices/default"
  log_analytics_workspace_id = azurerm_log_analytics_workspace.this.id

  enabled_log {
    category = "StorageDelete"
  }

  enabled_metric {
    category = "Transaction"
  }
}

# The functions write all three filesystems, the job archives into raw. `checkpoints` is for a run on a laptop against this account.
resource "azurerm_role_assignment" "files_written_by_functions" {
  for_each = local.lifetimes

  scope                = azurerm_storage_container.filesystem[each.key].id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azurerm_user_assigned_identity.functions.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "files_written_by_job" {
  scope                = azurerm_storage_container.filesystem["raw"].id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azurerm_user_assigned_identity.job.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "files_read_by_operator" {
  count = local.has_operator ? 1 : 0

  scope                = azurerm_storage_account.lake.id
  role_definition_name = "Storage Blob Data Reader"
  principal_id         = var.operator_principal_id
  principal_type       = var.operator_principal_type
}
