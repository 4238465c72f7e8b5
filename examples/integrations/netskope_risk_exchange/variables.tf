variable "name" {
  description = "Name of the API client."
  type        = string
  default     = "Netskope User Risk Exchange"
}

variable "recommended_scopes" {
  description = "Whether to add identity-entities:read, which Netskope's page leaves out and which other readers of the same query ask for."
  type        = bool
  default     = false
}

variable "minimum_risk_score" {
  description = "Lower end of the score range, as Falcon's risk score (0 to 1, higher is riskier). Netskope shows 0.75 as 250."
  type        = number
  default     = null
}

variable "maximum_risk_score" {
  description = "Upper end of the score range, as Falcon's risk score (0 to 1)."
  type        = number
  default     = null
}

variable "list_users" {
  description = "Whether the output high_risk_users lists users, at most 1000. Their addresses are then in the state, and on the screen when they change."
  type        = bool
  default     = true
}

variable "maximum_high_risk_users" {
  description = "The check warns when more users than this are of high severity."
  type        = number
  default     = 100
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
