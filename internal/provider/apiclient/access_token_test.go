package apiclient_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

const (
	revokePath = "/oauth2/revoke"
	memberOne  = "0123456789abcdef0123456789abcdef"
)

// bearer is a client that has this token and nothing else.
func bearer(t *testing.T, sim *falconsim.Running, token string) *falcon.Client {
	t.Helper()
	c, err := falcon.New(t.Context(), falcon.Config{AccessToken: token, BaseURL: sim.URL})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Each open has a token of its own, which works until it is closed. Nothing is left behind, and the provider's own
// token goes on working.
func TestAccessToken(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	p := acctest.NewProtocol(t, sim)
	tokens := map[string]bool{}
	for range 20 {
		i, diags := p.OpenToken(nil)
		p.WantNoError(diags)
		token := p.Text(i, "access_token")
		if tokens[token] || len(token) < 20 || p.Text(i, "base_url") != sim.URL || !strings.HasSuffix(p.Text(i, "expires_at"), "Z") {
			t.Fatalf("opened %v", i.Value)
		}
		tokens[token] = true
		if _, err := bearer(t, sim, token).Tenant(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diags := p.CloseEphemeral(acctest.TokenType, i); len(diags) > 0 {
			t.Fatal(diags[0].Summary, diags[0].Detail)
		}
		if _, err := bearer(t, sim, token).Tenant(t.Context()); err == nil {
			t.Fatal("the token outlives its close")
		}
	}
	if taken, revoked := acctest.CountSuccessful(sim, acctest.TokenPath), acctest.CountSuccessful(sim, revokePath); taken != revoked+1 {
		t.Errorf("%d tokens taken, one of them the provider's own, and %d revoked", taken, revoked)
	}
	if _, diags := p.Data("falcon_tenant", nil); acctest.Messages(diags, tfprotov6.DiagnosticSeverityError) != "" {
		t.Error("the provider's own token does not work any more")
	}
}

func TestAccessToken_member(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{MemberCIDs: []string{memberOne}})
	p := acctest.NewProtocol(t, sim)
	i, diags := p.OpenToken(acctest.Arguments{"member_cid": memberOne})
	p.WantNoError(diags)
	tenant, err := bearer(t, sim, p.Text(i, "access_token")).Tenant(t.Context())
	if err != nil || tenant.CID != memberOne {
		t.Errorf("the token is for %v, %v", tenant, err)
	}
	_, diags = p.OpenToken(acctest.Arguments{"member_cid": coretest.OtherID})
	if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError); !strings.HasPrefix(text, "member_cid: ") || !strings.Contains(text, coretest.OtherID) {
		t.Errorf("a foreign CID: %s", text)
	}
}

func TestAccessToken_errors(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	p := acctest.NewProtocol(t, sim)
	i, diags := p.OpenToken(nil)
	p.WantNoError(diags)
	token := p.Text(i, "access_token")

	if err := sim.Inject(falconsim.Fault{Path: revokePath, Status: http.StatusForbidden}); err != nil {
		t.Fatal(err)
	}
	diags = p.CloseEphemeral(acctest.TokenType, i)
	warning := acctest.Messages(diags, tfprotov6.DiagnosticSeverityWarning)
	if acctest.Messages(diags, tfprotov6.DiagnosticSeverityError) != "" || !strings.Contains(warning, "ends by itself") || strings.Contains(warning, token) {
		t.Errorf("a close that fails: %v, %s", diags, warning)
	}

	p.WantNoError(p.Configure(acctest.Arguments{"base_url": sim.URL, "access_token": token}))
	i, diags = p.OpenToken(nil)
	if text := acctest.Messages(diags, tfprotov6.DiagnosticSeverityError); !strings.Contains(text, "cannot get another one") {
		t.Errorf("with the provider's access_token: %s", text)
	}
	if diags := p.CloseEphemeral(acctest.TokenType, i); len(diags) > 0 {
		t.Errorf("a close of what did not open: %s", diags[0].Detail)
	}
}

// The token signs another provider in. That one is of another name here, as the test framework runs one server for all
// configurations of a name, where Terraform runs one for each.
func TestAccAccessToken(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{MemberCIDs: []string{memberOne}})
	providers := acctest.Factories()
	providers["child"] = providers["falcon"]
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{{
			Config: acctest.ProviderConfig(sim) + `
ephemeral "falcon_access_token" "child" {
  member_cid = "` + memberOne + `"
}

provider "child" {
  base_url     = ephemeral.falcon_access_token.child.base_url
  access_token = ephemeral.falcon_access_token.child.access_token
}

data "falcon_tenant" "child" {
  provider = child
}
`,
			ConfigStateChecks: []statecheck.StateCheck{acctest.Expect("data.falcon_tenant.child", "cid", knownvalue.StringExact(memberOne))},
		}},
	})
	taken := 0
	for _, r := range sim.Requests() {
		if form, ok := r.Body.(map[string]any); ok && form["member_cid"] == memberOne {
			taken++
		}
	}
	if revoked := acctest.CountSuccessful(sim, revokePath); revoked != taken || taken == 0 {
		t.Errorf("%d tokens taken for the member, %d revoked", taken, revoked)
	}
}
