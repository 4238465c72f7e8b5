# Generated in the first apply, and kept in state. A higher version replaces it.
resource "terraform_data" "hmac_key" {
  store {
    input     = "${uuid()}${uuid()}"
    sensitive = true
    version   = 1
  }
}

resource "falcon_webhook" "receiver" {
  name           = "Receiver"
  url            = "https://receiver.example/falcon"
  hmac_secret_wo = terraform_data.hmac_key.store.sensitive_output
}

# For the receiving product: terraform output -raw hmac_key
output "hmac_key" {
  value     = terraform_data.hmac_key.store.sensitive_output
  sensitive = true
}
