package falconsim

import (
	"net/http"
	"testing"
)

// By default no response names a real cloud: clients such as falconpy would send the credentials there.
func TestNoRealCloudByDefault(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{"us-1": true, "us1": true, "EU-1": true, "us-gov-1": true, "sim-1": false, "sim-2": false, "": false} {
		if RealCloud(name) != want {
			t.Errorf("%q: want %v", name, want)
		}
	}
	tenants := map[string]Options{"usual": {}, "redirecting": {Redirect: "https://home.example"}}
	for name, opts := range tenants {
		c := &testClient{t: t, server: New(opts)}
		form := map[string][]string{"client_id": {c.server.ClientID()}, "client_secret": {c.server.ClientSecret()}}
		for target, got := range map[string]apiResponse{
			"token": c.requestToken(form), "refused token": c.requestToken(nil), "call": c.call(http.MethodGet, ccidPath, ""),
			"unknown path": c.call(http.MethodGet, "/nowhere", ""), "GraphQL": c.call(http.MethodPost, graphqlPath, "{}"),
		} {
			if region := got.header.Get("X-Cs-Region"); region == "" || RealCloud(region) {
				t.Errorf("%s, %s: the region is %q", name, target, region)
			}
		}
	}
}
