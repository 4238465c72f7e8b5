# Nothing of the users is kept in state or plan.
ephemeral "falcon_user_scores" "administrators" {
  admin    = true
  archived = false
  rows     = "list"
  include  = ["accounts"]
}

check "administrators" {
  assert {
    # Terraform shows no message that holds an ephemeral value: keep it a fixed text.
    condition     = alltrue([for u in ephemeral.falcon_user_scores.administrators.users : u.risk_score <= 0.8 if coalesce(u.enabled, false)])
    error_message = "An administrator with an enabled account has a risk score above 0.8."
  }
}
