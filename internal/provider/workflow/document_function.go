package workflow

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

var _ function.Function = documentFunction{}

// NewDocumentFunction returns the function workflow_document.
func NewDocumentFunction() function.Function { return documentFunction{} }

type documentFunction struct{}

func (documentFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "workflow_document"
}

func (documentFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Replaces placeholders in a workflow document with a tenant's values",
		MarkdownDescription: "Replaces each `@@key@@` in a workflow document with the value of that key. The value is not quoted: put quotes around the placeholder where they are needed. " +
			"Unlike `templatefile`, the function does not change Fusion's own `${…}`, so the document can be the file that the console exported. " +
			"A key without a value is an error, and so is a value whose key does not occur.",
		Parameters: []function.Parameter{
			function.StringParameter{
				Name:                "text",
				MarkdownDescription: "The document, such as `file(\"workflow.yaml\")`.",
			},
			function.MapParameter{
				Name:                "values",
				ElementType:         types.StringType,
				MarkdownDescription: "Values by key. Keys consist of letters, digits, `_`, `-` and `.`.",
			},
		},
		Return: function.StringReturn{},
	}
}

func (documentFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	var values map[string]*string
	resp.Error = req.Arguments.Get(ctx, &text, &values)
	if resp.Error != nil {
		return
	}
	filled, missing, unused := fillDocument(text, values)
	switch {
	case len(missing) > 0:
		resp.Error = core.FunctionError(0, fmt.Sprintf("The document contains placeholders without a value: %s. %s",
			placeholders(missing), listValues(values)))
	case len(unused) > 0:
		resp.Error = core.FunctionError(1, fmt.Sprintf("The document does not contain the placeholders of these values: %s.", placeholders(unused)))
	default:
		resp.Error = resp.Result.Set(ctx, filled)
	}
}

var placeholder = regexp.MustCompile(`@@[ \t]*([A-Za-z0-9_.-]+)[ \t]*@@`)

// fillDocument replaces every placeholder once. Placeholders in a value are not replaced. missing and unused are sorted keys.
func fillDocument(text string, values map[string]*string) (filled string, missing, unused []string) {
	used := map[string]bool{}
	filled = placeholder.ReplaceAllStringFunc(text, func(found string) string {
		key := placeholder.FindStringSubmatch(found)[1]
		used[key] = true
		if value := values[key]; value != nil {
			return *value
		}
		return found
	})
	for _, key := range slices.Sorted(maps.Keys(used)) {
		if values[key] == nil {
			missing = append(missing, key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		if !used[key] {
			unused = append(unused, key)
		}
	}
	return filled, missing, unused
}

func placeholders(keys []string) string { return "@@" + strings.Join(keys, "@@, @@") + "@@" }

func listValues(values map[string]*string) string {
	if len(values) == 0 {
		return "There are no values."
	}
	return "There are values for: " + strings.Join(slices.Sorted(maps.Keys(values)), ", ") + "."
}
