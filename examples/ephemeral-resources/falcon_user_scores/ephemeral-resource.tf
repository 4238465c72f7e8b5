# Neither state nor plan contains the users.
ephemeral "falcon_user_scores" "administrators" {
  admin    = true
  archived = false
  rows     = "list"
  include  = ["accounts"]
}

check "administrators" {
  assert {
    # Terraform does not print a message that contains an ephemeral value, so this text is fixed.
    condition     = alltrue([for u in ephemeral.falcon_user_scores.administrators.users : coalesce(u.risk_score, 0) <= 0.8 if coalesce(u.enabled, false)])
    error_message = "An administrator with an enabled account has a risk score above 0.8."
  }
}
