variable "name" {
  description = "Name of the API client."
  type        = string
  default     = "Cortex XSOAR"
}

variable "recommended_scopes" {
  description = "Whether to add the scopes that Palo Alto's page leaves out: identity-graphql:write for the identity commands, such as cs-falcon-list-identity-entities, and workflow:read and workflow:write for the workflow commands, such as cs-falcon-workflow-execute."
  type        = bool
  default     = false
}

variable "secret_rotation" {
  description = "Any change of this map resets the client secret, once. The receiving product then needs the new secret."
  type        = map(string)
  default     = null
}

variable "secret_recipient" {
  description = "Public age or SSH key of the person who enters the secret in the receiving product. With a key, the secret is not in state in plain text: the output client_secret is null, and encrypted_client_secret contains it."
  type        = string
  default     = null
}
