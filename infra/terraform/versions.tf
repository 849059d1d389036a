# The same system as ../bicep, with azurerm: names from ../system.json, sizes from ../environments, the job from /stream-analytics,
# alerts and queries from /monitoring. A test holds both against each other.
terraform {
  required_version = ">= 1.9.0, < 2.0.0"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 4.73.0, < 5.0.0"
    }
  }
}

provider "azurerm" {
  subscription_id = var.subscription_id
  # Storage accounts take no keys.
  storage_use_azuread = true

  features {
    key_vault {
      purge_soft_delete_on_destroy = false
    }
  }
}
