variable "minimum_average" {
  description = "Plan and apply warn when the average overall score is below this value."
  type        = number
  default     = 50
}

# The summary of all hosts.
data "falcon_host_scores" "all" {}

check "average_score" {
  assert {
    condition     = data.falcon_host_scores.all.matched == 0 || data.falcon_host_scores.all.summary.average >= var.minimum_average
    error_message = "The average overall score of the hosts is below ${var.minimum_average}."
  }
}

# The ten least safe hosts with their component scores.
data "falcon_host_scores" "worst" {
  max_score = 40
  rows      = "list"
  limit     = 10
  detail    = true
}

output "worst" {
  value = { for h in data.falcon_host_scores.worst.hosts : h.agent_id => h.overall }
}
