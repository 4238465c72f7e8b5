package tenantcheck

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// plants creates marked values and looks for them.
type plants struct {
	random *rand.Rand
	made   []string
}

func newPlants(seed uint64) *plants { return &plants{random: rand.New(rand.NewPCG(seed, 1))} } //nolint:gosec // reproducible

// word is a marked word of ten letters that no text of Falcon's has.
func (p *plants) word() string {
	const letters = "bcdfghjklmnpqrstvwxz"
	word := make([]byte, 10)
	for i := range word {
		word[i] = letters[p.random.IntN(len(letters))]
	}
	p.made = append(p.made, string(word))
	return string(word)
}

// id is a marked id of 32 hexadecimal digits.
func (p *plants) id() string {
	id := fmt.Sprintf("%016x%016x", p.random.Uint64(), p.random.Uint64())
	p.made = append(p.made, id)
	return id
}

// value is a marked text of one of the forms that a tenant's values have.
func (p *plants) value() string {
	w := p.word()
	return []string{
		w, strings.ToUpper(w), strings.ToUpper(w[:1]) + w[1:], w + " " + p.word(), w + ".example.com", w + "@example.com", "https://" + w + ".example/" + p.word() + "?x=" + p.word(),
		"'" + w + "'", `"` + w + `"`, w + "'s laptop", "error in " + w, "workflow/" + w, "id_" + w, "host-" + w, "10.9.8.7 " + w, p.id(), strings.ToUpper(p.id()),
		base64.StdEncoding.EncodeToString([]byte(w)), "x" + base64.URLEncoding.EncodeToString([]byte("ab"+w)), url.QueryEscape("é " + w), hex.EncodeToString([]byte(w)),
		w[:5] + "-" + w[5:], strings.Join(strings.Split(w, ""), " "), "name: " + w + " not found", "access denied, " + w, "{" + w + "}", "${" + w + "}", "<" + w + ">", "`" + w,
		"config_" + w, w + "_id", "Trigger." + w, w + "/Created", w + ":read",
	}[p.random.IntN(34)]
}

var notAlphanumeric = regexp.MustCompile(`[^A-Za-z0-9]+`)

// survivors are the planted values that a text still has, in any encoding.
func (p *plants) survivors(text string) []string {
	haystacks := []string{strings.ToLower(text)}
	if decoded, err := url.QueryUnescape(text); err == nil {
		haystacks = append(haystacks, strings.ToLower(decoded))
	}
	// Where a value is split by other characters, only whole values count: "graphql/v1" has many halves.
	joined := strings.ToLower(notAlphanumeric.ReplaceAllString(text, ""))
	starts := map[string]bool{} // of every form that can be there, to avoid most searches
	for _, haystack := range haystacks {
		for i := range len(haystack) - startLength + 1 {
			starts[haystack[i:i+startLength]] = true
		}
	}
	var found []string
	for _, plant := range p.made {
		if len(plant) >= 10 && strings.Contains(joined, strings.ToLower(notAlphanumeric.ReplaceAllString(plant, ""))) {
			found = append(found, plant+" in pieces")
		}
		for _, form := range encodings(plant) {
			form = strings.ToLower(form)
			if !starts[form[:min(startLength, len(form))]] {
				continue
			}
			if slices.ContainsFunc(haystacks, func(text string) bool { return strings.Contains(text, form) }) {
				found = append(found, plant+" as "+form)
			}
		}
	}
	return found
}

// startLength is not longer than any form of a planted value.
const startLength = 5

// encodings are the forms in which a value may survive: itself, its halves, and both in base64 at each alignment and in hex.
func encodings(plant string) []string {
	parts := []string{plant, plant[:len(plant)/2], plant[len(plant)/2:]}
	if len(parts[1]) < 5 {
		parts = parts[:1]
	}
	forms := slices.Clone(parts)
	for _, variant := range []string{plant, strings.ToUpper(plant)} {
		forms = append(forms, hex.EncodeToString([]byte(variant)))
		for shift := range 3 {
			encoded := base64.StdEncoding.EncodeToString([]byte("\x00\x00\x00"[:shift] + variant))
			// The first and last characters also depend on the neighbors.
			encoded = strings.TrimRight(encoded, "=")
			forms = append(forms, encoded[min(shift+1, 4):len(encoded)-2])
		}
		var escaped, percent strings.Builder
		for _, digits := range slices.Collect(slices.Chunk([]byte(hex.EncodeToString([]byte(variant))), 2)) {
			escaped.WriteString(`\u00` + string(digits))
			percent.WriteString("%" + string(digits))
		}
		forms = append(forms, escaped.String(), percent.String())
	}
	return forms
}

// plantingTransport changes every response: each text, each key of some objects, headers and messages get marked values.
type plantingTransport struct {
	base   http.RoundTripper
	plants *plants
}

func (p *plantingTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := p.base.RoundTrip(req)
	if err != nil || strings.HasPrefix(req.URL.Path, "/oauth2/") {
		return resp, err
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	resp.Header.Set("X-Cs-"+p.plants.word(), p.plants.value())
	resp.Header.Set(p.plants.word(), p.plants.value())
	resp.Header.Set("X-Api-Warning", p.plants.value())
	if value := decode(body); value != nil {
		if body, err = json.Marshal(p.plant("", value)); err != nil {
			return nil, err
		}
	}
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	resp.Header.Del("Content-Length")
	return resp, nil
}

// plant returns a value with marked texts and keys. Keys of the envelope and of paging stay, so that the responses are still read.
func (p *plantingTransport) plant(key string, value any) any {
	switch v := value.(type) {
	case map[string]any:
		planted := map[string]any{}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			planted[name] = p.plant(name, v[name])
			if p.plants.random.IntN(6) == 0 && key != "pagination" {
				planted[p.plants.value()] = v[name]
			}
		}
		return planted
	case []any:
		planted := []any{}
		for _, item := range v {
			planted = append(planted, p.plant(key, item))
		}
		return planted
	case string:
		if p.plants.random.IntN(2) == 0 || key == "message" {
			return v + " " + p.plants.value()
		}
		return p.plants.value()
	}
	return value
}

// The search finds what it is meant to find.
func TestSurvivors(t *testing.T) {
	t.Parallel()
	p := &plants{made: []string{"zqxvbkwmtr"}}
	for _, text := range []string{
		"zqxvbkwmtr", "ZQXVBKWMTR", "zqxvb", "x kwmtr y", "zqx.vbk-wmtr", "z q x v b k w m t r", hex.EncodeToString([]byte("zqxvbkwmtr")),
		base64.StdEncoding.EncodeToString([]byte("zqxvbkwmtr")), base64.StdEncoding.EncodeToString([]byte("1zqxvbkwmtr2")), base64.URLEncoding.EncodeToString([]byte("12zqxvbkwmtr")),
		"%7A%71%78%76%62%6B%77%6D%74%72", `\u007a\u0071\u0078\u0076\u0062\u006b\u0077\u006d\u0074\u0072`, "zqxvbkwm%74r",
	} {
		if len(p.survivors("before "+text+" after")) == 0 {
			t.Errorf("%s is not found", text)
		}
	}
	if found := p.survivors("resources[].config_id: <id 1>"); len(found) > 0 {
		t.Errorf("found %v in an innocent text", found)
	}
}
