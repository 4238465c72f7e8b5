# Terraform lists 100 objects unless a limit says otherwise.
list "falcon_workflow" "enabled" {
  provider         = falcon
  include_resource = true
  limit            = 500

  config {
    enabled = true
  }
}
