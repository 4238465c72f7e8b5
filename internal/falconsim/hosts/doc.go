// Package hosts has the hosts of a simulated tenant with their Zero Trust Assessment: how they are seeded, changed, filtered,
// and listed by score, and the form in which the API shows them.
//
// The HTTP operations are in package falconsim: hosts.go and assessments.go.
package hosts
