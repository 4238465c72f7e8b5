package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

// hmacVariable carries the HMAC secret to Terraform and to the receiver.
const hmacVariable = "TF_VAR_hmac_secret"

// delivery is a request that the receiver got, and whether its signature is valid.
type delivery struct {
	Path     string          `json:"path"`
	At       time.Time       `json:"at"`
	Verified bool            `json:"verified"`
	Body     json.RawMessage `json:"body"`
}

// receiver is a stand-in for Zscaler: it verifies and stores requests to /hook, and shows them at /deliveries. Requests to
// /plain need no signature.
type receiver struct {
	secret string
	mu     sync.Mutex
	got    []delivery
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	switch {
	case req.Method == http.MethodPost && (req.URL.Path == "/hook" || req.URL.Path == "/plain"):
		r.take(w, req)
	case req.Method == http.MethodGet && req.URL.Path == "/deliveries":
		r.mu.Lock()
		defer r.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(r.got); err != nil {
			fmt.Fprintln(os.Stderr, "receiver:", err)
		}
	default:
		http.NotFound(w, req)
	}
}

func (r *receiver) take(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, 1<<20))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	verified := r.verify(body, req.Header.Get("X-Cs-Delivery-Timestamp"), req.Header.Get("X-Cs-Primary-Signature"))
	d := delivery{Path: req.URL.Path, At: time.Now(), Verified: verified, Body: body}
	if !json.Valid(body) {
		d.Body = nil
	}
	r.mu.Lock()
	r.got = append(r.got, d)
	r.mu.Unlock()
	if !verified && req.URL.Path == "/hook" {
		http.Error(w, "signature does not match", http.StatusUnauthorized)
		return
	}
	w.WriteHeader(http.StatusAccepted)
}

// verify checks base64(HMAC-SHA256(secret, body || timestamp)), as public receivers do (wire/webhooks.md#deliveries).
func (r *receiver) verify(body []byte, timestamp, signature string) bool {
	mac := hmac.New(sha256.New, []byte(r.secret))
	mac.Write(body)
	mac.Write([]byte(timestamp))
	got, err := base64.StdEncoding.DecodeString(signature)
	return err == nil && hmac.Equal(got, mac.Sum(nil))
}

// serveReceiver serves until the context ends, and writes its address to a file.
func serveReceiver(ctx context.Context, addressFile, secret string) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if err := writeWhole(addressFile, "base_url=http://"+listener.Addr().String()+"\n"); err != nil {
		return err
	}
	server := &http.Server{Handler: &receiver{secret: secret}, ReadHeaderTimeout: 5 * time.Second}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		stopped <- server.Shutdown(limit)
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}
