package score_test

import (
	"encoding/json"
	"math/big"
	"net/http"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

const userScores = "falcon_user_scores"

// Arguments that cannot be right are rejected, most of them before a request.
func TestUserScores_badInput(t *testing.T) {
	t.Parallel()
	number := func(text string) *big.Float { return coretest.Decimal(t, text).ValueBigFloat() }
	acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, h *acctest.Harness) {
		p := h.Start("")
		for _, tt := range []struct {
			config acctest.Arguments
			says   string
		}{
			{acctest.Arguments{"min_score": number("0.7"), "max_score": number("0.6")}, "min_score (0.7) is above max_score (0.6)"},
			{acctest.Arguments{"min_score": number("0.651"), "max_score": number("0.659")}, "none lies between"},
			{acctest.Arguments{"max_score": number("1.01")}, "Risk score out of range"},
			{acctest.Arguments{"min_score": number("-0.1")}, "Risk score out of range"},
			{acctest.Arguments{"limit": number("0"), "rows": "list"}, "limit = 0"},
			{acctest.Arguments{"limit": number("-1")}, "Invalid Attribute Value"},
			{acctest.Arguments{"max_concurrency": number("0")}, "Invalid Attribute Value"},
			{acctest.Arguments{"severity": "CRITICAL"}, "HIGH"},
			{acctest.Arguments{"min_severity": "HIGH", "max_severity": "NORMAL"}, "Contradictory severities"},
			{acctest.Arguments{"severity": "HIGH", "max_severity": "HIGH"}, "Contradictory severities"},
			{acctest.Arguments{"entity_ids": []string{"not a UUID"}}, "Invalid entity id"},
			{acctest.Arguments{"include": []string{"everything"}}, "risk_factors"},
			{acctest.Arguments{"domains": []string{"corp.example.org"}}, "Did you mean CORP.EXAMPLE.COM"},
			{acctest.Arguments{"domains": []string{"CORP.EXAMPLE.COM", "nowhere"}}, `has no domain "nowhere"`},
			{acctest.Arguments{"roles": []string{"NoSuchRole"}}, "NoSuchRole"},
		} {
			diags := p.ValidateData(userScores, tt.config)
			if acctest.Messages(diags, tfprotov6.DiagnosticSeverityError) == "" {
				_, diags = p.Data(userScores, tt.config)
			}
			h.CheckDiagnostics(diags)
			acctest.WantError(t, tt.says, diags, tt.says)
		}
	})
}

// An error for a missing scope names it.
func TestUserScores_missingScope(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, h *acctest.Harness) {
		const secret = "secret of a weak client"
		for scope, missing := range map[string]string{"identity-entities:read": "identity-graphql:write", "identity-graphql:write": "identity-entities:read"} {
			h.Sim.AddClient(coretest.TestConfigID, secret, []string{scope})
			p, problem := h.TryStartAs("", coretest.TestConfigID, secret)
			if problem != "" {
				t.Fatal(problem)
			}
			_, diags := p.Data(userScores, nil)
			acctest.WantError(t, scope, diags, missing)
		}
	})
}

// The rows are what the rules of the public Netskope plugin (wire/integrations.md#netskope) return for the tenant's users.
func TestUserScores_netskope(t *testing.T) {
	t.Parallel()
	type record struct {
		EntityID string `json:"entity_id"`
		Email    string `json:"email"`
		Netskope int    `json:"netskope_score"`
	}
	acctest.WithFakeClock(t, falconsim.Options{Users: 4500}, func(t *testing.T, h *acctest.Harness) { // enough to be read in parts
		var want, got []record
		for _, u := range h.Sim.Users() {
			if !u.Archived && len(u.EmailAddresses) > 0 && percentOf(u) >= 10 {
				want = append(want, record{u.EntityID, u.EmailAddresses[0], (100 - percentOf(u)) * 10})
			}
		}
		p := h.Start("")
		state, diags := p.Data(userScores, acctest.Arguments{
			"archived": false, "require_email": true, "min_score": big.NewFloat(0.1), "rows": "json", "limit": big.NewFloat(0),
		})
		p.WantNoError(diags)
		if err := json.Unmarshal([]byte(p.Text(state, "rows_json")), &got); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d records, want %d, or other ones", len(got), len(want))
		}
	})
}

// A GraphQL error fails the read, with Falcon's message.
func TestUserScores_graphQLError(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{Users: 1500}, func(t *testing.T, h *acctest.Harness) {
		p := h.Start("")
		h.Transport.SetFault(acctest.FaultAt(acctest.SentCall{Method: http.MethodPost, Path: acctest.GraphQLPath, N: 2}, acctest.Fault{
			Do: func(_ *acctest.Transport, req *http.Request) (*http.Response, error) {
				return acctest.Respond(req, http.StatusOK, `{"data":null,"errors":[{"message":"the planets are not aligned"}]}`)
			},
		}, true))
		_, diags := p.Data(userScores, acctest.Arguments{"rows": "json", "limit": big.NewFloat(0)})
		acctest.WantError(t, "read", diags, "planets are not aligned")
	})
}
