variable "recipient" {
  description = "age or ssh public key of whoever enters the secret in the other product. Nobody holds the private key of the default: give your own."
  type        = string
  default     = "age1gupf2p2k5p90p88etz0vkdp43484zzjpgf9qkgq0aat28fwczdwsf3wa95"
}

resource "falcon_api_client" "sealed" {
  name             = "Risk dashboard, sealed"
  description      = "Its secret is in no state file."
  scopes           = ["devices:read"]
  secret_recipient = var.recipient
}

# terraform output -raw sealed_secret | age --decrypt --identity key.txt
output "sealed_secret" {
  value = falcon_api_client.sealed.encrypted_client_secret
}
