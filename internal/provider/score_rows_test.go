package provider

import (
	"encoding/json"
	"math/big"
	"strconv"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// The text is what encoding/json makes of all rows at once.
func TestRowsAsJSON(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 3} {
		row := func(i int) any { return hostRow{AgentID: "\"<é>" + strconv.Itoa(i), Overall: int64(i)} }
		all := make([]any, n)
		for i := range n {
			all[i] = row(i)
		}
		want, err := json.Marshal(all)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := rowsAsJSON(n, row); err != nil || got.ValueString() != string(want) {
			t.Errorf("%v: %s, want %s", err, got.ValueString(), want)
		}
	}
	if _, err := rowsAsJSON(1, func(int) any { return make(chan int) }); err == nil {
		t.Error("a row that cannot be encoded is no error")
	}
}

// A list has a maximum; the error is at rows and names the alternative.
func TestScoreRows_maximumOfAList(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		rows    types.String
		limit   types.Int64
		refused bool
	}{
		"default limit":       {rows: types.StringValue(rowsList), limit: types.Int64Null()},
		"the maximum":         {rows: types.StringValue(rowsList), limit: types.Int64Value(maxListRows)},
		"above the maximum":   {rows: types.StringValue(rowsList), limit: types.Int64Value(maxListRows + 1), refused: true},
		"unknown limit":       {rows: types.StringValue(rowsList), limit: types.Int64Unknown()},
		"unknown rows":        {rows: types.StringUnknown(), limit: types.Int64Value(maxListRows + 1)},
		"many rows as JSON":   {rows: types.StringValue(rowsJSON), limit: types.Int64Value(maxListRows + 1)},
		"the summary only":    {rows: types.StringNull(), limit: types.Int64Value(maxListRows + 1)},
		"the summary, stated": {rows: types.StringValue(rowsNone), limit: types.Int64Value(maxListRows + 1)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			(&scoreRows{Rows: tt.rows, Limit: tt.limit}).validate(&diags)
			if diags.HasError() != tt.refused {
				t.Fatalf("refused: %t, want %t: %s", diags.HasError(), tt.refused, told(diags))
			}
			if !tt.refused {
				return
			}
			mustSay(t, diags, "2000 rows", `rows = "json"`)
			if at, ok := diags[0].(diag.DiagnosticWithPath); !ok || !at.Path().Equal(path.Root("rows")) {
				t.Errorf("the error is not at rows: %v", diags[0])
			}
		})
	}
}

// The longest list passes through the framework with each of its rows.
func TestUserScores_longestList(t *testing.T) {
	t.Parallel()
	inBubble(t, falconsim.Options{Users: maxListRows + 100}, func(t *testing.T, b *bubble) {
		p, problem := b.run("")
		if problem != "" {
			t.Fatal(problem)
		}
		state, diags := p.data("falcon_user_scores", arguments{"rows": "list", "limit": big.NewFloat(maxListRows)})
		p.wantFine(diags)
		var users []tftypes.Value
		if err := p.members(state.value)["users"].As(&users); err != nil {
			t.Fatal(err)
		}
		if len(users) != maxListRows {
			t.Errorf("%d users, want %d", len(users), maxListRows)
		}
	})
}
