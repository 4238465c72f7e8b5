output "documented" {
  value = provider::falcon::integration_scopes("cortex_xsoar")
}

# With what the receiver's page leaves out although its commands need it.
output "recommended" {
  value = provider::falcon::integration_scopes("cortex_xsoar", "recommended")
}
