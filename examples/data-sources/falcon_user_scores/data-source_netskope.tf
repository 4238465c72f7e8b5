# What Netskope User Risk Exchange takes: users that still exist and have an e-mail address, of which the first counts.
data "falcon_user_scores" "netskope" {
  archived      = false
  require_email = true
  rows          = "json"
  limit         = 0 # all
}

locals {
  # Of several users with one address, the least safe score.
  netskope_scores = {
    for email, scores in { for u in jsondecode(data.falcon_user_scores.netskope.rows_json) : u.email => u.netskope_score... } : email => min(scores...)
  }
}

output "least_safe" {
  value = length(local.netskope_scores) == 0 ? null : min(values(local.netskope_scores)...)
}

output "left_out" {
  value = data.falcon_user_scores.netskope.summary.without_email
}
