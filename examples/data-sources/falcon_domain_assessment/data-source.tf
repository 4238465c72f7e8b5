data "falcon_domain_assessment" "corp" {
  domain = "CORP.EXAMPLE.COM"
}

check "assessment" {
  assert {
    condition     = data.falcon_domain_assessment.corp.overall_score <= 0.5
    error_message = "The assessment of CORP.EXAMPLE.COM is ${data.falcon_domain_assessment.corp.overall_score}, above 0.5."
  }
}

# What to fix first.
output "severe" {
  value = {
    for f in data.falcon_domain_assessment.corp.factors : f.label => f.recommendations[*].text if f.severity == "HIGH"
  }
}
