package falcon

import (
	"io"
	"net/http"
	"os"
	"testing"
)

// The variables by which go-openapi's runtime prints requests have no effect.
func TestDebugVariables(t *testing.T) {
	t.Setenv("DEBUG", "1")
	t.Setenv("SWAGGER_DEBUG", "1")
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr := os.Stderr
	os.Stderr = write
	defer func() { os.Stderr = stderr }()
	c, err := New(t.Context(), Config{ClientID: testID, ClientSecret: testSecret, BaseURL: "https://falcon.example", HTTPTransport: roundTripper(
		func(req *http.Request) (*http.Response, error) {
			if req.URL.Path == "/oauth2/token" {
				return jsonResponse(req, 201, `{"access_token":"`+testToken+`","expires_in":1799}`), nil
			}
			return jsonResponse(req, 201, envelopeOK(`[{"id":"c1","client_secret":"x"}]`)), nil
		},
	)})
	if err == nil {
		_, _, err = c.postAPIClient(t.Context(), APIClientSpec{Name: "n"})
	}
	if err != nil {
		t.Error(err)
	}
	if err := write.Close(); err != nil {
		t.Fatal(err)
	}
	if printed, err := io.ReadAll(read); err != nil || len(printed) > 0 {
		t.Errorf("printed: %s (%v)", printed, err)
	}
}
