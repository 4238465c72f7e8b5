package provider

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// What Falcon announces in the headers of a response becomes one warning per run, with whatever operation meets it first.
func TestDeprecation_onceARun(t *testing.T) {
	t.Parallel()
	warnings := func(diags []*tfprotov6.Diagnostic) (text string) {
		for _, d := range diags {
			if d.Severity == tfprotov6.DiagnosticSeverityWarning && d.Summary == "Deprecated Falcon API" {
				text += d.Detail
			}
		}
		return text
	}
	const deprecated = "/workflows/combined/definitions/v1"
	start := func(b *bubble) *protocol {
		p, problem := b.run(flowType)
		if problem != "" {
			b.t.Fatal(problem)
		}
		b.wire.arm(func(c sentCall) *fault {
			if c.path != deprecated {
				return nil
			}
			return &fault{name: "deprecated", do: func(w *wire, req *http.Request) (*http.Response, error) {
				resp, err := w.carry(req)
				if err == nil {
					resp.Header.Set("X-Api-Deprecation", "this call goes away on 2027-01-01")
				}
				return resp, err
			}}
		})
		return p
	}
	inBubble(t, falconsim.Options{}, func(t *testing.T, b *bubble) {
		p := start(b)
		state, diags := p.apply(p.none(), aFlow)
		p.wantFine(diags)
		if text := warnings(diags); !strings.Contains(text, "GET "+deprecated) || !strings.Contains(text, "goes away on 2027-01-01") {
			t.Errorf("create warns: %q", text)
		}
		_, diags = p.read(state)
		if text := warnings(diags); text != "" {
			t.Errorf("a second warning in the same run: %s", text)
		}

		p = start(b) // the next run
		_, diags = p.data("falcon_tenant", arguments{})
		if text := warnings(diags); text != "" {
			t.Errorf("a read that meets nothing warns: %s", text)
		}
		_, diags = p.read(state)
		if text := warnings(diags); strings.Count(text, deprecated) != 1 {
			t.Errorf("the next run warns: %q", text)
		}
		_, diags = p.data("falcon_workflow", arguments{"id": p.text(state, "id")})
		p.wantFine(diags)
		if text := warnings(diags); text != "" {
			t.Errorf("a second warning in the same run: %s", text)
		}
	})
}

// Falcon limits how often a token may be taken. Configuring the provider, which has no timeouts argument, ends all the same.
func TestConfigure_tokenLimit(t *testing.T) {
	t.Parallel()
	inBubble(t, falconsim.Options{}, func(t *testing.T, b *bubble) {
		b.wire.arm(func(sentCall) *fault {
			return &fault{do: func(_ *wire, req *http.Request) (*http.Response, error) {
				return answered(req, http.StatusTooManyRequests, `{"errors":[{"code":429,"message":"API rate limit exceeded."}]}`, "Retry-After", "60")
			}}
		})
		_, problem := b.run(flowType)
		if !strings.Contains(problem, "429: API rate limit exceeded") || len(b.wire.calls()) > 15 {
			t.Errorf("%d calls, %s", len(b.wire.calls()), problem)
		}
	})
}
