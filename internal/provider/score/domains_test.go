package score

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon/identity"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

func TestUnknownDomain(t *testing.T) {
	t.Parallel()
	var many []string
	for i := range 30 {
		many = append(many, fmt.Sprintf("D%d.EXAMPLE.COM", i))
	}
	tests := map[string]struct {
		known []string
		says  string
	}{
		"a near one": {[]string{"CORP.EXAMPLE.COM", "LAB.TEST"}, "Did you mean CORP.EXAMPLE.COM?"},
		"none near":  {[]string{"A.B", "C.D"}, "Its domains are A.B, C.D."},
		"many":       {many, "The tenant has 30 domains, including D0.EXAMPLE.COM, D1"},
		"none":       {nil, "has no domains"},
	}
	for name, tt := range tests {
		asked := "CORP.EXAMPLE.CM"
		if name == "many" {
			asked = "zzzzzzzzzzzzzzzzzzzzzzzzzzzz"
		}
		if got := unknownDomain(asked, tt.known); !strings.Contains(got, tt.says) || !strings.Contains(got, asked) {
			t.Errorf("%s: %s", name, got)
		}
	}
}

type fakeAssessor struct {
	domains             []string
	assessErr, listsErr error
	lists               int
}

func (f *fakeAssessor) Domains(context.Context, []string) ([]string, error) {
	f.lists++
	return f.domains, f.listsErr
}

func (f *fakeAssessor) DomainAssessment(_ context.Context, domain string) (*identity.DomainAssessment, error) {
	return &identity.DomainAssessment{Domain: strings.ToUpper(domain)}, f.assessErr
}

func TestDomainAssessmentRead(t *testing.T) {
	t.Parallel()
	refused := errors.New("falcon said no")
	tests := map[string]struct {
		client fakeAssessor
		says   string
		lists  int
	}{
		"found":                     {},
		"unknown":                   {client: fakeAssessor{domains: []string{"CORP.EXAMPLE.COM"}, assessErr: refused}, says: "Did you mean CORP.EXAMPLE.COM?", lists: 1},
		"known, and yet an error":   {client: fakeAssessor{domains: []string{"CORP.EXAMPEL.COM"}, assessErr: refused}, says: "falcon said no", lists: 1},
		"the list is an error, too": {client: fakeAssessor{assessErr: refused, listsErr: errors.New("nor this")}, says: "falcon said no", lists: 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			found := domainAssessmentModel{Domain: types.StringValue("corp.exampel.com")}.read(context.Background(), &tt.client, &diags)
			if tt.client.lists != tt.lists || (found == nil) != (tt.says != "") {
				t.Errorf("%d lists, found %v", tt.client.lists, found)
			}
			if tt.says != "" {
				coretest.MustSay(t, diags, tt.says)
			}
		})
	}
}
