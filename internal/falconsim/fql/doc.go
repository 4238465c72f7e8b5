// Package fql parses filters in the Falcon Query Language and matches them against the properties of items.
//
// Which properties an operation has, and which operators they support, is decided by the callers: they pass a [Matcher] for each
// property.
package fql
