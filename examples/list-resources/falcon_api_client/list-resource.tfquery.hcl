# terraform query lists what there is; terraform query -generate-config-out=adopted.tf writes it down, with import blocks.
list "falcon_api_client" "zscaler" {
  provider         = falcon
  include_resource = true

  config {
    name_contains = "zscaler"
  }
}
