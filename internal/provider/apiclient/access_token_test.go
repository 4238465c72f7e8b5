package apiclient_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

const (
	revokePath = "/oauth2/revoke"
	memberOne  = "0123456789abcdef0123456789abcdef"
)

// bearer returns a client that signs in with a token.
func bearer(t *testing.T, sim *falconsim.Running, token string) *falcon.Client {
	t.Helper()
	c, err := falcon.New(t.Context(), falcon.Config{AccessToken: token, BaseURL: sim.URL})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Each open requests a token of its own, which is valid until it is closed. Every token is revoked, and the provider's own
// token stays valid.
func TestAccessToken(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	p := acctest.NewProtocol(t, sim)
	tokens := map[string]bool{}
	for range 20 {
		i, diags := p.Opened(nil)
		p.WantNoError(diags)
		token := p.Text(i, "access_token")
		if tokens[token] || len(token) < 20 || p.Text(i, "base_url") != sim.URL || !strings.HasSuffix(p.Text(i, "expires_at"), "Z") {
			t.Fatalf("opened %v", i.Value)
		}
		tokens[token] = true
		if _, err := bearer(t, sim, token).Tenant(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diags := p.Closed(acctest.TokenType, i); len(diags) > 0 {
			t.Fatal(diags[0].Summary, diags[0].Detail)
		}
		if _, err := bearer(t, sim, token).Tenant(t.Context()); err == nil {
			t.Fatal("the token is valid after the close")
		}
	}
	if taken, revoked := acctest.DoneCalls(sim, acctest.TokenPath), acctest.DoneCalls(sim, revokePath); taken != revoked+1 {
		t.Errorf("%d tokens issued, one of them the provider's own, and %d revoked", taken, revoked)
	}
	if _, diags := p.Data("falcon_tenant", nil); acctest.Messages(diags, tfprotov6.DiagnosticSeverityError) != "" {
		t.Error("the provider's own token was revoked")
	}
}

func TestAccessToken_member(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{MemberCIDs: []string{memberOne}})
	p := acctest.NewProtocol(t, sim)
	i, diags := p.Opened(acctest.Arguments{"member_cid": memberOne})
	p.WantNoError(diags)
	tenant, err := bearer(t, sim, p.Text(i, "access_token")).Tenant(t.Context())
	if err != nil || tenant.CID != memberOne {
		t.Errorf("the token is for %v, %v", tenant, err)
	}
	_, diags = p.Opened(acctest.Arguments{"member_cid": coretest.OtherID})
	if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError); !strings.HasPrefix(text, "member_cid: ") || !strings.Contains(text, coretest.OtherID) {
		t.Errorf("foreign CID: %s", text)
	}
}

func TestAccessToken_errors(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	p := acctest.NewProtocol(t, sim)
	i, diags := p.Opened(nil)
	p.WantNoError(diags)
	token := p.Text(i, "access_token")

	if err := sim.Inject(falconsim.Fault{Path: revokePath, Status: http.StatusForbidden}); err != nil {
		t.Fatal(err)
	}
	diags = p.Closed(acctest.TokenType, i)
	warning := acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning)
	if acctest.Messages(diags, tfprotov6.DiagnosticSeverityError) != "" || !strings.Contains(warning, "expires 30 minutes after") || strings.Contains(warning, token) {
		t.Errorf("failed close: %v, %s", diags, warning)
	}

	p.Reconfigured(acctest.Arguments{"base_url": sim.URL, "access_token": token})
	i, diags = p.Opened(nil)
	if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError); !strings.Contains(text, "cannot request another one") {
		t.Errorf("with the provider's access_token: %s", text)
	}
	if diags := p.Closed(acctest.TokenType, i); len(diags) > 0 {
		t.Errorf("close after a failed open: %s", diags[0].Detail)
	}
}
