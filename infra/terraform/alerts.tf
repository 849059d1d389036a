# The alerts of /monitoring/alerts.json: on metrics of the services, and on queries over the workspace.
locals {
  alerts = jsondecode(file("${path.module}/../../monitoring/alerts.json"))
  alert_targets = {
    eventHubs       = azurerm_eventhub_namespace.this.id
    streamAnalytics = azurerm_stream_analytics_job.this.id
    cosmos          = azurerm_cosmosdb_account.this.id
    lake            = azurerm_storage_account.lake.id
  }
}

resource "azurerm_monitor_metric_alert" "this" {
  for_each = { for alert in local.alerts.metrics : alert.name => alert }

  name                = "${each.key}-${local.environment}"
  resource_group_name = azurerm_resource_group.this.name
  tags                = local.tags
  description         = each.value.description
  severity            = each.value.severity
  scopes              = [local.alert_targets[each.value.target]]
  frequency           = each.value.frequency
  window_size         = each.value.window
  auto_mitigate       = true

  criteria {
    metric_namespace = each.value.namespace
    metric_name      = each.value.metric
    aggregation      = each.value.aggregation
    operator         = each.value.operator
    threshold        = each.value.threshold

    dynamic "dimension" {
      for_each = each.value.dimensions

      content {
        name     = dimension.value.name
        operator = "Include"
        values   = dimension.value.values
      }
    }
  }

  action {
    action_group_id = azurerm_monitor_action_group.this.id
  }
}

resource "azurerm_monitor_scheduled_query_rules_alert_v2" "this" {
  for_each = { for alert in local.alerts.queries : alert.name => alert }

  name                    = "${each.key}-${local.environment}"
  resource_group_name     = azurerm_resource_group.this.name
  location                = local.location
  tags                    = local.tags
  display_name            = each.key
  description             = each.value.description
  severity                = each.value.severity
  scopes                  = [azurerm_log_analytics_workspace.this.id]
  evaluation_frequency    = each.value.frequency
  window_duration         = each.value.window
  auto_mitigation_enabled = true
  # A new workspace has none of the tables until the first line arrives.
  skip_query_validation = true

  criteria {
    query                   = file("${path.module}/../../monitoring/alerts/${each.key}.kql")
    time_aggregation_method = "Count"
    operator                = each.value.operator
    threshold               = each.value.threshold

    failing_periods {
      number_of_evaluation_periods             = 1
      minimum_failing_periods_to_trigger_alert = 1
    }
  }

  action {
    action_groups = [azurerm_monitor_action_group.this.id]
  }
}
