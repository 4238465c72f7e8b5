# The filter that Zscaler calls "Fetch Only Active Directory Domains".
data "falcon_domains" "active_directory" {
  data_sources = ["ACTIVE_DIRECTORY"]
}

# The security assessment of each of them.
data "falcon_domain_assessment" "each" {
  for_each = toset(data.falcon_domains.active_directory.domains)
  domain   = each.value
}

output "levels" {
  value = { for name, assessment in data.falcon_domain_assessment.each : name => assessment.overall_level }
}
