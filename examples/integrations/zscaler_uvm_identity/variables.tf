variable "name" {
  description = "Name of the API client."
  type        = string
  default     = "Zscaler UVM"
}

variable "only_active_directory_domains" {
  description = "Zscaler's setting Fetch Only Active Directory Domains: leaves out the domains of Okta, Azure and other sources."
  type        = bool
  default     = true
}

variable "maximum_domain_score" {
  description = "The check warns when the overall score of a domain is above this value (0 to 1, higher is riskier)."
  type        = number
  default     = 1
}

variable "administrator_score" {
  description = "The check warns about administrators with this risk score or a higher one (0 to 1, higher is riskier)."
  type        = number
  default     = 0.8
}

variable "list_users" {
  description = "Whether the outputs domain_users (all users with all fields, as JSON) and high_risk_users (at most 1000) list users. Their names are then in state and in plans. Both outputs are sensitive: show them with terraform output -raw domain_users and terraform output -json high_risk_users."
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
