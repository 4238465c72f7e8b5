package falcon

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// passPhrases are secrets with everything that ends a value in some notation.
var passPhrases = []string{
	`correct horse battery staple`, `comma, separated, words`, `say "open" now`, `it's {braced} [and] more`, `back\slash and /slash`,
	`<b>bold & brave</b>`, `a=b&c=d; e: f`, "tab\there and\nnext line", `größer 世界 ключ 😀`, `100% sure + more %2F`, ` leading and trailing `,
	`"quoted from end to end"`, `}"],'`, "\u2028separator\x00null",
}

// echoes are the ways in which a response can repeat a secret.
var echoes = map[string]func(string) string{
	"raw":            func(s string) string { return s },
	"query":          url.QueryEscape,
	"path":           url.PathEscape,
	"lower case hex": func(s string) string { return lowerPercent.ReplaceAllStringFunc(url.QueryEscape(s), strings.ToLower) },
	"JSON":           func(s string) string { return jsonText(s) },
	"JSON in JSON":   func(s string) string { return jsonText(jsonText(s)) },
	"JSON, ASCII":    func(s string) string { return asciiEscaped(jsonText(s), `\u%04x`) },
	"Go":             strconv.Quote,
	"Go, ASCII":      strconv.QuoteToASCII,
	"HTML":           html.EscapeString,
	"a JSON object":  func(s string) string { return `{"hmac_secret_key":` + jsonText(s) + `,"name":"x"}` },
	"a quoted object": func(s string) string {
		return strconv.Quote(`{"client_secret":` + jsonText(s) + `,"name":"x"}`)
	},
	"a form":      func(s string) string { return "client_id=x&client_secret=" + url.QueryEscape(s) + "&y=z" },
	"an argument": func(s string) string { return "hmac_secret: " + s + ", url: x" },
}

func jsonText(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

// leaks reports a part of a secret that is in a text: any run of eight characters, in any of the forms.
func leaks(text, secret string) string {
	for _, form := range formsOf(secret) {
		runes := []rune(form)
		for i := 0; i+8 <= len(runes); i++ {
			if part := string(runes[i : i+8]); strings.Contains(text, part) {
				return part
			}
		}
	}
	return ""
}

// A known secret is removed completely, however it is written and whatever it consists of.
func TestRedactKnownSecrets(t *testing.T) {
	t.Parallel()
	for _, secret := range passPhrases {
		for name, echo := range echoes {
			text := "invalid value: " + echo(secret) + " was refused"
			got := redact(text, []string{"another", secret})
			if part := leaks(got, secret); part != "" {
				t.Errorf("%s of %q: %q is left in %s", name, secret, part, got)
			}
			if !strings.HasPrefix(got, "invalid value: ") || !strings.Contains(got, redacted) {
				t.Errorf("%s of %q: too much or nothing is taken out: %s", name, secret, got)
			}
		}
	}
}

// A secret that is not known here is found by its name, to the end of its quotes.
func TestRedactUnknownSecrets(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{`AbC123-x-long-enough`, `correct horse battery staple`, `comma, separated, words`, `say "open" for me`, `{brace} and 'quote' too`} {
		for name, text := range map[string]string{
			"JSON":         `could not store {"client_secret": ` + jsonText(secret) + `, "name": "kept"}`,
			"JSON in JSON": `could not store "{\"secret\": ` + strings.Trim(jsonText(jsonText(secret)), `"`) + `, \"name\": \"kept\"}"`,
			"HMAC":         `could not store {"hmac_secret_key":` + jsonText(secret) + `,"name":"kept"}`,
			"cut off":      `could not store "kept" {"hmac_key":` + strings.TrimSuffix(jsonText(secret), `"`),
		} {
			got := redact(text, nil)
			if part := leaks(got, secret); part != "" || !strings.Contains(got, redacted) || !strings.Contains(got, "kept") {
				t.Errorf("%s: %q of %q is left in %s", name, part, secret, got)
			}
		}
	}
	for text, want := range map[string]string{
		"Authorization: Bearer eyJhbGciOiJSUzI1NiIsImtpZCI6.x":  "Authorization: Bearer (redacted)",
		"invalid bearer token":                                  "invalid bearer token",
		"basic authentication is off":                           "basic authentication is off",
		`proxy "http://user:pass%20word@proxy:3128" failed`:     `proxy "http://(redacted)@proxy:3128" failed`,
		"https://api.crowdstrike.com/oauth2/token":              "https://api.crowdstrike.com/oauth2/token",
		`the secret is shown once; name "secret plan" is taken`: `the secret is shown once; name "secret plan" is taken`,
	} {
		if got := redact(text, nil); got != want {
			t.Errorf("%s becomes %s", text, got)
		}
	}
}

func FuzzRedact(f *testing.F) {
	for _, s := range passPhrases {
		f.Add(s, "before ", " after")
	}
	f.Add("aaaaaaaaaaaa", "aaa", `"`)
	f.Fuzz(func(t *testing.T, secret, before, after string) {
		if utf8.RuneCountInString(secret) < 10 || !utf8.ValidString(secret) || strings.TrimSpace(secret) != secret {
			return
		}
		if leaks(before+after, secret) != "" || leaks(redacted, secret) != "" {
			return // the rest of the text contains a part of it anyway
		}
		for name, echo := range echoes {
			got := redact(before+echo(secret)+after, []string{secret})
			for _, form := range []string{secret, url.QueryEscape(secret), strings.Trim(jsonText(secret), `"`)} {
				if strings.Contains(got, form) {
					t.Errorf("%s of %q is left in %q", name, secret, got)
				}
			}
			if out := oneLine(got, maxMessage); !utf8.ValidString(out) || strings.ContainsAny(out, "\x1b\x07\r\n\u202e") || len(out) > 2*maxMessage {
				t.Errorf("%q is not plain", out)
			}
		}
	})
}

// Whatever Falcon echoes of a request, the error and the log do not contain it: in a refusal, in a 200 with errors, and in
// the headers.
func TestEchoedSecretsStayOut(t *testing.T) {
	t.Parallel()
	for _, secret := range passPhrases {
		for name, echo := range echoes {
			for _, status := range []int{200, 400, 500} {
				var logged []string
				c := clientOn(t, func(req *http.Request) (*http.Response, error) {
					resp := jsonResponse(req, status, envelopeError(400, "invalid configuration: "+echo(secret)))
					resp.Header.Set("X-Cs-Traceid", "trace of "+url.QueryEscape(secret))
					resp.Header.Set("X-Cs-Region", testToken)
					return resp, nil
				})
				c.transport.log = func(_ context.Context, _ string, fields map[string]any) { logged = append(logged, fmt.Sprint(fields)) }
				ctx := withCall(t.Context(), call{doing: "create a configuration", secrets: []string{secret}})
				_, err := c.writePlugin(ctx, http.MethodPost, "", map[string]any{"config": map[string]string{"name": "n"}})
				if err == nil {
					t.Fatalf("%s, %d: no error", name, status)
				}
				for _, text := range append(logged, err.Error()) {
					if part := leaks(text, secret); part != "" {
						t.Errorf("%s of %q, %d: %q is in %s", name, secret, status, part, text)
					}
				}
				noSecrets(t, append(logged, err.Error())...)
			}
		}
	}
}
