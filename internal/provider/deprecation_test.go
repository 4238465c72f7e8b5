package provider_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
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
	start := func(b *acctest.Harness) *acctest.Protocol {
		p, problem := b.Run(acctest.WorkflowType)
		if problem != "" {
			b.T.Fatal(problem)
		}
		b.Transport.Arm(func(c acctest.SentCall) *acctest.Fault {
			if c.Path != deprecated {
				return nil
			}
			return &acctest.Fault{Name: "deprecated", Do: func(w *acctest.Transport, req *http.Request) (*http.Response, error) {
				resp, err := w.Carry(req)
				if err == nil {
					resp.Header.Set("X-Api-Deprecation", "this call goes away on 2027-01-01")
				}
				return resp, err
			}}
		})
		return p
	}
	acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
		p := start(b)
		state, diags := p.Apply(p.None(), acctest.WorkflowArguments)
		p.WantNoError(diags)
		if text := warnings(diags); !strings.Contains(text, "GET "+deprecated) || !strings.Contains(text, "goes away on 2027-01-01") {
			t.Errorf("create warns: %q", text)
		}
		_, diags = p.Read(state)
		if text := warnings(diags); text != "" {
			t.Errorf("a second warning in the same run: %s", text)
		}

		p = start(b) // the next run
		_, diags = p.Data("falcon_tenant", acctest.Arguments{})
		if text := warnings(diags); text != "" {
			t.Errorf("a read that meets nothing warns: %s", text)
		}
		_, diags = p.Read(state)
		if text := warnings(diags); strings.Count(text, deprecated) != 1 {
			t.Errorf("the next run warns: %q", text)
		}
		_, diags = p.Data("falcon_workflow", acctest.Arguments{"id": p.Text(state, "id")})
		p.WantNoError(diags)
		if text := warnings(diags); text != "" {
			t.Errorf("a second warning in the same run: %s", text)
		}
	})
}

// Falcon limits token requests. Configuring the provider, which has no timeouts argument, ends nevertheless.
func TestConfigure_tokenLimit(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness) {
		b.Transport.Arm(func(acctest.SentCall) *acctest.Fault {
			return &acctest.Fault{Do: func(_ *acctest.Transport, req *http.Request) (*http.Response, error) {
				return acctest.Answered(req, http.StatusTooManyRequests, `{"errors":[{"code":429,"message":"API rate limit exceeded."}]}`, "Retry-After", "60")
			}}
		})
		_, problem := b.Run(acctest.WorkflowType)
		if !strings.Contains(problem, "returned 429") || !strings.Contains(problem, "API rate limit exceeded") || len(b.Transport.Calls()) > 15 {
			t.Errorf("%d calls, %s", len(b.Transport.Calls()), problem)
		}
	})
}
