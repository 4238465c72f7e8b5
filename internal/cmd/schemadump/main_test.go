package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider"
)

// fake responds with its fields.
type fake struct {
	schema   tfprotov6.GetProviderSchemaResponse
	identity tfprotov6.GetResourceIdentitySchemasResponse
	failure  error
}

func (f *fake) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return &f.schema, f.failure
}

func (f *fake) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &f.identity, nil
}

func schemaWith(attributes ...*tfprotov6.SchemaAttribute) *tfprotov6.Schema {
	return &tfprotov6.Schema{Version: 2, Block: &tfprotov6.SchemaBlock{
		Attributes: attributes, Description: "What it is.", DescriptionKind: tfprotov6.StringKindMarkdown,
	}}
}

// What Terraform prints for the same schema, each kind once. Before 1.14 it prints only a part of this.
const wanted = `{
  "format_version": "1.0",
  "provider_schemas": {"falcon": {
    "provider": {"version": 2, "block": {"description": "What it is.", "description_kind": "markdown"}},
    "resource_schemas": {"falcon_thing": {"version": 2, "block": {
      "attributes": {
        "tags": {"type": ["map", "string"], "description_kind": "plain", "optional": true, "computed": true},
        "secret_wo": {"type": "string", "description_kind": "plain", "required": true, "sensitive": true, "write_only": true, "deprecated": true},
        "rows": {"nested_type": {"nesting_mode": "list", "attributes": {
          "n": {"type": "number", "description": "A number.", "description_kind": "markdown", "computed": true}}},
          "description_kind": "plain", "computed": true}},
      "description": "What it is.", "description_kind": "markdown"}}},
    "data_source_schemas": {"falcon_thing": {"version": 2, "block": {
      "block_types": {"where": {"nesting_mode": "set", "min_items": 1, "max_items": 3, "block": {"description_kind": "plain", "deprecated": true}}},
      "description": "What it is.", "description_kind": "markdown"}}},
    "ephemeral_resource_schemas": {"falcon_pass": {"version": 2, "block": {"description": "What it is.", "description_kind": "markdown"}}},
    "list_resource_schemas": {"falcon_thing": {"version": 2, "block": {
      "attributes": {"enabled": {"type": "bool", "description_kind": "plain", "optional": true}},
      "description": "What it is.", "description_kind": "markdown"}}},
    "action_schemas": {"falcon_run": {"block": {"description": "What it is.", "description_kind": "markdown"}}},
    "functions": {"scale": {"description": "Long.", "summary": "Short.", "return_type": ["list", "number"],
      "parameters": [{"name": "score", "description": "Of a user.", "is_nullable": true, "type": "number"}],
      "variadic_parameter": {"name": "more", "type": ["object", {"a": "bool"}]}}},
    "resource_identity_schemas": {"falcon_thing": {"version": 1, "attributes": {
      "id": {"type": "string", "description": "The id.", "required_for_import": true},
      "cid": {"type": "string", "optional_for_import": true}}}}
  }}
}`

func everyKind() *fake {
	number := &tfprotov6.SchemaAttribute{Name: "n", Type: tftypes.Number, Description: "A number.", DescriptionKind: tfprotov6.StringKindMarkdown, Computed: true}
	lookup := schemaWith()
	lookup.Block.BlockTypes = []*tfprotov6.SchemaNestedBlock{{
		TypeName: "where", Nesting: tfprotov6.SchemaNestedBlockNestingModeSet, MinItems: 1, MaxItems: 3, Block: &tfprotov6.SchemaBlock{Deprecated: true},
	}}
	f := &fake{}
	f.schema = tfprotov6.GetProviderSchemaResponse{
		Provider: schemaWith(),
		ResourceSchemas: map[string]*tfprotov6.Schema{"falcon_thing": schemaWith(
			&tfprotov6.SchemaAttribute{Name: "tags", Type: tftypes.Map{ElementType: tftypes.String}, Optional: true, Computed: true},
			&tfprotov6.SchemaAttribute{Name: "secret_wo", Type: tftypes.String, Required: true, Sensitive: true, WriteOnly: true, Deprecated: true},
			&tfprotov6.SchemaAttribute{Name: "rows", Computed: true, NestedType: &tfprotov6.SchemaObject{
				Nesting: tfprotov6.SchemaObjectNestingModeList, Attributes: []*tfprotov6.SchemaAttribute{number},
			}},
		)},
		DataSourceSchemas:        map[string]*tfprotov6.Schema{"falcon_thing": lookup},
		EphemeralResourceSchemas: map[string]*tfprotov6.Schema{"falcon_pass": schemaWith()},
		ListResourceSchemas: map[string]*tfprotov6.Schema{"falcon_thing": schemaWith(
			&tfprotov6.SchemaAttribute{Name: "enabled", Type: tftypes.Bool, Optional: true},
		)},
		ActionSchemas: map[string]*tfprotov6.ActionSchema{"falcon_run": {Schema: schemaWith()}},
		Functions: map[string]*tfprotov6.Function{"scale": {
			Description: "Long.", Summary: "Short.", Return: &tfprotov6.FunctionReturn{Type: tftypes.List{ElementType: tftypes.Number}},
			Parameters:        []*tfprotov6.FunctionParameter{{Name: "score", Description: "Of a user.", AllowNullValue: true, Type: tftypes.Number}},
			VariadicParameter: &tfprotov6.FunctionParameter{Name: "more", Type: tftypes.Object{AttributeTypes: map[string]tftypes.Type{"a": tftypes.Bool}}},
		}},
	}
	f.identity.IdentitySchemas = map[string]*tfprotov6.ResourceIdentitySchema{"falcon_thing": {
		Version: 1,
		IdentityAttributes: []*tfprotov6.ResourceIdentitySchemaAttribute{
			{Name: "id", Type: tftypes.String, Description: "The id.", RequiredForImport: true},
			{Name: "cid", Type: tftypes.String, OptionalForImport: true},
		},
	}}
	return f
}

func TestDumpWritesWhatTerraformPrints(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := dump(t.Context(), everyKind(), &out); err != nil {
		t.Fatal(err)
	}
	var got, want any
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(wanted), &want); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%s\nwant\n%s", out.String(), wanted)
	}
}

func TestDumpFails(t *testing.T) {
	t.Parallel()
	broken, wrong, identity, warned := everyKind(), everyKind(), everyKind(), everyKind()
	broken.failure = errors.New("no response")
	wrong.schema.Diagnostics = []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: "Two of a name", Detail: "falcon_thing"}}
	identity.identity.Diagnostics = []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: "No identity"}}
	warned.schema.Diagnostics = []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityWarning, Summary: "Old"}}
	for want, f := range map[string]*fake{"no response": broken, "Two of a name: falcon_thing": wrong, "No identity": identity, "": warned} {
		err := dump(t.Context(), f, &bytes.Buffer{})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// The real provider can be described, and each thing in it says what it is: its page starts with that.
func TestDumpOfTheProvider(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := dump(t.Context(), providerserver.NewProtocol6(provider.New("test")())(), &out); err != nil {
		t.Fatal(err)
	}
	type described struct {
		Block       struct{ Description string }
		Description string
	}
	var got struct {
		Providers map[string]map[string]json.RawMessage `json:"provider_schemas"`
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	for _, section := range []string{"resource_schemas", "data_source_schemas", "ephemeral_resource_schemas", "list_resource_schemas", "action_schemas", "functions"} {
		text, found := got.Providers["falcon"][section]
		if !found {
			continue
		}
		all := map[string]described{}
		if err := json.Unmarshal(text, &all); err != nil {
			t.Fatal(err)
		}
		for name, d := range all {
			if d.Description == "" && d.Block.Description == "" {
				t.Errorf("%s %s has no description", section, name)
			}
		}
	}
	if _, found := got.Providers["falcon"]["resource_schemas"]; !found {
		t.Error("no resources")
	}
}
