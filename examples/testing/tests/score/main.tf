# Changes the overall score of the first host, as a new assessment would.

variable "overall" {
  type = number
}

module "hosts" {
  source = "../console"
  path   = "/hosts"
}

module "change" {
  source = "../console"
  method = "POST"
  path   = "/hosts/${module.hosts.response[0].agent_id}/score"
  body   = { overall = var.overall }
}
