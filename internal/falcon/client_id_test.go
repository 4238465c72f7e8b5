package falcon

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const (
	anID     = "0123456789abcdef0123456789ABCDEF"
	aSecret  = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hI6kL9n"
	shortOne = "pass-word-1"
)

// With id and secret swapped, no request is sent, and the secret is in no text.
func TestSwappedCredentials(t *testing.T) {
	t.Parallel()
	for name, cred := range map[string]credentials{
		"swapped":                      {clientID: aSecret, clientSecret: anID},
		"the secret twice":             {clientID: aSecret, clientSecret: aSecret},
		"swapped with a short secret":  {clientID: shortOne, clientSecret: anID},
		"an id with another character": {clientID: anID + "x", clientSecret: aSecret},
	} {
		cfg := Config{ClientID: cred.clientID, ClientSecret: cred.clientSecret, Cloud: "us-1"}
		_, err := New(t.Context(), cfg)
		if !errors.Is(err, ErrSwapped) {
			t.Errorf("%s: New returned %v", name, err)
			continue
		}
		if text := err.Error() + cfg.String(); strings.Contains(text, cred.clientID) {
			t.Errorf("%s: the value is in %q", name, text)
		}
	}
	for name, cred := range map[string]credentials{
		"right":           {clientID: anID, clientSecret: aSecret},
		"an id twice":     {clientID: anID, clientSecret: anID},
		"unknown form":    {clientID: "id-1", clientSecret: aSecret},
		"an id in spaces": {clientID: " " + anID, clientSecret: aSecret},
	} {
		if err := CheckCredentials(cred.clientID, cred.clientSecret); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A client id that does not have the form of one may be a secret: neither Falcon's message nor ours shows it.
func TestClientIDNotShown(t *testing.T) {
	t.Parallel()
	respond := func(status int, message, id string) *httptest.Server {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			reply(w, status, `{"errors":[{"code":0,"message":"`+strings.ReplaceAll(message, "=ID", "="+id)+`"}]}`)
		}))
		t.Cleanup(server.Close)
		return server
	}
	for _, id := range []string{shortOne, "hunter2", "x", anID} {
		for status, message := range map[int]string{
			http.StatusBadRequest: "Failed to generate access token for clientID=ID.", http.StatusForbidden: "access denied, authorization of clientID=ID failed",
			http.StatusInternalServerError: "clientID=ID",
		} {
			c, err := New(t.Context(), Config{ClientID: id, ClientSecret: aSecret, BaseURL: respond(status, message, id).URL})
			if err != nil {
				t.Fatal(err)
			}
			err = c.Authenticate(t.Context())
			if err == nil {
				t.Fatal("no error")
			}
			if shown := strings.Contains(err.Error(), "="+id) || strings.Contains(err.Error(), `"`+id+`"`); shown != (id == anID) {
				t.Errorf("client id %q, status %d: %v", id, status, err)
			}
		}
	}
}
