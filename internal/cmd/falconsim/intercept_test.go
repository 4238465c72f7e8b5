package main

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// A client with one of Falcon's addresses reaches the tenant, in the region of that address. Other addresses are refused.
func TestIntercept(t *testing.T) {
	t.Parallel()
	tenant := falconsim.New(falconsim.Options{})
	proxy, err := startInterceptor(t.Context(), tenant)
	if err != nil {
		t.Fatal(err)
	}
	authority, err := os.ReadFile(proxy.authority)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(authority) {
		t.Fatal("the authority is not a certificate")
	}
	address, err := url.Parse(proxy.url)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{Proxy: http.ProxyURL(address), TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	client := &http.Client{Transport: transport}
	post := func(host string) (*http.Response, error) {
		form := url.Values{"client_id": {tenant.ClientID()}, "client_secret": {tenant.ClientSecret()}}
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, host+"/oauth2/token", strings.NewReader(form.Encode()))
		if err != nil {
			return nil, err
		}
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return client.Do(request)
	}
	for host, region := range falconHosts {
		response, err := post("https://" + host)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			t.Error(err)
		}
		if err := response.Body.Close(); err != nil {
			t.Error(err)
		}
		if response.StatusCode != http.StatusCreated || response.Header.Get("X-Cs-Region") != region {
			t.Errorf("%s: %d in %s", host, response.StatusCode, response.Header.Get("X-Cs-Region"))
		}
	}
	response, err := post("https://example.com")
	if err == nil {
		err = response.Body.Close()
	}
	if err == nil || !strings.Contains(err.Error(), "Forbidden") {
		t.Errorf("another address: %v", err)
	}
	if response, err := post("http://api.crowdstrike.com"); err != nil || response.StatusCode != http.StatusForbidden || response.Body.Close() != nil {
		t.Errorf("plain HTTP: %v", err)
	}
	transport.CloseIdleConnections()
	if err := proxy.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(proxy.authority); !os.IsNotExist(err) {
		t.Errorf("the authority's file still exists: %v", err)
	}
}

// With the command's environment, a client with a fixed address reaches the tenant.
func TestInterceptEnvironment(t *testing.T) {
	t.Setenv(helperVariable, "0")
	var out strings.Builder
	if err := run(t.Context(), []string{"-intercept", os.Args[0], fixedAddress}, nil, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "signed in true [fixed-address]") {
		t.Errorf("output %q", out.String())
	}
}
