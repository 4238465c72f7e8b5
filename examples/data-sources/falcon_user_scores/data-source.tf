# The summary of all users that are not archived: one request, however many users there are.
data "falcon_user_scores" "all" {
  archived = false
}

output "by_severity" {
  value = data.falcon_user_scores.all.summary.by_severity
}

# Warns about administrators above 0.8. Scores have two decimals.
data "falcon_user_scores" "risky_administrators" {
  admin     = true
  archived  = false
  min_score = 0.81
}

check "administrators" {
  assert {
    condition     = data.falcon_user_scores.risky_administrators.matched == 0
    error_message = "${data.falcon_user_scores.risky_administrators.matched} administrators have a risk score above 0.8."
  }
}

# The ten riskiest users of one domain, with the reasons.
data "falcon_user_scores" "riskiest" {
  domains  = ["CORP.EXAMPLE.COM"]
  archived = false
  rows     = "list"
  sort     = "score|desc"
  limit    = 10
  include  = ["risk_factors"]
}

output "riskiest" {
  value     = { for u in data.falcon_user_scores.riskiest.users : u.secondary_display_name => u.risk_factors[*].type }
  sensitive = true # names of users
}
