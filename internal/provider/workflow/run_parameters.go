package workflow

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// checkParameters checks a run's parameters against the schema of the workflow's trigger before anything is sent: Falcon
// starts a real run even if a parameter has the wrong type (wire/executions.md#execute).
func checkParameters(w *falcon.Workflow, parameters map[string]any, diags *diag.Diagnostics) {
	if w.Parameters == "" {
		return
	}
	schema, err := parameterSchema(w.Parameters)
	if err != nil {
		diags.AddWarning("Parameters not checked",
			fmt.Sprintf("The JSON Schema of the parameters of the workflow %q (id %s) cannot be read, so they are sent without a check. %s", w.Name, w.ID, core.Sentence(err.Error())))
		return
	}
	if parameters == nil {
		parameters = map[string]any{}
	}
	var invalid *jsonschema.ValidationError
	if err := schema.Validate(parameters); errors.As(err, &invalid) {
		diags.AddAttributeError(path.Root("parameters"), "Invalid parameters",
			fmt.Sprintf("The workflow %q (id %s) does not accept these parameters, so it was not started:\n\n  %s",
				w.Name, w.ID, strings.Join(parameterProblems(invalid), "\n  ")))
	}
}

// parameterSchema compiles a schema that refers only to itself.
func parameterSchema(text string) (*jsonschema.Schema, error) {
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	const name = "falcon:///parameters"
	compiler := jsonschema.NewCompiler()
	compiler.UseLoader(noLoader{})
	if err := compiler.AddResource(name, doc); err != nil {
		return nil, err
	}
	return compiler.Compile(name)
}

// noLoader rejects references to files and URLs.
type noLoader struct{}

// Load implements jsonschema.URLLoader.
func (noLoader) Load(url string) (any, error) {
	return nil, fmt.Errorf("the schema refers to %s", url)
}

// parameterProblems lists the errors, each with its path in the parameters.
func parameterProblems(e *jsonschema.ValidationError) []string {
	if len(e.Causes) == 0 {
		text := "does not match the schema"
		if problem := e.BasicOutput().Error; problem != nil {
			text = problem.String()
		}
		if len(e.InstanceLocation) > 0 {
			text = strings.Join(e.InstanceLocation, ".") + ": " + text
		}
		return []string{text}
	}
	var problems []string
	for _, cause := range e.Causes {
		problems = append(problems, parameterProblems(cause)...)
	}
	return problems
}
