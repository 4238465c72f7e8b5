package falcon

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
)

// newNetworkError explains why there was no response.
func newNetworkError(ctx context.Context, c call, host string, err error) *Error {
	e := &Error{Doing: c.doing, Host: host, ambiguous: !neverSent(err), token: c.noAuth, secrets: c.secretList}
	if ctx.Err() != nil {
		e.Err = fmt.Errorf("stopped while waiting for the response of %s: %w", host, context.Cause(ctx))
		return e
	}
	var (
		dns     *net.DNSError
		cert    *tls.CertificateVerificationError
		record  tls.RecordHeaderError
		timeout net.Error
	)
	switch {
	case errors.Is(err, errTooLarge), errors.Is(err, errTooMany):
		e.Err = err
	case errors.As(err, &dns) && dns.IsNotFound:
		e.Err = fmt.Errorf("the host name %s does not exist in DNS: %w", dns.Name, err)
	case errors.Is(err, syscall.ECONNREFUSED):
		e.Err = fmt.Errorf("%s refused the connection: %w", host, err)
	case errors.As(err, &cert):
		e.Err = fmt.Errorf("the TLS certificate of %s is not trusted: %w", host, err)
	case errors.As(err, &record):
		e.Err = fmt.Errorf("%s does not support TLS (https): %w", host, err)
	case errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, context.DeadlineExceeded):
		e.Err = fmt.Errorf("%s did not respond in time: %w", host, err)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET):
		e.Err = fmt.Errorf("the connection to %s was closed before the response was complete: %w", host, err)
	default:
		e.Err = fmt.Errorf("no response from %s: %w", host, err)
	}
	return e
}

// neverSent reports whether the request certainly did not reach Falcon: no connection was established.
func neverSent(err error) bool {
	var (
		dns    *net.DNSError
		op     *net.OpError
		cert   *tls.CertificateVerificationError
		record tls.RecordHeaderError
	)
	return errors.As(err, &dns) || errors.As(err, &cert) || errors.As(err, &record) ||
		errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect")
}

// isCertificateError reports a failure that is not retryable.
func isCertificateError(err error) bool {
	var (
		cert   *tls.CertificateVerificationError
		record tls.RecordHeaderError
	)
	return errors.As(err, &cert) || errors.As(err, &record)
}
