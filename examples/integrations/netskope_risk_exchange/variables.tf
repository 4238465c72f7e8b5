variable "name" {
  description = "Name of the API client."
  type        = string
  default     = "Netskope User Risk Exchange"
}

variable "recommended_scopes" {
  description = "Whether to add identity-entities:read. Netskope's page leaves it out; other products that send the same query ask for it."
  type        = bool
  default     = false
}

variable "minimum_risk_score" {
  description = "Lower end of the score range, as a Falcon risk score (0 to 1, higher is riskier). Netskope shows 0.75 as 250."
  type        = number
  default     = null
}

variable "maximum_risk_score" {
  description = "Upper end of the score range, as a Falcon risk score (0 to 1)."
  type        = number
  default     = null
}

variable "list_users" {
  description = "Whether the output high_risk_users lists users, at most 1000. Their email addresses are then in state and in plans. The output is sensitive: show it with terraform output -json high_risk_users."
  type        = bool
  default     = false
}

variable "maximum_high_risk_users" {
  description = "The check warns when more than this number of users have a high severity."
  type        = number
  default     = 100
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
