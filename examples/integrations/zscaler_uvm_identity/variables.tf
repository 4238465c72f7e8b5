variable "name" {
  description = "Name of the API client."
  type        = string
  default     = "Zscaler UVM"
}

variable "only_active_directory_domains" {
  description = "The same as Zscaler's Fetch Only Active Directory Domains: leaves the domains of Okta, Azure and others out."
  type        = bool
  default     = true
}

variable "maximum_domain_score" {
  description = "The check warns when the overall score of a domain is above this (0 to 1, higher is riskier)."
  type        = number
  default     = 1
}

variable "administrator_score" {
  description = "The check warns about administrators with this risk score or a higher one (0 to 1)."
  type        = number
  default     = 0.8
}

variable "list_users" {
  description = "Whether the output high_risk_users lists users, at most 1000. Their names are then in the state, and on the screen when they change."
  type        = bool
  default     = true
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
