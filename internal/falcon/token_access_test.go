package falcon

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// tokenOffice issues tokens and revokes them.
type tokenOffice struct {
	mu      sync.Mutex
	issued  int
	revoked []string
	member  string
}

func (o *tokenOffice) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if r.URL.Path == "/oauth2/revoke" {
		o.revoked = append(o.revoked, form.Get("token"))
		reply(w, http.StatusOK, `{"meta":{}}`)
		return
	}
	o.issued++
	o.member = form.Get("member_cid")
	reply(w, http.StatusCreated, fmt.Sprintf(`{"access_token":"token-%d","expires_in":1799}`, o.issued))
}

func TestTakeToken(t *testing.T) {
	t.Parallel()
	const child = "0123456789ABCDEF0123456789ABCDEF"
	for name, test := range map[string]struct{ provider, member, want string }{
		"own tenant":           {},
		"a child":              {member: child, want: child},
		"child with checksum":  {member: child + "-A1", want: strings.ToLower(child)},
		"the provider's child": {provider: child, want: child},
		"instead of it":        {provider: child, member: strings.Repeat("a", 32), want: strings.Repeat("a", 32)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			office := &tokenOffice{}
			server := httptest.NewServer(office)
			t.Cleanup(server.Close)
			c, err := New(t.Context(), Config{ClientID: "id", ClientSecret: "secret", MemberCID: test.provider, BaseURL: server.URL})
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Authenticate(t.Context()); err != nil {
				t.Fatal(err)
			}
			before := c.clock.now()
			tok, err := c.NewAccessToken(t.Context(), test.member)
			if err != nil {
				t.Fatal(err)
			}
			if tok.Value != "token-2" || office.member != test.want {
				t.Errorf("got the token %q for the member %q", tok.Value, office.member)
			}
			if lives := tok.ExpiresAt.Sub(before).Minutes(); lives < 29 || lives > 31 {
				t.Errorf("it lives for %v minutes", lives)
			}
			if err := c.RevokeToken(t.Context(), tok.Value); err != nil {
				t.Fatal(err)
			}
			if fmt.Sprint(office.revoked) != "[token-2]" {
				t.Errorf("revoked %v", office.revoked)
			}
		})
	}
}

func TestTakeToken_withoutCredentials(t *testing.T) {
	t.Parallel()
	_, c := newFake(t, nil)
	if _, err := c.NewAccessToken(t.Context(), ""); !errors.Is(err, ErrNoCredentials) {
		t.Errorf("got %v", err)
	}
	if err := c.RevokeToken(t.Context(), "x"); !errors.Is(err, ErrNoCredentials) {
		t.Errorf("got %v", err)
	}
}

func TestAccessToken_isNotPrinted(t *testing.T) {
	t.Parallel()
	tok := AccessToken{Value: "hush"}
	text, err := json.Marshal(tok.LogValue().String())
	if err != nil {
		t.Fatal(err)
	}
	for _, shown := range []string{fmt.Sprint(tok), fmt.Sprintf("%v %+v %#v %s", tok, tok, tok, tok), string(text)} {
		if strings.Contains(shown, "hush") {
			t.Errorf("shown: %s", shown)
		}
	}
}
