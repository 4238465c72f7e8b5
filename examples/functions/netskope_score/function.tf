# 710
output "netskope_score" {
  value = provider::falcon::netskope_score(0.29)
}
