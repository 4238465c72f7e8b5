output "documented" {
  value = provider::falcon::integration_scopes("cortex_xsoar")
}

# With scopes that the receiver's page leaves out although its commands need them.
output "recommended" {
  value = provider::falcon::integration_scopes("cortex_xsoar", "recommended")
}
