variable "subscription_id" {
  description = "The subscription to deploy into."
  type        = string
}

variable "environment" {
  description = "Which file of ../environments gives sizes and retention: dev, staging or prod."
  type        = string

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "environment is dev, staging or prod."
  }
}

variable "operator_principal_id" {
  description = "Object id of the person or group that runs the generator and reads results; empty for nobody."
  type        = string
  default     = ""
}

variable "operator_principal_type" {
  description = "What the operator is: User, Group or ServicePrincipal."
  type        = string
  default     = "User"

  validation {
    condition     = contains(["User", "Group", "ServicePrincipal"], var.operator_principal_type)
    error_message = "operator_principal_type is User, Group or ServicePrincipal."
  }
}
