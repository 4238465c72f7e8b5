# A webhook configuration is imported by its config id.
terraform import falcon_webhook.receiver 0123456789abcdef0123456789abcdef
