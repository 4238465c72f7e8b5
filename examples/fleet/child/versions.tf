terraform {
  required_version = ">= 1.11"

  required_providers {
    falcon = {
      source  = "falcon-integrations/falcon"
      version = "~> 0.1"
    }
  }
}
