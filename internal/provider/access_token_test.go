package provider

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
)

const (
	tokenType  = "falcon_access_token"
	revokePath = "/oauth2/revoke"
	memberOne  = "0123456789abcdef0123456789abcdef"
)

// opened opens a falcon_access_token.
func (p *protocol) opened(config arguments) (instance, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	typ := p.schema.EphemeralResourceSchemas[tokenType].ValueType()
	resp, err := p.server.OpenEphemeralResource(p.t.Context(), &tfprotov6.OpenEphemeralResourceRequest{
		TypeName: tokenType, Config: p.dynamic(p.valueOf(typ, config)),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	if !resp.RenewAt.IsZero() {
		p.t.Errorf("it asks to be renewed at %v", resp.RenewAt)
	}
	return instance{p.unmarshal(resp.Result, typ), resp.Private}, resp.Diagnostics
}

func (p *protocol) closed(typeName string, i instance) []*tfprotov6.Diagnostic {
	p.t.Helper()
	resp, err := p.server.CloseEphemeralResource(p.t.Context(), &tfprotov6.CloseEphemeralResourceRequest{TypeName: typeName, Private: i.private})
	if err != nil {
		p.t.Fatal(err)
	}
	return resp.Diagnostics
}

// reconfigured configures the provider anew.
func (p *protocol) reconfigured(config arguments) {
	p.t.Helper()
	resp, err := p.server.ConfigureProvider(p.t.Context(), &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.11.0", Config: p.dynamic(p.valueOf(p.schema.Provider.ValueType(), config)),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.wantFine(resp.Diagnostics)
}

// doneCalls counts the requests to a path that succeeded.
func doneCalls(sim *falconsim.Running, path string) int {
	n := 0
	for _, r := range sim.Requests() {
		if r.Path == path && r.Status < 300 {
			n++
		}
	}
	return n
}

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
	sim := newSim(t, falconsim.Options{})
	p := newProtocol(t, sim)
	tokens := map[string]bool{}
	for range 20 {
		i, diags := p.opened(nil)
		p.wantFine(diags)
		token := p.text(i, "access_token")
		if tokens[token] || len(token) < 20 || p.text(i, "base_url") != sim.URL || !strings.HasSuffix(p.text(i, "expires_at"), "Z") {
			t.Fatalf("opened %v", i.value)
		}
		tokens[token] = true
		if _, err := bearer(t, sim, token).Tenant(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diags := p.closed(tokenType, i); len(diags) > 0 {
			t.Fatal(diags[0].Summary, diags[0].Detail)
		}
		if _, err := bearer(t, sim, token).Tenant(t.Context()); err == nil {
			t.Fatal("the token outlives its close")
		}
	}
	if taken, revoked := doneCalls(sim, tokenPath), doneCalls(sim, revokePath); taken != revoked+1 {
		t.Errorf("%d tokens taken, one of them the provider's own, and %d revoked", taken, revoked)
	}
	if _, diags := p.data("falcon_tenant", nil); messages(diags, tfprotov6.DiagnosticSeverityError) != "" {
		t.Error("the provider's own token does not work any more")
	}
}

func TestAccessToken_member(t *testing.T) {
	t.Parallel()
	sim := newSim(t, falconsim.Options{MemberCIDs: []string{memberOne}})
	p := newProtocol(t, sim)
	i, diags := p.opened(arguments{"member_cid": memberOne})
	p.wantFine(diags)
	tenant, err := bearer(t, sim, p.text(i, "access_token")).Tenant(t.Context())
	if err != nil || tenant.CID != memberOne {
		t.Errorf("the token is for %v, %v", tenant, err)
	}
	_, diags = p.opened(arguments{"member_cid": otherID})
	if text := messages(diags, tfprotov6.DiagnosticSeverityError); !strings.HasPrefix(text, "member_cid: ") || !strings.Contains(text, otherID) {
		t.Errorf("a foreign CID: %s", text)
	}
}

func TestAccessToken_errors(t *testing.T) {
	t.Parallel()
	sim := newSim(t, falconsim.Options{})
	p := newProtocol(t, sim)
	i, diags := p.opened(nil)
	p.wantFine(diags)
	token := p.text(i, "access_token")

	if err := sim.Inject(falconsim.Fault{Path: revokePath, Status: http.StatusForbidden}); err != nil {
		t.Fatal(err)
	}
	diags = p.closed(tokenType, i)
	warning := messages(diags, tfprotov6.DiagnosticSeverityWarning)
	if messages(diags, tfprotov6.DiagnosticSeverityError) != "" || !strings.Contains(warning, "ends by itself") || strings.Contains(warning, token) {
		t.Errorf("a close that fails: %v, %s", diags, warning)
	}

	p.reconfigured(arguments{"base_url": sim.URL, "access_token": token})
	i, diags = p.opened(nil)
	if text := messages(diags, tfprotov6.DiagnosticSeverityError); !strings.Contains(text, "cannot get another one") {
		t.Errorf("with the provider's access_token: %s", text)
	}
	if diags := p.closed(tokenType, i); len(diags) > 0 {
		t.Errorf("a close of what did not open: %s", diags[0].Detail)
	}
}

// The token signs another provider in. That one is of another name here, as the test framework runs one server for all
// configurations of a name, where Terraform runs one for each.
func TestAccAccessToken(t *testing.T) {
	t.Parallel()
	sim := newSim(t, falconsim.Options{MemberCIDs: []string{memberOne}})
	providers := factories()
	providers["child"] = providers["falcon"]
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{{
			Config: providerConfig(sim) + `
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
			ConfigStateChecks: []statecheck.StateCheck{expect("data.falcon_tenant.child", "cid", knownvalue.StringExact(memberOne))},
		}},
	})
	taken := 0
	for _, r := range sim.Requests() {
		if form, ok := r.Body.(map[string]any); ok && form["member_cid"] == memberOne {
			taken++
		}
	}
	if revoked := doneCalls(sim, revokePath); revoked != taken || taken == 0 {
		t.Errorf("%d tokens taken for the member, %d revoked", taken, revoked)
	}
}
