terraform {
  required_providers {
    falcon = {
      source  = "falcon-integrations/falcon"
      version = "~> 0.1"
    }
  }
}

# The provider reads id and secret from FALCON_CLIENT_ID and FALCON_CLIENT_SECRET.
provider "falcon" {
  cloud = "us-2"
}
