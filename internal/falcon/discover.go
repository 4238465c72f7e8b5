package falcon

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// discover finds the client's home cloud: the token call to us-1 answers with X-Cs-Region, in a 201 or in a 308
// (wire/authentication.md#clouds). It goes through our transport; gofalcon's own discovery does not.
func discover(ctx context.Context, cfg Config) (*Client, error) {
	base, _ := cfg.cloudURL("us-1")
	first := newClient(cfg, base)
	start := first.clock.now()
	tok, region, err := takeToken(ctx, first.oauth2, cfg.credentials())
	var e *Error
	switch {
	case err == nil && (region == "" || region == "us-1"):
		first.cloud = "us-1"
		first.sent.tokens.keep(tok, start)
		return first, nil
	case errors.As(err, &e) && e.isRedirect() && e.Region != "":
		region = e.Region
	case errors.As(err, &e) && (e.Status == http.StatusBadRequest || e.Status == http.StatusForbidden):
		e.hint += " The cloud was to be found by asking us-1, which knows the commercial clouds only: " +
			"for a government cloud set cloud."
		return nil, e
	case err != nil:
		return nil, err
	}
	base, ok := cfg.cloudURL(region)
	if !ok {
		return nil, fmt.Errorf("Falcon says that the API client belongs to the region %q, which this provider does not know: "+
			"set base_url", region)
	}
	home := newClient(cfg, base)
	home.cloud = region
	if tok.value == "" {
		return home, nil
	}
	// A token of the wrong cloud is of no use. That it cannot be revoked is no reason to stop: it ends by itself.
	if err := revokeToken(ctx, home.oauth2, cfg.credentials(), tok.value); err != nil && cfg.Log != nil {
		cfg.Log(ctx, "The token of the cloud discovery was not revoked", map[string]any{"error": err.Error()})
	}
	return home, nil
}
