# The Functions app on a Flex Consumption plan: the one serverless plan whose package, host storage and triggers all work without
# a key. Its code is published afterwards (deploy.sh); its settings are named as /runtime reads them.
resource "azurerm_storage_account" "functions" {
  name                             = "stnflxfunc${local.environment}${local.suffix}"
  resource_group_name              = azurerm_resource_group.this.name
  location                         = local.location
  tags                             = local.tags
  account_kind                     = "StorageV2"
  account_tier                     = "Standard"
  account_replication_type         = "LRS"
  min_tls_version                  = "TLS1_2"
  https_traffic_only_enabled       = true
  allow_nested_items_to_be_public  = false
  shared_access_key_enabled        = false
  cross_tenant_replication_enabled = false
  default_to_oauth_authentication  = true
}

resource "azurerm_storage_container" "packages" {
  name                  = "packages"
  storage_account_id    = azurerm_storage_account.functions.id
  container_access_type = "private"
}

# What the host needs of its storage: leases, checkpoints, function keys, and the package (learn.microsoft.com/azure/azure-functions/functions-reference).
resource "azurerm_role_assignment" "host_storage_owned" {
  scope                = azurerm_storage_account.functions.id
  role_definition_name = "Storage Blob Data Owner"
  principal_id         = azurerm_user_assigned_identity.functions.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_service_plan" "functions" {
  name                = "plan-netflix-${local.environment}"
  resource_group_name = azurerm_resource_group.this.name
  location            = local.location
  tags                = local.tags
  os_type             = "Linux"
  sku_name            = "FC1"
}

resource "azurerm_function_app_flex_consumption" "this" {
  name                = "func-netflix-${local.environment}-${local.suffix}"
  resource_group_name = azurerm_resource_group.this.name
  location            = local.location
  tags                = local.tags
  service_plan_id     = azurerm_service_plan.functions.id
  https_only          = true

  storage_container_type            = "blobContainer"
  storage_container_endpoint        = "${azurerm_storage_account.functions.primary_blob_endpoint}${azurerm_storage_container.packages.name}"
  storage_authentication_type       = "UserAssignedIdentity"
  storage_user_assigned_identity_id = azurerm_user_assigned_identity.functions.id

  runtime_name           = "node"
  runtime_version        = "22"
  instance_memory_in_mb  = local.settings.functions.instanceMemoryMB
  maximum_instance_count = local.settings.functions.maximumInstances

  webdeploy_publish_basic_authentication_enabled = false

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.functions.id]
  }

  site_config {
    minimum_tls_version     = "1.2"
    scm_minimum_tls_version = "1.2"
    # Names where telemetry goes; sending it takes the identity, for local authentication is off.
    application_insights_connection_string = azurerm_application_insights.this.connection_string
  }

  app_settings = {
    AzureWebJobsStorage__accountName            = azurerm_storage_account.functions.name
    AzureWebJobsStorage__credential             = "managedidentity"
    AzureWebJobsStorage__clientId               = azurerm_user_assigned_identity.functions.client_id
    EventHubConnection__fullyQualifiedNamespace = "${azurerm_eventhub_namespace.this.name}.servicebus.windows.net"
    EventHubConnection__credential              = "managedidentity"
    EventHubConnection__clientId                = azurerm_user_assigned_identity.functions.client_id
    CosmosConnection__accountEndpoint           = azurerm_cosmosdb_account.this.endpoint
    CosmosConnection__credential                = "managedidentity"
    CosmosConnection__clientId                  = azurerm_user_assigned_identity.functions.client_id
    DataLakeConnection__dfsServiceUri           = azurerm_storage_account.lake.primary_dfs_endpoint
    DataLakeConnection__credential              = "managedidentity"
    DataLakeConnection__clientId                = azurerm_user_assigned_identity.functions.client_id
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING   = "ClientId=${azurerm_user_assigned_identity.functions.client_id};Authorization=AAD"
    COSMOS_CONCURRENCY                          = tostring(local.settings.functions.cosmosConcurrency)
    RETRY_BUDGET_MS                             = "240000"
  }

  depends_on = [azurerm_role_assignment.host_storage_owned]
}

# Metrics only: what functions log is in the workspace already, by Application Insights, and would be billed twice.
resource "azurerm_monitor_diagnostic_setting" "function_app" {
  name                       = "to-workspace"
  target_resource_id         = azurerm_function_app_flex_consumption.this.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.this.id

  enabled_metric {
    category = "AllMetrics"
  }
}

resource "azurerm_monitor_diagnostic_setting" "function_plan" {
  name                       = "to-workspace"
  target_resource_id         = azurerm_service_plan.functions.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.this.id

  enabled_metric {
    category = "AllMetrics"
  }
}

resource "azurerm_monitor_diagnostic_setting" "function_storage" {
  name                       = "to-workspace"
  target_resource_id         = azurerm_storage_account.functions.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.this.id

  enabled_metric {
    category = "Transaction"
  }
}

resource "azurerm_monitor_diagnostic_setting" "function_storage_blobs" {
  name                       = "to-workspace"
  target_resource_id         = "${azurerm_storage_account.functions.id}/blobServices/default"
  log_analytics_workspace_id = azurerm_log_analytics_workspace.this.id

  enabled_log {
    category = "StorageDelete"
  }

  enabled_metric {
    category = "Transaction"
  }
}
