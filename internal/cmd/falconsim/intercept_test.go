package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// A client with one of Falcon's addresses reaches the tenant, in the region of that address. CrowdStrike's other addresses are
// refused, and those of others are passed on.
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
	other := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	defer other.Close()
	roots.AddCert(other.Certificate())
	if response, err := post(other.URL); err != nil || response.StatusCode != http.StatusTeapot || response.Body.Close() != nil {
		t.Errorf("an address of someone else: %v", err)
	}
	response, err := post("https://falcon.us-2.crowdstrike.com")
	if err == nil {
		err = response.Body.Close()
	}
	if err == nil || !strings.Contains(err.Error(), "Forbidden") {
		t.Errorf("another address of CrowdStrike: %v", err)
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

// If falconsim itself has to use a proxy, other addresses are reached through it.
func TestThroughProxy(t *testing.T) {
	t.Parallel()
	for status, wanted := range map[int]string{http.StatusOK: "", http.StatusForbidden: "403"} {
		here, there := net.Pipe()
		go func() {
			defer there.Close() //nolint:errcheck // the test checks what was received
			request, err := http.ReadRequest(bufio.NewReader(there))
			if err != nil || request.Method != http.MethodConnect || request.Host != "proxy.golang.org:443" || request.Header.Get("Proxy-Authorization") != "Basic dTpw" {
				t.Errorf("request %v, %v", request, err)
			}
			fmt.Fprintf(there, "HTTP/1.1 %d x\r\n\r\n", status)
		}()
		connection, err := throughProxy(here, &url.URL{Scheme: "http", Host: "proxy", User: url.UserPassword("u", "p")}, "proxy.golang.org:443")
		if (connection != nil) != (wanted == "") || err != nil && !strings.Contains(err.Error(), wanted) {
			t.Errorf("status %d: %v", status, err)
		}
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
