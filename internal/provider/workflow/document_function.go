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
)

var _ function.Function = workflowDocumentFunction{}

func NewWorkflowDocumentFunction() function.Function { return workflowDocumentFunction{} }

type workflowDocumentFunction struct{}

func (workflowDocumentFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "workflow_document"
}

func (workflowDocumentFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Puts a tenant's values into a workflow document",
		MarkdownDescription: "Replaces each `@@key@@` in a workflow document by the value of that key, as it is: quotes around the placeholder belong into the document. " +
			"Unlike `templatefile` it leaves Fusion's own `${…}` alone, so the document can be the very file that the console exported. " +
			"A key without a value, and a value whose key does not occur, are errors.",
		Parameters: []function.Parameter{
			function.StringParameter{
				Name:                "text",
				MarkdownDescription: "The document, such as `file(\"workflow.yaml\")`.",
			},
			function.MapParameter{
				Name:                "values",
				ElementType:         types.StringType,
				MarkdownDescription: "Values by key. Keys are made of letters, digits, `_`, `-` and `.`.",
			},
		},
		Return: function.StringReturn{},
	}
}

func (workflowDocumentFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	var values map[string]*string
	resp.Error = req.Arguments.Get(ctx, &text, &values)
	if resp.Error != nil {
		return
	}
	filled, missing, unused := fillDocument(text, values)
	switch {
	case len(missing) > 0:
		resp.Error = function.NewArgumentFuncError(0, fmt.Sprintf("The document has placeholders without a value: %s. %s",
			placeholders(missing), valuesGiven(values)))
	case len(unused) > 0:
		resp.Error = function.NewArgumentFuncError(1, fmt.Sprintf("The document does not have the placeholders of these values: %s.", placeholders(unused)))
	default:
		resp.Error = resp.Result.Set(ctx, filled)
	}
}

var placeholder = regexp.MustCompile(`@@[ \t]*([A-Za-z0-9_.-]+)[ \t]*@@`)

// fillDocument replaces every placeholder once: what a value brings in is not
// looked at again. missing and unused are keys, sorted.
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

func valuesGiven(values map[string]*string) string {
	if len(values) == 0 {
		return "No values were given."
	}
	return "Values were given for: " + strings.Join(slices.Sorted(maps.Keys(values)), ", ") + "."
}
