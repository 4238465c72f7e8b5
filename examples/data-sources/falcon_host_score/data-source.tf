variable "hostname" {
  description = "The host to look at."
  type        = string
  default     = "WKS-00001"
}

data "falcon_host_score" "host" {
  hostname = var.hostname
}

output "overall" {
  value = data.falcon_host_score.host.overall
}

# The criteria that the host does not meet.
output "unmet" {
  value = [for s in data.falcon_host_score.host.signals : s.name if s.meets_criteria == "no"]
}
