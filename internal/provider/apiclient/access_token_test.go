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
func bearer(t *testing.T, b *acctest.Harness, token string) *falcon.Client {
	t.Helper()
	c, err := falcon.New(t.Context(), falcon.Config{AccessToken: token, BaseURL: acctest.BaseURL, HTTPTransport: b.Transport})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Each open requests a token of its own, which is valid until it is closed. Every token is revoked, and the provider's own
// token stays valid.
func TestAccessToken(t *testing.T) {
	t.Parallel()
	withRun(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness, p *acctest.Protocol) {
		tokens := map[string]bool{}
		for range 20 {
			i, diags := p.Opened(nil)
			p.WantNoError(diags)
			token := p.Text(i, "access_token")
			if tokens[token] || len(token) < 20 || p.Text(i, "base_url") != acctest.BaseURL || !strings.HasSuffix(p.Text(i, "expires_at"), "Z") {
				t.Fatalf("opened %v", i.Value)
			}
			tokens[token] = true
			if _, err := bearer(t, b, token).Tenant(t.Context()); err != nil {
				t.Fatal(err)
			}
			if diags := p.Closed(acctest.TokenType, i); len(diags) > 0 {
				t.Fatal(diags[0].Summary, diags[0].Detail)
			}
			if _, err := bearer(t, b, token).Tenant(t.Context()); err == nil {
				t.Fatal("the token is valid after the close")
			}
		}
		sim := &falconsim.Running{Server: b.Sim}
		if issued, revoked := acctest.DoneCalls(sim, acctest.TokenPath), acctest.DoneCalls(sim, revokePath); issued != revoked+1 {
			t.Errorf("%d tokens issued, one of them the provider's own, and %d revoked", issued, revoked)
		}
		if _, diags := p.Data("falcon_tenant", nil); acctest.Messages(diags, tfprotov6.DiagnosticSeverityError) != "" {
			t.Error("the provider's own token was revoked")
		}
	})
}

func TestAccessToken_member(t *testing.T) {
	t.Parallel()
	withRun(t, falconsim.Options{MemberCIDs: []string{memberOne}}, func(t *testing.T, b *acctest.Harness, p *acctest.Protocol) {
		i, diags := p.Opened(acctest.Arguments{"member_cid": memberOne})
		p.WantNoError(diags)
		tenant, err := bearer(t, b, p.Text(i, "access_token")).Tenant(t.Context())
		if err != nil || tenant.CID != memberOne {
			t.Errorf("the token is for %v, %v", tenant, err)
		}
		_, diags = p.Opened(acctest.Arguments{"member_cid": coretest.OtherID})
		acctest.WantError(t, "foreign CID", diags, "member_cid: Unable to open access token", coretest.OtherID)
	})
}

func TestAccessToken_errors(t *testing.T) {
	t.Parallel()
	withRun(t, falconsim.Options{}, func(t *testing.T, b *acctest.Harness, p *acctest.Protocol) {
		i, diags := p.Opened(nil)
		p.WantNoError(diags)
		token := p.Text(i, "access_token")

		b.Transport.Arm(on(http.MethodPost, revokePath, 9, refusal(403, "no")))
		diags = p.Closed(acctest.TokenType, i)
		p.WantNoError(diags)
		if got := warnings(diags); !strings.Contains(got, "expires 30 minutes after") || strings.Contains(got, token) {
			t.Errorf("failed close: %s", got)
		}

		p.Reconfigured(acctest.Arguments{"base_url": acctest.BaseURL, "access_token": token})
		i, diags = p.Opened(nil)
		acctest.WantError(t, "with the provider's access_token", diags, "cannot request another one")
		if diags := p.Closed(acctest.TokenType, i); len(diags) > 0 {
			t.Errorf("close after a failed open: %s", diags[0].Detail)
		}
	})
}
