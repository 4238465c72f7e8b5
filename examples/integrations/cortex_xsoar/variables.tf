variable "name" {
  description = "Name of the API client."
  type        = string
  default     = "Cortex XSOAR"
}

variable "recommended_scopes" {
  description = "Whether to add what Palo Alto's page leaves out: identity-graphql:write, without which the identity commands such as cs-falcon-list-identity-entities are refused, and workflow:read and workflow:write for the workflow commands such as cs-falcon-workflow-execute."
  type        = bool
  default     = false
}

variable "secret_rotation" {
  description = "Any change in here resets the client secret, once: a date, for instance. The other product has to be given the new one."
  type        = map(string)
  default     = null
}

variable "secret_recipient" {
  description = "age or ssh public key of whoever enters the secret in the other product. With it the secret is in no state in clear: the output client_secret is null, and encrypted_client_secret holds it."
  type        = string
  default     = null
}
