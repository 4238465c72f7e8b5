// Package fusion reads, checks, compares and composes Fusion SOAR workflow
// documents. It does no I/O and knows neither Terraform nor the Falcon API:
// text goes in, answers and problems with their place in the text come out.
//
// A document is kept as a tree in which every value remembers its line and
// column. Two forms are derived from it: what is sent to Falcon (the user's
// values, aliases expanded, keys that the server ignores left out) and the
// normal form, in which two documents that mean the same workflow are the same
// tree. The rules of the normal form are in normal.go.
package fusion
