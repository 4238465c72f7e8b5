package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// falconHosts are the addresses of Falcon's API with their regions (wire/authentication.md#clouds).
var falconHosts = map[string]string{
	"api.crowdstrike.com": "us-1", "api.us-2.crowdstrike.com": "us-2", "api.us-3.crowdstrike.com": "us-3",
	"api.eu-1.crowdstrike.com": "eu-1", "api.laggar.gcw.crowdstrike.com": "us-gov-1", "api.us-gov-2.crowdstrike.mil": "us-gov-2",
}

// interceptor is an HTTPS proxy on a loopback address that connects clients to the tenant instead of Falcon's own addresses. It
// is for clients with a fixed address, such as gofalcon's examples. CrowdStrike's other addresses are refused. Those of others,
// such as the module proxy that go run needs, are passed on unchanged.
type interceptor struct {
	url       string
	authority string // path of the certificates that clients have to trust: that of the tenant's authority, and the system's

	proxy, tenant *http.Server
	tunnels       *tunnels
	done          chan error
}

// startInterceptor starts a proxy that serves Falcon's addresses with the handler.
func startInterceptor(ctx context.Context, handler http.Handler) (*interceptor, error) {
	certificate, authority, err := newCertificate()
	if err != nil {
		return nil, err
	}
	directory, err := os.MkdirTemp("", "falconsim")
	if err != nil {
		return nil, err
	}
	i := &interceptor{authority: filepath.Join(directory, "authority.pem"), done: make(chan error, 2)}
	others, err := trustedAuthorities()
	if err == nil {
		err = os.WriteFile(i.authority, slices.Concat(authority, []byte("\n"), others), 0o600)
	}
	if err == nil {
		err = i.listen(ctx, handler, certificate)
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(directory))
	}
	return i, nil
}

func (i *interceptor) listen(ctx context.Context, handler http.Handler, certificate tls.Certificate) error {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	i.url = "http://" + listener.Addr().String()
	i.tunnels = &tunnels{address: listener.Addr(), waiting: make(chan net.Conn), closed: make(chan struct{})}
	i.proxy = &http.Server{Handler: http.HandlerFunc(i.connect), ReadHeaderTimeout: 30 * time.Second}
	i.tenant = &http.Server{Handler: inRegion(handler), ReadHeaderTimeout: 30 * time.Second}
	settings := &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	go func() { i.done <- i.proxy.Serve(listener) }()
	go func() { i.done <- i.tenant.Serve(tls.NewListener(i.tunnels, settings)) }()
	return nil
}

// connect opens a tunnel to the tenant, or to the address of someone else than CrowdStrike.
func (i *interceptor) connect(w http.ResponseWriter, r *http.Request) {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	_, known := falconHosts[host]
	switch {
	case r.Method != http.MethodConnect || isCrowdStrike(host) && !known:
		http.Error(w, fmt.Sprintf("falconsim -intercept responds to HTTPS requests to Falcon's API addresses, not to %s %s", r.Method, r.Host), http.StatusForbidden)
		return
	case !known:
		i.passOn(w, r)
		return
	}
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if _, err := fmt.Fprint(connection, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		connection.Close() //nolint:errcheck,gosec // the client is gone
		return
	}
	i.tunnels.hand(connection)
}

// Close ends the proxy and every tunnel, and removes the authority's file.
func (i *interceptor) Close() error {
	err := errors.Join(i.proxy.Close(), i.tenant.Close(), os.RemoveAll(filepath.Dir(i.authority)))
	for range 2 {
		if served := <-i.done; !errors.Is(served, http.ErrServerClosed) {
			err = errors.Join(err, served)
		}
	}
	return err
}

// authorityVariables name a file with the authorities that a program trusts.
var authorityVariables = []string{"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"}

// environment returns the variables that make programs use the proxy and trust its authority. Go reads SSL_CERT_FILE on Linux
// only.
func (i *interceptor) environment() []string {
	var env []string
	for _, name := range []string{"HTTPS_PROXY", "https_proxy"} {
		env = append(env, name+"="+i.url)
	}
	for _, name := range authorityVariables {
		env = append(env, name+"="+i.authority)
	}
	return env
}

// tunnels is a listener whose connections come from the proxy.
type tunnels struct {
	address net.Addr
	waiting chan net.Conn
	closed  chan struct{}
}

func (t *tunnels) hand(connection net.Conn) {
	select {
	case t.waiting <- connection:
	case <-t.closed:
		connection.Close() //nolint:errcheck,gosec // the server no longer accepts connections
	}
}

// Accept waits for the next tunnel.
func (t *tunnels) Accept() (net.Conn, error) {
	select {
	case connection := <-t.waiting:
		return connection, nil
	case <-t.closed:
		return nil, net.ErrClosed
	}
}

// Close makes Accept return. The server that owns the listener calls it once.
func (t *tunnels) Close() error {
	close(t.closed)
	return nil
}

// Addr is the proxy's address.
func (t *tunnels) Addr() net.Addr { return t.address }

// inRegion sets the region in responses to that of the requested address: the client's tenant is in that region.
func inRegion(handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler.ServeHTTP(&regionWriter{w, falconHosts[r.Host]}, r)
	})
}

type regionWriter struct {
	http.ResponseWriter
	region string
}

// WriteHeader sets the region before the headers are sent.
func (w *regionWriter) WriteHeader(status int) {
	if w.region != "" && w.Header().Get("X-Cs-Region") != "" && status != http.StatusPermanentRedirect {
		w.Header().Set("X-Cs-Region", w.region)
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets a handler flush.
func (w *regionWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
