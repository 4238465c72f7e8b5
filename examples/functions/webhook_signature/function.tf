# The value that the receiver has to find in the signature header of this delivery.
output "signature" {
  value = provider::falcon::webhook_signature(
    "an example of a key of 32 letters",
    "2026-01-31T12:00:00Z",
    jsonencode({ data = {}, meta = {} }),
  )
}
