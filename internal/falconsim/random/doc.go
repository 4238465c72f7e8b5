// Package random returns repeatable values for seeded objects: the same seed results in the same tenant.
package random
