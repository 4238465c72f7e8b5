variable "group" {
  description = "Agent ids of the hosts to read."
  type        = list(string)
  default     = []
}

# Fails if a host of this group is below 50. Unlike a check, a postcondition stops the run.
data "falcon_host_scores" "group" {
  agent_ids = var.group

  lifecycle {
    postcondition {
      condition     = coalesce(self.summary.minimum, 100) >= 50
      error_message = "The lowest overall score of the group is ${coalesce(self.summary.minimum, 100)}, below 50."
    }
    postcondition {
      condition     = length(self.not_found) == 0
      error_message = "These hosts have no score: ${join(", ", self.not_found)}."
    }
  }
}
