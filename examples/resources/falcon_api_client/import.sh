# An API client is imported by its client id.
terraform import falcon_api_client.receiver 0123456789abcdef0123456789abcdef
