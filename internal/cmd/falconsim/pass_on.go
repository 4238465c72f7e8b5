package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"
)

// isCrowdStrike reports whether a host is one of CrowdStrike's.
func isCrowdStrike(host string) bool {
	for _, domain := range []string{"crowdstrike.com", "crowdstrike.mil"} {
		if host == domain || strings.HasSuffix(host, "."+domain) {
			return true
		}
	}
	return false
}

// dialTime limits how long it takes to reach another address.
const dialTime = 30 * time.Second

// passOn connects a client to another address, through the proxy that falconsim itself has to use if there is one.
func (i *interceptor) passOn(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), dialTime)
	defer cancel()
	there, err := dial(ctx, r.Host)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	here, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		there.Close() //nolint:errcheck,gosec // nothing was sent
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if _, err := fmt.Fprint(here, "HTTP/1.1 200 Connection established\r\n\r\n"); err == nil {
		copyBoth(here, buffered.Reader, there)
	}
	here.Close()  //nolint:errcheck,gosec // the tunnel has ended
	there.Close() //nolint:errcheck,gosec // the tunnel has ended
}

// copyBoth copies in both directions until one side ends.
func copyBoth(here net.Conn, received io.Reader, there net.Conn) {
	var done sync.WaitGroup
	done.Go(func() {
		io.Copy(there, received) //nolint:errcheck,gosec // the client sees that the tunnel ends
		there.Close()            //nolint:errcheck,gosec // ends the other direction
	})
	done.Go(func() {
		io.Copy(here, there) //nolint:errcheck,gosec // the client sees that the tunnel ends
		here.Close()         //nolint:errcheck,gosec // ends the other direction
	})
	done.Wait()
}

// dial connects to a host and port.
func dial(ctx context.Context, address string) (net.Conn, error) {
	var dialer net.Dialer
	proxy, err := http.ProxyFromEnvironment(&http.Request{URL: &url.URL{Scheme: "https", Host: address}})
	if err != nil || proxy == nil {
		connection, dialErr := dialer.DialContext(ctx, "tcp", address)
		return connection, errors.Join(err, dialErr)
	}
	if proxy.Scheme != "http" {
		return nil, fmt.Errorf("falconsim -intercept cannot use the proxy %s: only proxies with http:// are supported", proxy.Redacted())
	}
	host := proxy.Host
	if proxy.Port() == "" {
		host = net.JoinHostPort(proxy.Hostname(), "80")
	}
	connection, err := dialer.DialContext(ctx, "tcp", host)
	if err != nil {
		return nil, err
	}
	return throughProxy(connection, proxy, address)
}

// throughProxy requests a tunnel from a proxy.
func throughProxy(connection net.Conn, proxy *url.URL, address string) (net.Conn, error) {
	request := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: address}, Host: address, Header: http.Header{}}
	if user := proxy.User; user != nil {
		password, _ := user.Password()
		request.Header.Set("Proxy-Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(user.Username()+":"+password)))
	}
	err := request.Write(connection)
	if err == nil {
		// The server is silent until the client has sent something, so the reader holds nothing after the response.
		var response *http.Response
		response, err = http.ReadResponse(bufio.NewReader(connection), request) //nolint:bodyclose // what follows is the tunnel
		if err == nil && response.StatusCode != http.StatusOK {
			err = fmt.Errorf("the proxy %s returned %s for %s", proxy.Host, response.Status, address)
		}
	}
	if err != nil {
		return nil, errors.Join(err, connection.Close())
	}
	return connection, nil
}

// systemAuthorities are the files in which systems keep the authorities that they trust.
var systemAuthorities = []string{
	"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
	"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/cert.pem",
}

// trustedAuthorities returns the certificates that programs trust without -intercept: those that a variable names, or else the
// system's; none if there is no such file.
func trustedAuthorities() ([]byte, error) {
	for _, name := range authorityVariables {
		if file := os.Getenv(name); file != "" {
			return os.ReadFile(file) //nolint:gosec // the user's own file
		}
	}
	for _, file := range systemAuthorities {
		text, err := os.ReadFile(file) //nolint:gosec // one of a few known files
		if !errors.Is(err, fs.ErrNotExist) {
			return text, err
		}
	}
	return nil, nil
}
