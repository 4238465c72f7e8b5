data "falcon_host_score_summary" "tenant" {}

output "average_by_platform" {
  value = { for p in data.falcon_host_score_summary.tenant.platforms : p.name => p.average_overall }
}
