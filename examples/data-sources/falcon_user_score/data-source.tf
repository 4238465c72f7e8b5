# By the name of an account. To find a user by email address, set email instead.
data "falcon_user_score" "administrator" {
  sam_account_name = "Administrator"
  domain           = "corp.example.com"
}

output "administrator" {
  value = {
    risk_score     = data.falcon_user_score.administrator.risk_score     # 0 to 1, higher is riskier
    netskope_score = data.falcon_user_score.administrator.netskope_score # 0 to 1000, higher is safer
    severity       = data.falcon_user_score.administrator.severity
    risks          = data.falcon_user_score.administrator.risk_factors[*].type
  }
}
