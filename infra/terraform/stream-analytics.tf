# The Stream Analytics job, read from the project that is written and tested in /stream-analytics: query, inputs, outputs, policies.
locals {
  project      = "${path.module}/../../stream-analytics"
  job          = jsondecode(file("${local.project}/JobConfig.json"))
  job_inputs   = [for path in fileset(local.project, "Inputs/*.json") : jsondecode(file("${local.project}/${path}")) if !startswith(path, "Inputs/Local_")]
  job_outputs  = [for path in fileset(local.project, "Outputs/*.json") : jsondecode(file("${local.project}/${path}"))]
  documents_to = { for output in local.job_outputs : output.Name => output if output.DataSourceType == "DocumentDB" }
  files_to     = { for output in local.job_outputs : output.Name => output if output.DataSourceType == "Blob Storage" }
}

resource "azurerm_stream_analytics_job" "this" {
  name                                     = "asa-netflix-${local.environment}"
  resource_group_name                      = azurerm_resource_group.this.name
  location                                 = local.location
  tags                                     = local.tags
  sku_name                                 = local.job.Sku.Name
  compatibility_level                      = local.job.CompatibilityLevel
  data_locale                              = local.job.DataLocale
  events_late_arrival_max_delay_in_seconds = local.job.EventsLateArrivalMaxDelayInSeconds
  events_out_of_order_max_delay_in_seconds = local.job.EventsOutOfOrderMaxDelayInSeconds
  events_out_of_order_policy               = local.job.EventsOutOfOrderPolicy
  output_error_policy                      = local.job.OutputErrorPolicy
  content_storage_policy                   = local.job.ContentStoragePolicy
  # On StandardV2 the number 3 means a third of a unit, 7 two thirds, 10 one, 20 two.
  streaming_units      = local.settings.streamAnalytics.streamingUnits
  transformation_query = file("${local.project}/netflix-streaming.asaql")

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.job.id]
  }
}

resource "azurerm_stream_analytics_stream_input_eventhub_v2" "this" {
  for_each = { for input in local.job_inputs : input.Name => input }

  name                         = each.key
  stream_analytics_job_id      = azurerm_stream_analytics_job.this.id
  servicebus_namespace         = azurerm_eventhub_namespace.this.name
  eventhub_name                = azurerm_eventhub.this[each.value.EventHubProperties.EventHubName].name
  eventhub_consumer_group_name = each.value.EventHubProperties.ConsumerGroupName
  authentication_mode          = each.value.EventHubProperties.AuthenticationMode

  serialization {
    type     = each.value.Serialization.Type
    encoding = each.value.Serialization.Encoding
  }
}

resource "azurerm_stream_analytics_output_cosmosdb" "this" {
  for_each = local.documents_to

  name                     = each.key
  stream_analytics_job_id  = azurerm_stream_analytics_job.this.id
  cosmosdb_sql_database_id = azurerm_cosmosdb_sql_database.this.id
  container_name           = azurerm_cosmosdb_sql_container.this[each.value.DocumentDbProperties.ContainerName].name
  document_id              = each.value.DocumentDbProperties.DocumentId
  partition_key            = each.value.DocumentDbProperties.PartitionKey
  authentication_mode      = each.value.DocumentDbProperties.AuthenticationMode
  # azurerm insists on it although the output signs in with the identity; the state holds it anyway, as an attribute of the account.
  cosmosdb_account_key = azurerm_cosmosdb_account.this.primary_key
}

resource "azurerm_stream_analytics_output_blob" "this" {
  for_each = local.files_to

  name                      = each.key
  stream_analytics_job_name = azurerm_stream_analytics_job.this.name
  resource_group_name       = azurerm_resource_group.this.name
  storage_account_name      = azurerm_storage_account.lake.name
  storage_container_name    = azurerm_storage_container.filesystem[each.value.BlobStorageProperties.Container].name
  path_pattern              = each.value.BlobStorageProperties.PathPattern
  date_format               = each.value.BlobStorageProperties.DateFormat
  time_format               = each.value.BlobStorageProperties.TimeFormat
  authentication_mode       = each.value.BlobStorageProperties.AuthenticationMode

  serialization {
    type     = each.value.Serialization.Type
    encoding = each.value.Serialization.Encoding
    format   = each.value.Serialization.Format
  }
}

resource "azurerm_monitor_diagnostic_setting" "job" {
  name                       = "to-workspace"
  target_resource_id         = azurerm_stream_analytics_job.this.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.this.id

  enabled_log {
    category = "Execution"
  }

  enabled_log {
    category = "Authoring"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}
