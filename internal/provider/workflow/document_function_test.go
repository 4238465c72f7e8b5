package workflow

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

func TestDocumentFunction(t *testing.T) {
	t.Parallel()
	got, err := coretest.RunFunction(t, documentFunction{}, types.StringValue("a: \"@@one@@\"\nb: ${Trigger.x} @@ two-b @@@@one@@ mail@@x y"),
		coretest.TextMap("one", "@@two-b@@", "two-b", "$1"))
	if err != nil {
		t.Fatal(err)
	}
	// A value is inserted unchanged: neither a placeholder nor a $1 in it is replaced.
	if want := types.StringValue("a: \"@@two-b@@\"\nb: ${Trigger.x} $1@@two-b@@ mail@@x y"); !got.Equal(want) {
		t.Errorf("got %s, want %s", got, want)
	}
	_, err = coretest.RunFunction(t, documentFunction{}, types.StringValue("@@a@@ @@b@@ @@c@@"), coretest.TextMap("b", "x"))
	coretest.WantRefusal(t, err, 0, "@@a@@, @@c@@", "values for: b")
	_, err = coretest.RunFunction(t, documentFunction{}, types.StringValue("@@a@@"), coretest.TextMap("a", "x", "z", "y"))
	coretest.WantRefusal(t, err, 1, "@@z@@")
	_, err = coretest.RunFunction(t, documentFunction{}, types.StringValue("@@a@@"), types.MapValueMust(types.StringType, map[string]attr.Value{"a": types.StringNull()}))
	coretest.WantRefusal(t, err, 0, "@@a@@")
}
