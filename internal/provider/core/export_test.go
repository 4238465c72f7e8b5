package core

// CheckCIDOrBaseURL is for tests outside the package.
var CheckCIDOrBaseURL = checkCIDOrBaseURL
