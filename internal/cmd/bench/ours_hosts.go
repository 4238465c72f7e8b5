package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider"
)

const hostScoresType = "falcon_host_scores"

// ourHosts reads all hosts with the data source itself, asked as Terraform asks it, since that is where the reading in
// parts is. The provider takes the tenant from the environment.
func ourHosts(ctx context.Context, sent *meter, width int, detail bool) ([]record, error) {
	http.DefaultTransport = sent // the provider's own, which it offers no other way to count with
	server, err := providerserver.NewProtocol6WithError(provider.New("bench")())()
	if err != nil {
		return nil, err
	}
	schema, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, err
	}
	config, err := dynamic(schema.Provider.ValueType(), nil)
	if err != nil {
		return nil, err
	}
	configured, err := server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{Config: config})
	if err := errors.Join(err, failure(configured.Diagnostics)); err != nil {
		return nil, err
	}
	kind := schema.DataSourceSchemas[hostScoresType].ValueType()
	config, err = dynamic(kind, map[string]tftypes.Value{
		"rows":            tftypes.NewValue(tftypes.String, "json"),
		"limit":           tftypes.NewValue(tftypes.Number, 0),
		"detail":          tftypes.NewValue(tftypes.Bool, detail),
		"max_concurrency": tftypes.NewValue(tftypes.Number, width),
	})
	if err != nil {
		return nil, err
	}
	read, err := server.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{TypeName: hostScoresType, Config: config})
	if err := errors.Join(err, failure(read.Diagnostics)); err != nil {
		return nil, err
	}
	state, err := read.State.Unmarshal(kind)
	if err != nil {
		return nil, err
	}
	var attributes map[string]tftypes.Value
	if err := state.As(&attributes); err != nil {
		return nil, err
	}
	var text string
	if err := attributes["rows_json"].As(&text); err != nil {
		return nil, err
	}
	var rows []struct {
		AID     string      `json:"agent_id"`
		Overall json.Number `json:"overall"`
	}
	if err := json.Unmarshal([]byte(text), &rows); err != nil {
		return nil, err
	}
	records := make([]record, len(rows))
	for i, r := range rows {
		records[i] = record{ID: r.AID, Score: r.Overall.String()}
	}
	return records, nil
}

// dynamic is a configuration in which everything is null but what is set.
func dynamic(kind tftypes.Type, set map[string]tftypes.Value) (*tfprotov6.DynamicValue, error) {
	object, ok := kind.(tftypes.Object)
	if !ok {
		return nil, fmt.Errorf("a schema is no object but %s", kind)
	}
	values := map[string]tftypes.Value{}
	for name, t := range object.AttributeTypes {
		values[name] = tftypes.NewValue(t, nil)
	}
	for name, v := range set {
		values[name] = v
	}
	value, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, values))
	return &value, err
}

// failure is what the provider reports as errors.
func failure(list []*tfprotov6.Diagnostic) error {
	var errs []error
	for _, d := range list {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			errs = append(errs, fmt.Errorf("%s: %s", d.Summary, d.Detail))
		}
	}
	return errors.Join(errs...)
}
