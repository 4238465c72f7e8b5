terraform {
  required_providers {
    falcon = {
      source = "falcon-integrations/falcon"
    }
  }
}

# Id and secret come from FALCON_CLIENT_ID and FALCON_CLIENT_SECRET.
provider "falcon" {
  cloud = "us-2"
}
