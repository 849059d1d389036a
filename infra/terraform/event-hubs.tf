locals {
  hubs = { for hub in local.system.eventHubs : hub.name => hub }
  consumer_groups = {
    for group in flatten([for hub in local.system.eventHubs : [for name in hub.consumerGroups : { hub = hub.name, name = name }]]) :
    "${group.hub}/${group.name}" => group
  }
  access_rules = {
    for rule in flatten([for hub in local.system.eventHubs : [for rule in local.system.authorizationRules : { hub = hub.name, name = rule.name, right = rule.right }]]) :
    "${rule.hub}/${rule.name}" => rule
  }
}

resource "azurerm_eventhub_namespace" "this" {
  name                     = "evhns-netflix-${local.environment}-${local.suffix}"
  resource_group_name      = azurerm_resource_group.this.name
  location                 = local.location
  tags                     = local.tags
  sku                      = "Standard"
  capacity                 = local.settings.eventHubs.throughputUnits
  auto_inflate_enabled     = local.settings.eventHubs.maximumThroughputUnits > 0
  maximum_throughput_units = local.settings.eventHubs.maximumThroughputUnits
  minimum_tls_version      = "1.2"
  # Every client of ours signs in with an identity. A producer that cannot needs the rules below, and `localAuth` in the settings.
  local_authentication_enabled = local.settings.eventHubs.localAuth
}

resource "azurerm_eventhub" "this" {
  for_each = local.hubs

  name            = each.key
  namespace_id    = azurerm_eventhub_namespace.this.id
  partition_count = each.value.partitions

  retention_description {
    cleanup_policy          = "Delete"
    retention_time_in_hours = each.value.retentionHours
  }
}

resource "azurerm_eventhub_consumer_group" "this" {
  for_each = local.consumer_groups

  name                = each.value.name
  eventhub_name       = azurerm_eventhub.this[each.value.hub].name
  namespace_name      = azurerm_eventhub_namespace.this.name
  resource_group_name = azurerm_resource_group.this.name
}

resource "azurerm_eventhub_authorization_rule" "this" {
  for_each = local.access_rules

  name                = each.value.name
  eventhub_name       = azurerm_eventhub.this[each.value.hub].name
  namespace_name      = azurerm_eventhub_namespace.this.name
  resource_group_name = azurerm_resource_group.this.name
  send                = each.value.right == "Send"
  listen              = each.value.right == "Listen"
  manage              = false
}

# Only where keys are allowed at all, and then nowhere else than in the vault (and the state: see backend.tf.example).
resource "azurerm_key_vault_secret" "access_rule" {
  for_each = local.settings.eventHubs.localAuth ? local.access_rules : {}

  name         = "event-hubs-${each.value.hub}-${each.value.name}"
  key_vault_id = azurerm_key_vault.this.id
  content_type = "connection string"
  value        = azurerm_eventhub_authorization_rule.this[each.key].primary_connection_string
}

resource "azurerm_monitor_diagnostic_setting" "event_hubs" {
  name                           = "to-workspace"
  target_resource_id             = azurerm_eventhub_namespace.this.id
  log_analytics_workspace_id     = azurerm_log_analytics_workspace.this.id
  log_analytics_destination_type = "Dedicated"

  enabled_log {
    category = "OperationalLogs"
  }

  enabled_log {
    category = "AutoScaleLogs"
  }

  enabled_log {
    category = "DiagnosticErrorLogs"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}

# Functions: processEvents and archiveRaw read events; replayDeadLetters reads dead letters and sends events again; dead letters are sent.
resource "azurerm_role_assignment" "events_received_by_functions" {
  for_each = local.hubs

  scope                = azurerm_eventhub.this[each.key].id
  role_definition_name = "Azure Event Hubs Data Receiver"
  principal_id         = azurerm_user_assigned_identity.functions.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "events_sent_by_functions" {
  for_each = local.hubs

  scope                = azurerm_eventhub.this[each.key].id
  role_definition_name = "Azure Event Hubs Data Sender"
  principal_id         = azurerm_user_assigned_identity.functions.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "events_received_by_job" {
  scope                = azurerm_eventhub.this["netflix-events"].id
  role_definition_name = "Azure Event Hubs Data Receiver"
  principal_id         = azurerm_user_assigned_identity.job.principal_id
  principal_type       = "ServicePrincipal"
}

# The operator: the generator sends events, the viewer and the reconciliation read both hubs.
resource "azurerm_role_assignment" "events_sent_by_operator" {
  count = local.has_operator ? 1 : 0

  scope                = azurerm_eventhub.this["netflix-events"].id
  role_definition_name = "Azure Event Hubs Data Sender"
  principal_id         = var.operator_principal_id
  principal_type       = var.operator_principal_type
}

resource "azurerm_role_assignment" "events_received_by_operator" {
  for_each = local.has_operator ? local.hubs : {}

  scope                = azurerm_eventhub.this[each.key].id
  role_definition_name = "Azure Event Hubs Data Receiver"
  principal_id         = var.operator_principal_id
  principal_type       = var.operator_principal_type
}
