# The users that Netskope User Risk Exchange reads: not archived, with an email address, the first of which counts.
data "falcon_user_scores" "netskope" {
  archived      = false
  require_email = true
  rows          = "json"
  limit         = 0 # all
}

locals {
  # Falcon gives some users no score: Netskope skips them.
  scored = [for u in jsondecode(data.falcon_user_scores.netskope.rows_json) : u if u.netskope_score != null]

  # Of several users with the same address, the least safe score.
  netskope_scores = { for email, scores in { for u in local.scored : u.email => u.netskope_score... } : email => min(scores...) }
}

output "least_safe" {
  value = length(local.netskope_scores) == 0 ? null : min(values(local.netskope_scores)...)
}

output "left_out" {
  value = data.falcon_user_scores.netskope.summary.without_email
}
