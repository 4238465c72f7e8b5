package score

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// fakeScores has the hosts of a tenant by agent id; a score below 0 is a host that is not assessed.
type fakeScores struct {
	scores   map[string]int64
	gone     map[string]bool // listed, but without details
	err      error
	listings int
	asked    [][]string
	reads    []falcon.AssessmentRead
	lists    []falcon.HostScoreRead
}

func (f *fakeScores) HostScores(_ context.Context, read falcon.HostScoreRead) ([]falcon.HostScore, int64, error) {
	f.listings++
	f.lists = append(f.lists, read)
	low, high := read.Least, read.Most
	var out []falcon.HostScore
	for aid, score := range f.scores {
		if score >= 0 && (low == nil || score >= *low) && (high == nil || score <= *high) {
			out = append(out, falcon.HostScore{AID: aid, Score: score})
		}
	}
	total := int64(len(out))
	slices.SortFunc(out, func(a, b falcon.HostScore) int {
		return cmp.Or(cmp.Compare(a.Score, b.Score), cmp.Compare(a.AID, b.AID))
	})
	return out, total, f.err
}

func (f *fakeScores) HostAssessmentsOf(_ context.Context, aids []string, read falcon.AssessmentRead) ([]falcon.HostAssessment, []string, error) {
	f.asked, f.reads = append(f.asked, aids), append(f.reads, read)
	var found []falcon.HostAssessment
	var missing []string
	for _, aid := range aids {
		score, ok := f.scores[aid]
		if !ok || f.gone[aid] {
			missing = append(missing, aid)
			continue
		}
		a := falcon.HostAssessment{AID: aid, Version: "3.6.1"}
		if score >= 0 {
			a.Overall, a.OS = new(score), new(score+1)
		}
		found = append(found, a)
	}
	return found, missing, f.err
}

func aid(n int) string { return fmt.Sprintf("%032x", n) }

func aidList(ids ...string) types.List {
	values := make([]attr.Value, 0, len(ids))
	for _, id := range ids {
		values = append(values, types.StringValue(id))
	}
	return types.ListValueMust(types.StringType, values)
}

func tenant() *fakeScores {
	return &fakeScores{scores: map[string]int64{aid(1): 20, aid(2): 80, aid(3): 50, aid(10): 50, aid(5): 100, aid(6): -1}}
}

func allHosts() hostScoresModel { return hostScoresModel{AgentIDs: types.ListNull(types.StringType)} }

func agentsOf(scores []falcon.HostScore) []string {
	var out []string
	for _, s := range scores {
		out = append(out, s.AID)
	}
	return out
}

func TestHostScoresRead(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		edit      func(*hostScoresModel)
		matched   []string
		returned  int
		truncated bool
		notFound  int
		reads     int // of assessments
		listings  int
	}{
		"summary only": {matched: []string{aid(1), aid(3), aid(10), aid(2), aid(5)}, listings: 1},
		"list":         {edit: func(m *hostScoresModel) { m.Rows = types.StringValue(rowsList) }, matched: []string{aid(1), aid(3), aid(10), aid(2), aid(5)}, returned: 5, listings: 1},
		"highest first": {edit: func(m *hostScoresModel) {
			m.Rows, m.Sort = types.StringValue(rowsList), types.StringValue(sortHighestFirst)
		}, matched: []string{aid(5), aid(2), aid(3), aid(10), aid(1)}, returned: 5, listings: 1},
		"range": {edit: func(m *hostScoresModel) { m.MinScore, m.MaxScore = types.Int64Value(50), types.Int64Value(80) }, matched: []string{aid(3), aid(10), aid(2)}, listings: 1},
		"cut short": {edit: func(m *hostScoresModel) { m.Rows, m.Limit = types.StringValue(rowsList), types.Int64Value(2) },
			matched: []string{aid(1), aid(3), aid(10), aid(2), aid(5)}, returned: 2, truncated: true, listings: 1},
		"all as json": {edit: func(m *hostScoresModel) { m.Rows, m.Limit = types.StringValue(rowsJSON), types.Int64Value(0) },
			matched: []string{aid(1), aid(3), aid(10), aid(2), aid(5)}, returned: 5, listings: 1},
		"detail of the rows only": {edit: func(m *hostScoresModel) {
			m.Rows, m.Limit, m.Detail = types.StringValue(rowsList), types.Int64Value(2), types.BoolValue(true)
		}, matched: []string{aid(1), aid(3), aid(10), aid(2), aid(5)}, returned: 2, truncated: true, reads: 1, listings: 1},
		"by id": {edit: func(m *hostScoresModel) { m.AgentIDs = aidList(aid(2), aid(0xA), aid(9), aid(2), aid(6)) },
			matched: []string{aid(10), aid(2)}, notFound: 2, reads: 1},
		"by id and range": {edit: func(m *hostScoresModel) { m.AgentIDs, m.MaxScore = aidList(aid(2), aid(3)), types.Int64Value(79) },
			matched: []string{aid(3)}, reads: 1},
		"no id at all": {edit: func(m *hostScoresModel) { m.AgentIDs = aidList() }},
		"by id with detail": {edit: func(m *hostScoresModel) {
			m.AgentIDs, m.Rows, m.Detail = aidList(aid(2)), types.StringValue(rowsList), types.BoolValue(true)
		}, matched: []string{aid(2)}, returned: 1, reads: 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, client := allHosts(), tenant()
			if tt.edit != nil {
				tt.edit(&m)
			}
			r, err := m.read(context.Background(), client)
			if err != nil {
				t.Fatal(err)
			}
			state, err := m.fromAPI(r)
			if err != nil {
				t.Fatal(err)
			}
			if got := agentsOf(r.matched); !slices.Equal(got, tt.matched) {
				t.Errorf("matched %v, want %v", got, tt.matched)
			}
			if state.Matched.ValueInt64() != int64(len(tt.matched)) || state.Returned.ValueInt64() != int64(tt.returned) || state.Truncated.ValueBool() != tt.truncated {
				t.Errorf("matched %s, returned %s, truncated %s", state.Matched, state.Returned, state.Truncated)
			}
			if len(state.NotFound.Elements()) != tt.notFound || state.NotFound.IsNull() {
				t.Errorf("not found %s", state.NotFound)
			}
			if len(client.asked) != tt.reads || client.listings != tt.listings {
				t.Errorf("%d reads by id, %d listings", len(client.asked), client.listings)
			}
			if (m.rows() == rowsList) == state.Hosts.IsNull() || (m.rows() == rowsJSON) == state.RowsJSON.IsNull() {
				t.Errorf("rows = %q returns hosts %s, rows_json %s", m.rows(), state.Hosts, state.RowsJSON)
			}
		})
	}
}

func TestHostScoresRows(t *testing.T) {
	t.Parallel()
	client := tenant()
	client.gone = map[string]bool{aid(5): true}
	m := allHosts()
	m.Rows, m.Detail, m.MinScore = types.StringValue(rowsJSON), types.BoolValue(true), types.Int64Value(80)
	r, err := m.read(context.Background(), client)
	if err != nil {
		t.Fatal(err)
	}
	state, err := m.fromAPI(r)
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]any
	if err := json.Unmarshal([]byte(state.RowsJSON.ValueString()), &rows); err != nil {
		t.Fatal(err)
	}
	if len(rows) != 2 || rows[0]["os"] != 81.0 || rows[0]["version"] != "3.6.1" || rows[0]["platform"] != nil {
		t.Errorf("rows with details: %s", state.RowsJSON)
	}
	if rows[1]["overall"] != 100.0 || rows[1]["os"] != nil {
		t.Errorf("a host that left keeps its score and has no details: %v", rows[1])
	}
	m.Detail = types.BoolNull()
	if state, err = m.fromAPI(r); err != nil || state.RowsJSON.ValueString() != fmt.Sprintf(`[{"agent_id":%q,"overall":80},{"agent_id":%q,"overall":100}]`, aid(2), aid(5)) {
		t.Errorf("rows without details: %s %v", state.RowsJSON, err)
	}
}

// A listed host without details is a warning, because null could be mistaken for a good score.
func TestHostScoresWithoutDetails(t *testing.T) {
	t.Parallel()
	client := tenant()
	client.gone = map[string]bool{aid(5): true}
	for _, detail := range []bool{true, false} {
		m := allHosts()
		m.Rows, m.Detail = types.StringValue(rowsList), types.BoolValue(detail)
		var diags diag.Diagnostics
		m.fill(t.Context(), client, &diags)
		if told := diags.WarningsCount() == 1 && strings.Contains(diags[0].Detail(), "1 of the 5 returned hosts") && strings.Contains(diags[0].Detail(), aid(5)); told != detail || diags.HasError() {
			t.Errorf("detail %v: %v", detail, diags)
		}
	}
}

// Rows have no signals, so none are asked for; and as many calls may be in flight as for the listing.
func TestHostScoresReadOfAssessments(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		atOnce types.Int64
		want   int
	}{
		"default": {types.Int64Null(), defaultConcurrency},
		"set":     {types.Int64Value(9), 9},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			detailed := allHosts()
			detailed.Rows, detailed.Detail = types.StringValue(rowsList), types.BoolValue(true)
			for _, m := range []hostScoresModel{detailed, {AgentIDs: aidList(aid(1))}} {
				client := tenant()
				m.MaxConcurrency = tt.atOnce
				if _, err := m.read(context.Background(), client); err != nil {
					t.Fatal(err)
				}
				if want := []falcon.AssessmentRead{{MaxConcurrency: tt.want}}; !slices.Equal(client.reads, want) {
					t.Errorf("read %+v, want %+v", client.reads, want)
				}
				if want := (falcon.HostScoreRead{MaxConcurrency: tt.want}); m.AgentIDs.IsNull() && (len(client.lists) != 1 || client.lists[0] != want) {
					t.Errorf("listed %+v, want %+v", client.lists, want)
				}
			}
		})
	}
}

func TestHostScoresFailWhole(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]hostScoresModel{
		"listing": allHosts(),
		"by id":   {AgentIDs: aidList(aid(1))},
	} {
		client := tenant()
		client.err = errors.New("no")
		if _, err := m.read(context.Background(), client); err == nil {
			t.Errorf("%s: the error is lost", name)
		}
	}
}

func TestHostSummary(t *testing.T) {
	t.Parallel()
	attributes := hostSummary([]falcon.HostScore{{Score: 0}, {Score: 9}, {Score: 10}, {Score: 90}, {Score: 100}, {Score: 50}}).Attributes()
	want := map[string]string{"count": "6", "average": "43.17", "minimum": "0", "maximum": "100"}
	for name, text := range want {
		if got := attributes[name].String(); got != text {
			t.Errorf("%s is %s, want %s", name, got, text)
		}
	}
	counts := make([]string, 0, tenths)
	histogram, ok := attributes["histogram"].(types.List)
	if !ok {
		t.Fatal("no histogram")
	}
	for _, v := range histogram.Elements() {
		object, ok := v.(types.Object)
		if !ok {
			t.Fatalf("%T", v)
		}
		counts = append(counts, object.Attributes()["count"].String())
	}
	if !slices.Equal(counts, []string{"2", "1", "0", "0", "0", "1", "0", "0", "0", "2"}) {
		t.Errorf("histogram %v", counts)
	}
	for name, v := range hostSummary(nil).Attributes() {
		if (name == "average" || name == "minimum" || name == "maximum") && !v.IsNull() {
			t.Errorf("%s of no host is %s", name, v)
		}
	}
}

func TestAverageIsExact(t *testing.T) {
	t.Parallel()
	for want, v := range map[string][2]int64{"0.7": {7, 10}, "66.67": {200, 3}, "0.01": {1, 150}, "0.5": {1, 2}, "100": {300, 3}, "0.13": {1, 8}} {
		if got := exactAverage(big.NewRat(v[0], v[1]), 2).ValueBigFloat().Text('f', -1); got != want {
			t.Errorf("%d/%d is %s, want %s", v[0], v[1], got, want)
		}
	}
}

func TestHostScoresValidate(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		values  map[string]tftypes.Value
		refused string
	}{
		"nothing":               {},
		"range":                 {values: map[string]tftypes.Value{"min_score": coretest.Number(10), "max_score": coretest.Number(10)}},
		"contradictory range":   {values: map[string]tftypes.Value{"min_score": coretest.Number(11), "max_score": coretest.Number(10)}, refused: "min_score (11) is above max_score (10)"},
		"unknown end":           {values: map[string]tftypes.Value{"min_score": coretest.Number(11), "max_score": coretest.UnknownNumber}},
		"all rows as json":      {values: map[string]tftypes.Value{"limit": coretest.Number(0), "rows": coretest.Text(rowsJSON)}},
		"all rows as list":      {values: map[string]tftypes.Value{"limit": coretest.Number(0), "rows": coretest.Text(rowsList)}, refused: "limit = 0"},
		"all rows, unknown how": {values: map[string]tftypes.Value{"limit": coretest.Number(0), "rows": coretest.UnknownText}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := context.Background()
			var s datasource.SchemaResponse
			d := &hostScoresDataSource{}
			d.Schema(ctx, datasource.SchemaRequest{}, &s)
			if problems := s.Schema.ValidateImplementation(ctx); problems.HasError() {
				t.Fatal(coretest.DiagText(problems))
			}
			var resp datasource.ValidateConfigResponse
			d.ValidateConfig(ctx, datasource.ValidateConfigRequest{
				Config: tfsdk.Config{Schema: s.Schema, Raw: coretest.ObjectOf(t, s.Schema.Type().TerraformType(ctx), tt.values)},
			}, &resp)
			if tt.refused != "" {
				coretest.MustSay(t, resp.Diagnostics, tt.refused)
			} else if resp.Diagnostics.HasError() {
				t.Error(coretest.DiagText(resp.Diagnostics))
			}
		})
	}
}

func TestHostScoreFromAssessment(t *testing.T) {
	t.Parallel()
	got := hostScoreModel{}.fromAPI(falcon.HostAssessment{
		AID: aid(1), Overall: new(int64(19)), OS: new(int64(65)), Platform: "Mac",
		OSSignals: []falcon.Signal{{ID: "mac_os_version", MeetsCriteria: "yes"}}, SensorSignals: []falcon.Signal{{ID: "ml"}, {ID: "x"}},
	})
	if got.Overall.ValueInt64() != 19 || !got.SensorConfig.IsNull() || got.Platform.ValueString() != "Mac" || !got.SerialNumber.IsNull() {
		t.Errorf("got %+v", got)
	}
	if n := len(got.Signals.Elements()); n != 3 {
		t.Errorf("%d signals", n)
	}
	var s datasource.SchemaResponse
	NewHostScoreDataSource().Schema(context.Background(), datasource.SchemaRequest{}, &s)
	if problems := s.Schema.ValidateImplementation(context.Background()); problems.HasError() {
		t.Fatal(coretest.DiagText(problems))
	}
	if !s.Schema.Attributes["signals"].GetType().Equal(got.Signals.Type(context.Background())) {
		t.Error("the type of signals is not the schema's")
	}
}
