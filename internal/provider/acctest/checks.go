package acctest

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

// MatchWords returns a pattern that matches a message wherever Terraform breaks its lines.
func MatchWords(pattern string) *regexp.Regexp {
	return regexp.MustCompile("(?s)" + strings.ReplaceAll(pattern, " ", `\s+`))
}

// Expect checks one attribute in the state; dots in its name separate nested attributes.
func Expect(address, attribute string, check knownvalue.Check) statecheck.StateCheck {
	steps := strings.Split(attribute, ".")
	path := tfjsonpath.New(steps[0])
	for _, step := range steps[1:] {
		path = path.AtMapKey(step)
	}
	return statecheck.ExpectKnownValue(address, path, check)
}

// Messages returns the diagnostics of a severity, one per line, each preceded by its attribute.
func Messages(diags []*tfprotov6.Diagnostic, severity tfprotov6.DiagnosticSeverity) string {
	var lines []string
	for _, d := range diags {
		if d.Severity == severity {
			at := ""
			if d.Attribute != nil {
				at = strings.NewReplacer(`AttributeName("`, "", `")`, "").Replace(d.Attribute.String()) + ": "
			}
			lines = append(lines, at+d.Summary+": "+d.Detail)
		}
	}
	return strings.Join(lines, "\n")
}

func hasErrors(diags []*tfprotov6.Diagnostic) bool {
	return Messages(diags, tfprotov6.DiagnosticSeverityError) != ""
}

// WantError checks that the errors contain all parts.
func WantError(t *testing.T, what string, diags []*tfprotov6.Diagnostic, parts ...string) {
	t.Helper()
	text := Messages(diags, tfprotov6.DiagnosticSeverityError)
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s: the error lacks %q: %q", what, part, text)
		}
	}
}
