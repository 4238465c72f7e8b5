package falcon

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"unicode"
	"unicode/utf8"
)

// endlessBody is a body without an end; read counts its bytes.
type endlessBody struct{ read *int }

func (e endlessBody) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	*e.read += len(p)
	return len(p), nil
}

func (endlessBody) Close() error { return nil }

// A response that is too large is fetched once, no further than the limit, and reported as too large. So are the bodies of
// refusals, of which little is needed.
func TestTooLargeResponseIsFetchedOnce(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		status, calls, most int
		says                string
	}{
		{200, 1, maxBody, "larger than 64 MB"},
		{201, 1, maxBody, "larger than 64 MB"},
		{403, 1, maxErrorBody, "Falcon returned 403"},
		{404, 1, maxBody, "Falcon returned 404"},
		{500, 6, maxErrorBody, "Falcon returned 500"},
	} {
		t.Run(fmt.Sprint(tc.status), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				calls, read := 0, 0
				c := clientOn(t, func(req *http.Request) (*http.Response, error) {
					calls++
					resp := jsonResponse(req, tc.status, "")
					resp.Body = endlessBody{&read}
					return resp, nil
				})
				_, err := c.AccessibleScopes(t.Context())
				if err == nil || !strings.Contains(err.Error(), tc.says) || calls != tc.calls {
					t.Errorf("%d calls, error %v", calls, err)
				}
				if read > calls*(tc.most+1<<20) {
					t.Errorf("%d bytes were read in %d calls", read, calls)
				}
			})
		})
	}
}

// A compressed body that is small in transit and huge when decompressed is treated like any other.
func TestGzipBomb(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := io.CopyN(z, endlessBody{new(int)}, 2*maxBody); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	s, c := newScript(t, map[string][]step{readLine: {{do: func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(packed.Bytes())
	}}}})
	_, err := c.AccessibleScopes(t.Context())
	if err == nil || !strings.Contains(err.Error(), "larger than 64 MB") || s.count(readLine) != 1 {
		t.Errorf("%d calls, error %v", s.count(readLine), err)
	}
}

// A body of allowed length may still contain so many values that they would fill the memory once decoded.
func TestTooManyValues(t *testing.T) {
	t.Parallel()
	many := strings.Repeat("{},", maxValues+1) + "{}"
	for name, body := range map[string]string{
		"resources":   `{"resources":[` + many + `]}`,
		"errors":      `{"errors":[` + many + `]}`,
		"fields":      `{"a":[` + many + `],"resources":[]}`,
		"graphql":     `{"data":{"domains":[` + many + `]}}`,
		"assessments": `{"resources":[` + strings.Repeat(`{"aid":"a"},`, 3*assessmentBatch) + `{"aid":"b"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calls := 0
			c := clientOn(t, func(req *http.Request) (*http.Response, error) {
				calls++
				return jsonResponse(req, 200, body), nil
			})
			for what, do := range map[string]func() error{
				"scopes":      func() error { _, err := c.AccessibleScopes(t.Context()); return err },
				"graphql":     func() error { _, err := domainsOf(t.Context(), c); return err },
				"assessments": func() error { _, _, err := c.HostAssessments(t.Context(), []string{"a", "b"}); return err },
			} {
				if name == "assessments" && what != name {
					continue
				}
				calls = 0
				if err := do(); err == nil || calls != 1 {
					t.Errorf("%s: %d calls, error %v", what, calls, err)
				}
			}
		})
	}
}

// A token that no header can carry is rejected before it is sent.
func TestUnusableTokens(t *testing.T) {
	t.Parallel()
	for name, token := range map[string]string{
		"header injection": "abc\r\nX-Evil: 1", "control": "abc\x00def", "blank": "abc def", "not ASCII": "tökén", "huge": strings.Repeat("a", 1<<20),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calls := 0
			c, err := New(t.Context(), Config{ClientID: testID, ClientSecret: testSecret, BaseURL: "https://falcon.example", HTTPTransport: roundTripper(
				func(req *http.Request) (*http.Response, error) {
					calls++
					return jsonResponse(req, 201, `{"expires_in":1799,"access_token":`+jsonText(token)+`}`), nil
				},
			)})
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.Tenant(t.Context())
			if err == nil || calls != 1 || !strings.Contains(err.Error(), "no usable access token") {
				t.Errorf("%d calls, error %v", calls, err)
			}
			plainLine(t, fmt.Sprint(err))
		})
	}
}

// clientOn is a client with an access token on a fake network.
func clientOn(t *testing.T, network roundTripper) *Client {
	t.Helper()
	c, err := New(t.Context(), Config{AccessToken: testToken, BaseURL: "https://falcon.example", HTTPTransport: network, MaxRetries: 5})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// hostileTexts are texts that a response may have as a message, a trace id or a region.
var hostileTexts = map[string]string{
	"terminal escapes": "\x1b[2J\x1b]0;owned\x07\x1b[31mred\x9b1m",
	"carriage return":  "all is well\rthe rest is hidden\b\b\b\x7f",
	"line breaks":      "fine\n\nApply complete! Resources: 0 destroyed.\n",
	"bidi":             "\u202egnihton\u2066\u200b\ufeff",
	"not UTF-8":        "\xff\xfe\xc3\x28",
	"long":             strings.Repeat("very long ", 5_000),
	"long word":        strings.Repeat("世", 20_000),
	"secret":           "Authorization: Bearer " + testToken,
}

// plainLine fails the test unless a text can be displayed anywhere.
func plainLine(t *testing.T, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Errorf("not UTF-8: %q", text)
	}
	for _, r := range text {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			t.Errorf("%U is in %.200q", r, text)
			break
		}
	}
	if len(text) > maxErrorText+1000 {
		t.Errorf("an error of %d bytes", len(text))
	}
	noSecrets(t, text)
}

// Whatever a response contains, the error is one line of reasonable length that any terminal can display.
func TestHostileTextsInErrors(t *testing.T) {
	t.Parallel()
	for name, text := range hostileTexts {
		bodies := map[string]string{
			"message":  envelopeError(400, text),
			"messages": `{"errors":[` + strings.TrimSuffix(strings.Repeat(`{"code":1,"message":`+jsonText(text)+`},`, 50), ",") + `]}`,
			"bare":     `{"errors":` + jsonText(text) + `}`,
			"trace id": `{"meta":{"trace_id":` + jsonText(text) + `},"errors":[{"code":400,"message":"no"}]}`,
			"field":    `{` + jsonText(text) + `:[],"resources":{"a":1}}`,
		}
		for where, body := range bodies {
			for _, status := range []int{200, 308, 400, 403, 404} {
				t.Run(fmt.Sprint(name, "/", where, "/", status), func(t *testing.T) {
					t.Parallel()
					var logged []string
					c := clientOn(t, func(req *http.Request) (*http.Response, error) {
						resp := jsonResponse(req, status, body)
						resp.Header.Set("X-Cs-Traceid", text)
						resp.Header.Set("X-Cs-Region", text)
						resp.Header.Set("Location", text)
						return resp, nil
					})
					c.transport.log = func(_ context.Context, _ string, fields map[string]any) {
						logged = append(logged, fmt.Sprint(fields["trace_id"]))
					}
					_, err := c.AccessibleScopes(t.Context())
					if err == nil {
						t.Fatal("no error")
					}
					for _, shown := range append(logged, err.Error()) {
						plainLine(t, shown)
					}
				})
			}
		}
	}
}

// The displayed texts of an execution and of an export are plain, too.
func TestHostileTextsInResults(t *testing.T) {
	t.Parallel()
	for name, text := range hostileTexts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := clientOn(t, func(req *http.Request) (*http.Response, error) {
				if strings.Contains(req.URL.Path, "export") {
					resp := jsonResponse(req, 299, "name: n\n")
					resp.Header.Set("X-Api-Warning", text)
					return resp, nil
				}
				return jsonResponse(req, 200, envelopeOK(`[{"execution_id":"e1","end_timestamp":"2026-01-01T00:00:00Z","status":`+jsonText(text)+
					`,"summary":`+jsonText(text)+`,"activities":[{"node_id":`+jsonText(text)+`,"status":"Failed","error_message":`+jsonText(text)+`}]}]`)), nil
			})
			got, err := c.execution(t.Context(), "e1")
			if err != nil {
				t.Fatal(err)
			}
			export, err := c.ExportWorkflow(t.Context(), "w1")
			if err != nil {
				t.Fatal(err)
			}
			for _, shown := range []string{got.Status, got.Summary, got.Nodes[0].NodeID, got.Nodes[0].Message, export.Warning} {
				if name != "secret" || shown == export.Warning {
					plainLine(t, strings.ReplaceAll(shown, "\n", ""))
				}
			}
		})
	}
}

// Errors of a network library can repeat what the server sent.
func TestHostileNetworkErrors(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, text := range hostileTexts {
			c := clientOn(t, func(*http.Request) (*http.Response, error) { return nil, fmt.Errorf("malformed MIME header: %s", text) })
			_, err := c.AccessibleScopes(t.Context())
			plainLine(t, fmt.Sprint(err))
		}
		c := clientOn(t, func(*http.Request) (*http.Response, error) {
			return nil, fmt.Errorf(`invalid proxy address "http://user:%s@proxy:%%zz"`, hmacSecret)
		})
		_, err := c.AccessibleScopes(t.Context())
		plainLine(t, fmt.Sprint(err))
	})
}

// Any region in X-Cs-Region is accepted where the base URL is explicit.
func TestUnknownRegionDoesNotMatter(t *testing.T) {
	t.Parallel()
	for _, region := range []string{"sim-1", "us-1", "mars-9", "", "\x1b[2J"} {
		c, err := New(t.Context(), Config{ClientID: testID, ClientSecret: testSecret, BaseURL: "https://falcon.example", HTTPTransport: roundTripper(
			func(req *http.Request) (*http.Response, error) {
				if req.URL.Host != "falcon.example" {
					t.Errorf("a call to %s", req.URL.Host)
				}
				resp := jsonResponse(req, 200, envelopeOK(`["AB-12"]`))
				if strings.HasPrefix(req.URL.Path, "/oauth2/") {
					resp = jsonResponse(req, 201, `{"access_token":"`+testToken+`","expires_in":1799}`)
				}
				resp.Header.Set("X-Cs-Region", region)
				return resp, nil
			},
		)})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Authenticate(t.Context()); err != nil {
			t.Error(err)
		}
		if _, err := c.Tenant(t.Context()); err != nil {
			t.Error(err)
		}
		if c.BaseURL() != "https://falcon.example" || c.Cloud() != "" {
			t.Errorf("%s %q", c.BaseURL(), c.Cloud())
		}
	}
}

// A switch of protocols is not a response: nothing waits for its end.
func TestSwitchedProtocol(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		c := clientOn(t, func(req *http.Request) (*http.Response, error) {
			calls++
			resp := jsonResponse(req, http.StatusSwitchingProtocols, "")
			resp.Body = endlessBody{new(int)}
			return resp, nil
		})
		if _, err := c.AccessibleScopes(t.Context()); err == nil || calls != 1 {
			t.Errorf("%d calls, error %v", calls, err)
		}
	})
}
