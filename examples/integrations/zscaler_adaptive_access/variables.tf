variable "name" {
  description = "Name of the API client and of the webhook configuration, and start of the names of the three workflows."
  type        = string
  default     = "Zscaler Adaptive Access"
}

variable "webhook_url" {
  description = "The Webhook URL that Zscaler shows after you enter the Base URL there."
  type        = string
}

variable "hmac_secret" {
  description = "The HMAC secret, at least 32 characters: the Shared Secret at Zscaler. Needed to create the webhook configuration. Null leaves the key of an existing configuration alone."
  type        = string
  sensitive   = true
  ephemeral   = true # Without this line, every saved plan contains the secret in plain text.
  default     = null # A plan of existing objects, a drift pipeline and a destroy run without the secret.
}

variable "hmac_secret_version" {
  description = "The hmac_secret_wo_version of the webhook configuration. Needed only to send hmac_secret after an existing configuration was adopted: the plan's warning names the number."
  type        = number
  default     = null
}

variable "webhook_config_id" {
  description = "Id of an existing webhook configuration to adopt. Needed where Falcon does not show the names of configurations, or where two have the same name."
  type        = string
  default     = null
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

variable "case_fields" {
  description = "The data to include with a new or updated case. You decide which data leaves your company."
  type        = list(string)
  default     = ["Trigger.CID", "Trigger.SourceEventID", "Trigger.SourceEventURL"]
}

variable "minimum_average_score" {
  description = "The check warns when the average overall score of all hosts is below this value (0 to 100, higher is safer)."
  type        = number
  default     = 0
}
