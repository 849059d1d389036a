# No output holds a key.
output "resource_group" {
  value = azurerm_resource_group.this.name
}

output "event_hubs_namespace" {
  value = "${azurerm_eventhub_namespace.this.name}.servicebus.windows.net"
}

output "cosmos_endpoint" {
  value = azurerm_cosmosdb_account.this.endpoint
}

output "lake_url" {
  value = azurerm_storage_account.lake.primary_dfs_endpoint
}

output "function_app" {
  value = azurerm_function_app_flex_consumption.this.name
}

output "stream_analytics_job" {
  value = azurerm_stream_analytics_job.this.name
}
