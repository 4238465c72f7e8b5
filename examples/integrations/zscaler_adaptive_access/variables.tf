variable "name" {
  description = "Name of the API client, of the webhook configuration and, with a suffix, of the three workflows."
  type        = string
  default     = "Zscaler Adaptive Access"
}

variable "webhook_url" {
  description = "The Webhook URL that Zscaler shows after you have entered the Base URL there."
  type        = string
}

variable "hmac_secret" {
  description = "The HMAC secret, at least 32 characters, the same as the Shared Secret at Zscaler. Ephemeral: it is in no plan and no state, and has to be given again when a saved plan is applied. Needed for the first apply; null leaves the key of the existing configuration alone."
  type        = string
  sensitive   = true
  ephemeral   = true
  default     = null
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

variable "case_fields" {
  description = "The data to include with a new or updated case. What leaves the company is your decision."
  type        = list(string)
  default     = ["Trigger.CID", "Trigger.SourceEventID", "Trigger.SourceEventURL"]
}

variable "minimum_average_score" {
  description = "The check warns when the average overall score of all hosts is below this (0 to 100, higher is safer)."
  type        = number
  default     = 0
}
