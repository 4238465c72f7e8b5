# Nothing of the hosts is kept in state or plan.
ephemeral "falcon_host_scores" "servers" {
  max_score = 49
  rows      = "list"
  detail    = true
}

check "servers" {
  assert {
    # Terraform shows no message that holds an ephemeral value: keep it a fixed text.
    condition     = length([for h in ephemeral.falcon_host_scores.servers.hosts : h if h.product_type == "Server"]) == 0
    error_message = "A server has an overall score below 50."
  }
}
