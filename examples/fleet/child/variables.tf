variable "integration" {
  description = "The integration: a name that provider::falcon::integration_scopes accepts."
  type        = string
}

variable "client_name" {
  description = "Name of the API client."
  type        = string
}

variable "secret_recipient" {
  description = "age recipient for which the client secret is encrypted; null keeps the secret in state."
  type        = string
  default     = null
}

variable "workflows" {
  description = "Workflows with the actions and trigger events that they need, by a name of your choice."
  type = map(object({
    document = string
    actions  = optional(list(string), [])
    triggers = optional(list(string), [])
  }))
  default = {}
}
