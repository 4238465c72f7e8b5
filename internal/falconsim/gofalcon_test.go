package falconsim

import (
	"strings"
	"testing"

	"github.com/crowdstrike/gofalcon/falcon/client/api_clients"
	"github.com/crowdstrike/gofalcon/falcon/client/api_integrations"
	"github.com/crowdstrike/gofalcon/falcon/client/hosts"
	"github.com/crowdstrike/gofalcon/falcon/client/sensor_download"
	"github.com/crowdstrike/gofalcon/falcon/client/workflows"
	"github.com/crowdstrike/gofalcon/falcon/client/zero_trust_assessment"
	"github.com/crowdstrike/gofalcon/falcon/models"
	"github.com/go-openapi/runtime"
	httptransport "github.com/go-openapi/runtime/client"
	"github.com/go-openapi/strfmt"
)

// startWithGofalcon starts a tenant and returns a test client and a transport of the generated client for it.
func startWithGofalcon(t *testing.T) (*testClient, runtime.ClientTransport) {
	t.Helper()
	running := start(t, Options{})
	c := &testClient{t: t, server: running.Server}
	c.token = c.login(running.ClientID(), running.ClientSecret())
	transport := httptransport.New(strings.TrimPrefix(running.URL, "http://"), "/", []string{"http"})
	transport.DefaultAuthentication = httptransport.BearerToken(c.token)
	return c, transport
}

// TestGofalconReadsEveryResponse calls the simulator with the generated client, whose models are the specification of each
// response's types.
func TestGofalconReadsEveryResponse(t *testing.T) {
	t.Parallel()
	_, transport := startWithGofalcon(t)
	ctx := t.Context()

	clients := api_clients.New(transport, strfmt.Default)
	name, description := "gofalcon", ""
	created, err := clients.CreateAPIClient(&api_clients.CreateAPIClientParams{
		Body: &models.APIClientRequest{Name: &name, Description: &description, Scopes: []string{"devices:read"}}, Context: ctx,
	})
	if err != nil {
		t.Fatal(err)
	}
	entities, ok := created.Payload.Resources.([]any)
	if !ok || len(entities) != 1 {
		t.Fatalf("created %v", created.Payload.Resources)
	}
	id, _ := entities[0].(map[string]any)["id"].(string)
	if _, err := clients.UpdateAPIClient(&api_clients.UpdateAPIClientParams{
		Ids: id, Body: &models.APIClientRequest{Name: &name, Description: &description, Scopes: []string{}}, Context: ctx,
	}); err != nil {
		t.Error(err)
	}
	if _, err := clients.CreateAPIClient(&api_clients.CreateAPIClientParams{
		Body: &models.APIClientRequest{Name: &name, Description: &description, Scopes: []string{}}, Context: ctx,
	}); err == nil || !strings.Contains(err.Error(), "409") {
		t.Errorf("a second client of the name: %v", err)
	}
	reset := &api_clients.ResetAPIClientSecretParams{ActionName: "reset_secret", Ids: []string{id}, Context: ctx}
	if _, err := clients.ResetAPIClientSecret(reset); err != nil {
		t.Error(err)
	}
	all, err := clients.GetAllAPIClientIdsForCustomer(&api_clients.GetAllAPIClientIdsForCustomerParams{Context: ctx})
	if err != nil || len(all.Payload.Resources) != 10 {
		t.Errorf("ids: %v", err)
	}
	if _, err := clients.GetAPIClients(&api_clients.GetAPIClientsParams{Ids: []string{id}, Context: ctx}); err != nil {
		t.Error(err)
	}
	scopes, err := clients.GetAccessibleScopes(&api_clients.GetAccessibleScopesParams{Context: ctx})
	if err != nil || len(scopes.Payload.Resources) == 0 {
		t.Errorf("scopes: %v", err)
	}
	if _, err := clients.DeleteAPIClients(&api_clients.DeleteAPIClientsParams{Ids: []string{id}, Context: ctx}); err != nil {
		t.Error(err)
	}

	flows := workflows.New(transport, strfmt.Default)
	imported, err := flows.WorkflowDefinitionsImport(&workflows.WorkflowDefinitionsImportParams{
		DataFile: runtime.NamedReader("workflow.yaml", strings.NewReader(readFile(t, "testdata/schema.yaml"))), Context: ctx,
	})
	if err != nil || len(imported.Payload.Resources) != 1 {
		t.Fatalf("import: %v", err)
	}
	flow := imported.Payload.Resources[0].ID
	listed, err := flows.WorkflowDefinitionsCombined(&workflows.WorkflowDefinitionsCombinedParams{Context: ctx})
	if err != nil || len(listed.Payload.Resources) != 1 || *listed.Payload.Resources[0].ID != flow {
		t.Errorf("definitions: %v", err)
	}
	action := &workflows.WorkflowDefinitionsActionParams{ActionName: "enable", Body: &models.ClientActionRequest{Ids: []string{flow}}, Context: ctx}
	if _, _, err := flows.WorkflowDefinitionsAction(action); err != nil {
		t.Error(err)
	}
	if _, _, err := flows.WorkflowDefinitionsExport(&workflows.WorkflowDefinitionsExportParams{ID: flow, Context: ctx}); err == nil || !strings.Contains(err.Error(), "406") {
		t.Errorf("the SDK's export, which accepts JSON too: %v", err)
	}
	activities, err := flows.WorkflowActivitiesCombined(&workflows.WorkflowActivitiesCombinedParams{Context: ctx})
	if err != nil || len(activities.Payload.Resources) == 0 {
		t.Errorf("activities: %v", err)
	}
	triggers, err := flows.WorkflowTriggersCombined(&workflows.WorkflowTriggersCombinedParams{Context: ctx})
	if err != nil || len(triggers.Payload.Resources) == 0 {
		t.Errorf("triggers: %v", err)
	}
	run, err := flows.Execute(&workflows.ExecuteParams{DefinitionID: []string{flow}, Body: map[string]any{"ticket": "1"}, Context: ctx})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := flows.ExecutionResults(&workflows.ExecutionResultsParams{Ids: run.Payload.Resources, Context: ctx}); err != nil {
			t.Error(err)
		}
	}
	if _, err := flows.WorkflowDefinitionsDelete(&workflows.WorkflowDefinitionsDeleteParams{Ids: []string{flow}, Context: ctx}); err != nil {
		t.Error(err)
	}

	configs, err := api_integrations.New(transport, strfmt.Default).GetCombinedPluginConfigs(&api_integrations.GetCombinedPluginConfigsParams{Context: ctx})
	if err != nil || len(configs.Payload.Resources) != 1 {
		t.Errorf("plugin configurations: %v", err)
	}
	if _, err := sensor_download.New(transport, strfmt.Default).GetSensorInstallersCCIDByQuery(&sensor_download.GetSensorInstallersCCIDByQueryParams{Context: ctx}); err != nil {
		t.Error(err)
	}
	devices, err := hosts.New(transport, strfmt.Default).QueryDevicesByFilter(&hosts.QueryDevicesByFilterParams{Context: ctx})
	if err != nil || len(devices.Payload.Resources) != 3 {
		t.Errorf("hosts: %v", err)
	}
	if _, err := zero_trust_assessment.New(transport, strfmt.Default).GetAssessmentV1(&zero_trust_assessment.GetAssessmentV1Params{Ids: devices.Payload.Resources, Context: ctx}); err != nil {
		t.Error(err)
	}
}

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
