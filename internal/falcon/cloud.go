package falcon

import (
	"errors"
	"net"
	"net/url"
	"slices"
	"strings"
)

const autodiscover = "autodiscover"

// clouds are Falcon's API hosts (wire/authentication.md#clouds).
var clouds = []struct{ name, url string }{
	{"us-1", "https://api.crowdstrike.com"},
	{"us-2", "https://api.us-2.crowdstrike.com"},
	{"us-3", "https://api.us-3.crowdstrike.com"},
	{"eu-1", "https://api.eu-1.crowdstrike.com"},
	{"us-gov-1", "https://api.laggar.gcw.crowdstrike.com"},
	{"us-gov-2", "https://api.us-gov-2.crowdstrike.mil"},
}

// Clouds lists the names that [Config.Cloud] accepts, without "autodiscover".
func Clouds() []string {
	names := make([]string, len(clouds))
	for i, c := range clouds {
		names[i] = c.name
	}
	return names
}

// CloudURL is the base URL of a cloud; false when there is no such cloud.
func CloudURL(cloud string) (string, bool) {
	for _, c := range clouds {
		if c.name == cloud {
			return c.url, true
		}
	}
	return "", false
}

// cloudOf is the cloud with this base URL, or "".
func cloudOf(baseURL string) string {
	i := slices.IndexFunc(clouds, func(c struct{ name, url string }) bool { return c.url == baseURL })
	if i < 0 {
		return ""
	}
	return clouds[i].name
}

// ValidateBaseURL refuses what cannot be the base URL of a Falcon API: it must be https, or http on a loopback
// address, without path, query, fragment or user.
func ValidateBaseURL(raw string) error {
	_, err := parseBaseURL(raw)
	return err
}

func parseBaseURL(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Scheme == "" || u.Hostname() == "":
		return nil, errors.New("the base URL must be a complete address such as https://api.us-2.crowdstrike.com")
	case u.User != nil:
		return nil, errors.New("the base URL must not contain a user or password")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return nil, errors.New("the base URL must be https; http is accepted for a loopback address only")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("the base URL must begin with https://")
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.Opaque != "":
		return nil, errors.New("the base URL must be scheme and host only, without a path, query or fragment")
	}
	return &url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host)}, nil
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
