list "falcon_webhook" "all" {
  provider         = falcon
  include_resource = true
}
