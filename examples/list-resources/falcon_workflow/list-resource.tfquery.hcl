# Without a limit, Terraform lists 100 objects.
list "falcon_workflow" "enabled" {
  provider         = falcon
  include_resource = true
  limit            = 500

  config {
    enabled = true
  }
}
