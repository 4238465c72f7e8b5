package falconsim

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// Running is a Server that listens on a loopback address.
type Running struct {
	*Server
	// URL is the base URL, without a slash at the end.
	URL string

	listener *http.Server
	done     chan error
}

// Start serves a new tenant over plain HTTP on a free loopback port.
func Start(opts Options) (*Running, error) { return StartOn(opts, "127.0.0.1:0") }

// StartOn is [Start] on a chosen address. Addresses other than loopback ones are refused, because the console under /_sim
// requires no token.
func StartOn(opts Options, address string) (*Running, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("address %q is not host:port: %w", address, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("address %q is not a loopback address: the simulator is served locally only, because its console requires no password", address)
	}
	server, err := newServer(opts)
	if err != nil {
		return nil, err
	}
	var config net.ListenConfig
	listener, err := config.Listen(context.Background(), "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", address, err)
	}
	running := &Running{
		Server:   server,
		URL:      "http://" + listener.Addr().String(),
		listener: &http.Server{Handler: server, ReadHeaderTimeout: 30 * time.Second},
		done:     make(chan error, 1),
	}
	go func() { running.done <- running.listener.Serve(listener) }()
	return running, nil
}

// Close stops listening and waits for the deliveries in flight. It leaves no goroutine behind.
func (r *Running) Close() error {
	err := r.listener.Close()
	if served := <-r.done; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return errors.Join(err, r.WaitDeliveries(context.Background()))
}
