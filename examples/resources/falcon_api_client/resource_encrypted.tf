variable "recipient" {
  description = "Public age or SSH key of the person who enters the secret in the receiving product. No one has the private key of the default: use your own key."
  type        = string
  default     = "age1gupf2p2k5p90p88etz0vkdp43484zzjpgf9qkgq0aat28fwczdwsf3wa95"
}

resource "falcon_api_client" "sealed" {
  name             = "Risk dashboard, sealed"
  description      = "Its secret is not in state in plain text."
  scopes           = ["devices:read"]
  secret_recipient = var.recipient
}

# terraform output -raw sealed_secret | age --decrypt --identity key.txt
output "sealed_secret" {
  value = falcon_api_client.sealed.encrypted_client_secret
}
