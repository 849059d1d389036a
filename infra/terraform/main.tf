locals {
  system      = jsondecode(file("${path.module}/../system.json"))
  settings    = jsondecode(file("${path.module}/../environments/${var.environment}.json"))
  environment = local.settings.environment
  location    = local.settings.location
  tags        = { application = "netflix-streaming", environment = local.environment }

  # Makes globally unique names of the subscription, the same way as ../bicep does.
  suffix = substr(replace(var.subscription_id, "-", ""), 0, 6)

  has_operator = var.operator_principal_id != ""
}

data "azurerm_client_config" "current" {}

resource "azurerm_resource_group" "this" {
  name     = "rg-netflix-streaming-${local.environment}"
  location = local.location
  tags     = local.tags
}

# Who acts: one identity for the Functions app, one for the Stream Analytics job. What each may do stands beside the resource.
resource "azurerm_user_assigned_identity" "functions" {
  name                = "id-netflix-functions-${local.environment}"
  resource_group_name = azurerm_resource_group.this.name
  location            = local.location
  tags                = local.tags
}

resource "azurerm_user_assigned_identity" "job" {
  name                = "id-netflix-job-${local.environment}"
  resource_group_name = azurerm_resource_group.this.name
  location            = local.location
  tags                = local.tags
}
