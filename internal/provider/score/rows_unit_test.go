package score

import (
	"encoding/json"
	"strconv"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// The text is the same as if encoding/json encoded all rows at once.
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
		"the maximum":         {rows: types.StringValue(rowsList), limit: types.Int64Value(MaxListRows)},
		"above the maximum":   {rows: types.StringValue(rowsList), limit: types.Int64Value(MaxListRows + 1), refused: true},
		"unknown limit":       {rows: types.StringValue(rowsList), limit: types.Int64Unknown()},
		"unknown rows":        {rows: types.StringUnknown(), limit: types.Int64Value(MaxListRows + 1)},
		"many rows as JSON":   {rows: types.StringValue(rowsJSON), limit: types.Int64Value(MaxListRows + 1)},
		"the summary only":    {rows: types.StringNull(), limit: types.Int64Value(MaxListRows + 1)},
		"the summary, stated": {rows: types.StringValue(rowsNone), limit: types.Int64Value(MaxListRows + 1)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			(&scoreRows{Rows: tt.rows, Limit: tt.limit}).validateRows(&diags)
			if diags.HasError() != tt.refused {
				t.Fatalf("refused: %t, want %t: %s", diags.HasError(), tt.refused, coretest.DiagText(diags))
			}
			if !tt.refused {
				return
			}
			coretest.MustSay(t, diags, "2000 rows", `rows = "json"`)
			if at, ok := diags[0].(diag.DiagnosticWithPath); !ok || !at.Path().Equal(path.Root("rows")) {
				t.Errorf("the error is not at rows: %v", diags[0])
			}
		})
	}
}
