package falconsim

import (
	"slices"
	"strings"
)

// realClouds are the names of CrowdStrike's clouds (wire/authentication.md#clouds).
var realClouds = []string{"us-1", "us-2", "us-3", "eu-1", "us-gov-1", "us-gov-2", "gov1", "gov2"}

// RealCloud reports whether a region is one of CrowdStrike's own clouds, in any spelling that public clients accept. A client
// may take the region in X-Cs-Region for the tenant's own cloud: falconpy then sends its id and secret to that cloud's address,
// whatever base URL it was configured with.
func RealCloud(region string) bool {
	plain := func(name string) string { return strings.ToLower(strings.ReplaceAll(name, "-", "")) }
	return slices.ContainsFunc(realClouds, func(cloud string) bool { return plain(cloud) == plain(region) })
}
