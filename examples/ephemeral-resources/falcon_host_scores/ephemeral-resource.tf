# Neither state nor plan contains the hosts.
ephemeral "falcon_host_scores" "servers" {
  max_score = 49
  rows      = "list"
  detail    = true
}

check "servers" {
  assert {
    # Terraform does not print a message that contains an ephemeral value, so this text is fixed.
    condition     = length([for h in ephemeral.falcon_host_scores.servers.hosts : h if h.product_type == "Server"]) == 0
    error_message = "A server has an overall score below 50."
  }
}
