package falcon

// Clouds lists the names that [Config.Cloud] accepts, without "autodiscover".
func Clouds() []string { return nil }

// CloudURL is the base URL of a cloud; false when there is no such cloud.
func CloudURL(cloud string) (string, bool) { return "", false }

// ValidateBaseURL refuses what cannot be the base URL of a Falcon API: it must be https, or http on a loopback
// address, without path, query, fragment or user.
func ValidateBaseURL(raw string) error { return errUnbuilt }
