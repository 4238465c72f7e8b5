# terraform query lists existing objects. terraform query -generate-config-out=adopted.tf writes their configuration, with import blocks.
list "falcon_api_client" "zscaler" {
  provider         = falcon
  include_resource = true

  config {
    name_contains = "zscaler"
  }
}
