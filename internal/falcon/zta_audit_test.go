package falcon

import (
	"strings"
	"testing"
)

func TestHostScoreSummary(t *testing.T) {
	t.Parallel()
	const line = "GET /zero-trust-assessment/entities/audit/v1"
	for name, tc := range map[string]struct{ resources, want string }{
		"one": {`[{"cid":"c","average_overall_score":49.59,"num_aids":3,"platforms":[{"name":"Win","average_overall_score":50,` +
			`"num_aids":2,"audit":{"x":1.5,"y":null}}]}]`, ""},
		"no hosts": {`[]`, ""},
		"nothing":  {`null`, "neither resources nor a total"},
		"two":      {`[{"num_aids":1},{"num_aids":1}]`, "2 audits"},
		"no count": {`[{"cid":"c"}]`, "1 audits"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, c := newScript(t, map[string][]step{line: {{status: 200, body: envelopeOK(tc.resources)}}})
			got, err := c.HostScoreSummary(t.Context())
			switch {
			case tc.want != "":
				if err == nil || !strings.Contains(err.Error(), tc.want) {
					t.Errorf("error %v lacks %q", err, tc.want)
				}
			case err != nil:
				t.Fatal(err)
			case name == "one":
				p := got.Platforms[0]
				if got.AverageOverall != "49.59" || got.Hosts != 3 || p.Name != "Win" || p.AverageOverall != "50" || p.Hosts != 2 ||
					len(p.Audit) != 1 || p.Audit["x"] != "1.5" {
					t.Errorf("%+v", got)
				}
			case got.Hosts != 0 || got.AverageOverall != "":
				t.Errorf("%+v", got)
			}
		})
	}
}
