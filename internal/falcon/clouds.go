package falcon

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
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

// Clouds lists the values that [Config.Cloud] accepts, without "autodiscover".
func Clouds() []string {
	names := make([]string, len(clouds))
	for i, c := range clouds {
		names[i] = c.name
	}
	return names
}

// CloudURL is the base URL of a cloud, and false if the cloud is unknown.
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

// ValidateBaseURL returns an error for a URL that cannot be the base URL of a Falcon API: it must be https, or http on a
// loopback address, without path, query, fragment or user.
func ValidateBaseURL(raw string) error {
	_, err := parseBaseURL(raw)
	return err
}

func parseBaseURL(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Scheme == "" || !ValidHost(u.Hostname()):
		return nil, errors.New("the base URL must be a complete URL such as https://api.us-2.crowdstrike.com")
	case u.User != nil:
		return nil, errors.New("the base URL must not contain a user or password")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return nil, errors.New("the base URL must be https; http is accepted only for a loopback address")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("the base URL must start with https://")
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.Opaque != "":
		return nil, errors.New("the base URL must consist of scheme and host only, without a path, query or fragment")
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

// discover detects the client's home cloud: us-1 responds to the token request with X-Cs-Region, in a 201 or in a 308
// (wire/authentication.md#clouds). It uses our transport, which gofalcon's own discovery does not.
func discover(ctx context.Context, cfg Config) (*Client, error) {
	base, _ := cfg.cloudURL("us-1")
	first := newClient(cfg, base)
	start := first.clock.now()
	tok, region, err := requestToken(ctx, first.oauth2, cfg.credentials())
	var e *Error
	switch {
	case err == nil && (region == "" || region == "us-1"):
		first.cloud = "us-1"
		first.transport.tokens.keep(tok, start)
		return first, nil
	case errors.As(err, &e) && e.isRedirect() && e.Region != "":
		region = e.Region
	case errors.As(err, &e) && (e.Status == http.StatusBadRequest || e.Status == http.StatusForbidden):
		e.hint += " The cloud is detected by asking us-1, which knows only the commercial clouds: " +
			"for a government cloud, set cloud."
		return nil, e
	case err != nil:
		return nil, err
	}
	base, ok := cfg.cloudURL(region)
	if !ok {
		return nil, fmt.Errorf("Falcon reports that the API client belongs to the region %q, which this provider does not know: "+
			"set base_url", region)
	}
	home := newClient(cfg, base)
	home.cloud = region
	if tok.value == "" {
		return home, nil
	}
	// A token of the wrong cloud is useless. A failure to revoke it is not a reason to stop: it expires.
	if err := revokeToken(ctx, home.oauth2, cfg.credentials(), tok.value); err != nil && cfg.Log != nil {
		cfg.Log(ctx, "The token of the cloud autodiscovery was not revoked", map[string]any{"error": err.Error()})
	}
	return home, nil
}
