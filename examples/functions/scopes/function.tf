# The names and check marks of the console's form.
output "scopes" {
  value = provider::falcon::scopes({
    "Hosts"                 = "read"
    "Alerts"                = "read-write"
    "Zero Trust Assessment" = "read"
  })
}
