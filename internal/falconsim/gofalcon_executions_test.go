package falconsim

import (
	"testing"

	"github.com/crowdstrike/gofalcon/falcon/client/workflows"
	"github.com/crowdstrike/gofalcon/falcon/models"
	"github.com/go-openapi/strfmt"
)

// TestGofalconReadsExecutions calls the operations on executions with the generated client, whose models are the specification
// of their types.
func TestGofalconReadsExecutions(t *testing.T) {
	t.Parallel()
	c, transport := startWithGofalcon(t)
	ctx := t.Context()
	flows := workflows.New(transport, strfmt.Default)
	key, name, depth := "once", "ask", int64(1)
	c.importEnabled(humanInputWorkflow)

	var ids []string
	for range 2 {
		run, err := flows.Execute(&workflows.ExecuteParams{Name: &name, Key: &key, Depth: &depth, Body: map[string]any{}, Context: ctx})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, run.Payload.Resources...)
	}
	if len(ids) != 2 || ids[0] != ids[1] {
		t.Errorf("executions %v", ids)
	}
	results, err := flows.ExecutionResults(&workflows.ExecutionResultsParams{Ids: ids[:1], SkipFields: []string{"flows"}, Context: ctx})
	if err != nil {
		t.Fatal(err)
	}
	if found := results.Payload.Resources[0]; *found.Status != "Action required" || len(found.Activities) != 1 || found.Validate(strfmt.Default) != nil {
		t.Errorf("result %+v: %v", found, found.Validate(strfmt.Default))
	}
	input := c.server.Executions()[0].HumanInputs[0]
	asked, err := flows.WorkflowGetHumanInputV1(&workflows.WorkflowGetHumanInputV1Params{Ids: []string{input}, Context: ctx})
	if err != nil || len(asked.Payload.Resources[0].AllowedInputs) != 2 {
		t.Fatalf("human input: %v", err)
	}
	note := ""
	if _, err := flows.WorkflowUpdateHumanInputV1(&workflows.WorkflowUpdateHumanInputV1Params{
		ID: input, Body: &models.UserinputUpdateRequest{Input: &asked.Payload.Resources[0].AllowedInputs[0], Note: &note}, Context: ctx,
	}); err != nil {
		t.Error(err)
	}
	listed, err := flows.WorkflowExecutionsCombined(&workflows.WorkflowExecutionsCombinedParams{Filter: "status:'Succeeded'", Context: ctx})
	if err != nil || len(listed.Payload.Resources) != 1 || *listed.Payload.Resources[0].ExecutionID != ids[0] {
		t.Errorf("executions: %v", err)
	}
	cancel := &workflows.ExecutionActionParams{ActionName: "cancel", Body: &models.ClientActionRequest{Ids: ids[:1]}, Context: ctx}
	if _, _, err := flows.ExecutionAction(cancel); err != nil {
		t.Error(err)
	}
	children, err := flows.V1ChildExecutionsQuery(&workflows.V1ChildExecutionsQueryParams{Context: ctx})
	if err != nil || len(children.Payload.Resources) != 0 {
		t.Errorf("child executions: %v", err)
	}
	content, err := flows.WorkflowActivitiesContentCombined(&workflows.WorkflowActivitiesContentCombinedParams{Context: ctx})
	if err != nil {
		t.Fatal(err)
	}
	for _, activity := range content.Payload.Resources {
		activity.InputSchema, activity.OutputSchema = nil, nil // the model does not fit a JSON Schema
		if err := activity.Validate(strfmt.Default); err != nil {
			t.Errorf("activity %s: %v", *activity.Name, err)
		}
	}
	triggers, err := flows.WorkflowTriggersCombined(&workflows.WorkflowTriggersCombinedParams{Context: ctx})
	if err != nil {
		t.Fatal(err)
	}
	for _, trigger := range triggers.Payload.Resources {
		if err := trigger.Validate(strfmt.Default); err != nil {
			t.Errorf("trigger %s: %v", *trigger.Name, err)
		}
	}
}
