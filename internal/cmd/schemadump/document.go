package main

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// document is what `terraform providers schema -json` prints, as the page "JSON
// Output Format" of Terraform's internals describes it.
type document struct {
	FormatVersion string                  `json:"format_version"`
	Providers     map[string]providerJSON `json:"provider_schemas"`
}

type providerJSON struct {
	Provider           *schemaJSON             `json:"provider"`
	Resources          map[string]*schemaJSON  `json:"resource_schemas,omitempty"`
	DataSources        map[string]*schemaJSON  `json:"data_source_schemas,omitempty"`
	EphemeralResources map[string]*schemaJSON  `json:"ephemeral_resource_schemas,omitempty"`
	ListResources      map[string]*schemaJSON  `json:"list_resource_schemas,omitempty"`
	Actions            map[string]*actionJSON  `json:"action_schemas,omitempty"`
	Functions          map[string]functionJSON `json:"functions,omitempty"`
	Identities         map[string]identityJSON `json:"resource_identity_schemas,omitempty"`
}

type schemaJSON struct {
	Version int64      `json:"version"`
	Block   *blockJSON `json:"block"`
}

type actionJSON struct {
	Block *blockJSON `json:"block"`
}

type blockJSON struct {
	Attributes      map[string]*attributeJSON `json:"attributes,omitempty"`
	BlockTypes      map[string]*nestedBlock   `json:"block_types,omitempty"`
	Description     string                    `json:"description,omitempty"`
	DescriptionKind string                    `json:"description_kind"`
	Deprecated      bool                      `json:"deprecated,omitempty"`
}

type nestedBlock struct {
	NestingMode string     `json:"nesting_mode"`
	Block       *blockJSON `json:"block"`
	MinItems    int64      `json:"min_items,omitempty"`
	MaxItems    int64      `json:"max_items,omitempty"`
}

type attributeJSON struct {
	Type            tftypes.Type `json:"type,omitempty"`
	NestedType      *nestedType  `json:"nested_type,omitempty"`
	Description     string       `json:"description,omitempty"`
	DescriptionKind string       `json:"description_kind"`
	Deprecated      bool         `json:"deprecated,omitempty"`
	Required        bool         `json:"required,omitempty"`
	Optional        bool         `json:"optional,omitempty"`
	Computed        bool         `json:"computed,omitempty"`
	Sensitive       bool         `json:"sensitive,omitempty"`
	WriteOnly       bool         `json:"write_only,omitempty"`
}

type nestedType struct {
	Attributes  map[string]*attributeJSON `json:"attributes"`
	NestingMode string                    `json:"nesting_mode"`
}

type functionJSON struct {
	Description        string          `json:"description,omitempty"`
	Summary            string          `json:"summary,omitempty"`
	DeprecationMessage string          `json:"deprecation_message,omitempty"`
	ReturnType         tftypes.Type    `json:"return_type"`
	Parameters         []parameterJSON `json:"parameters,omitempty"`
	Variadic           *parameterJSON  `json:"variadic_parameter,omitempty"`
}

type parameterJSON struct {
	Name        string       `json:"name"`
	Description string       `json:"description,omitempty"`
	Nullable    bool         `json:"is_nullable,omitempty"`
	Type        tftypes.Type `json:"type"`
}

type identityJSON struct {
	Version    int64                        `json:"version"`
	Attributes map[string]identityAttribute `json:"attributes"`
}

type identityAttribute struct {
	Type              tftypes.Type `json:"type"`
	Description       string       `json:"description,omitempty"`
	RequiredForImport bool         `json:"required_for_import,omitempty"`
	OptionalForImport bool         `json:"optional_for_import,omitempty"`
}

func providerOf(s *tfprotov6.GetProviderSchemaResponse, identity *tfprotov6.GetResourceIdentitySchemasResponse) providerJSON {
	return providerJSON{
		Provider:           schemaOf(s.Provider),
		Resources:          each(s.ResourceSchemas, schemaOf),
		DataSources:        each(s.DataSourceSchemas, schemaOf),
		EphemeralResources: each(s.EphemeralResourceSchemas, schemaOf),
		ListResources:      each(s.ListResourceSchemas, schemaOf),
		Actions:            each(s.ActionSchemas, actionOf),
		Functions:          each(s.Functions, functionOf),
		Identities:         each(identity.IdentitySchemas, identityOf),
	}
}

// each turns the values of a map.
func each[From, To any](all map[string]From, turn func(From) To) map[string]To {
	turned := make(map[string]To, len(all))
	for name, value := range all {
		turned[name] = turn(value)
	}
	return turned
}

func schemaOf(s *tfprotov6.Schema) *schemaJSON {
	if s == nil {
		return nil
	}
	return &schemaJSON{Version: s.Version, Block: blockOf(s.Block)}
}

func actionOf(a *tfprotov6.ActionSchema) *actionJSON {
	return &actionJSON{Block: blockOf(a.Schema.Block)}
}

func blockOf(b *tfprotov6.SchemaBlock) *blockJSON {
	block := &blockJSON{
		Attributes: attributesOf(b.Attributes), BlockTypes: map[string]*nestedBlock{},
		Description: b.Description, DescriptionKind: kind(b.DescriptionKind), Deprecated: b.Deprecated,
	}
	for _, n := range b.BlockTypes {
		block.BlockTypes[n.TypeName] = &nestedBlock{
			NestingMode: strings.ToLower(n.Nesting.String()), Block: blockOf(n.Block), MinItems: n.MinItems, MaxItems: n.MaxItems,
		}
	}
	return block
}

func attributesOf(list []*tfprotov6.SchemaAttribute) map[string]*attributeJSON {
	all := make(map[string]*attributeJSON, len(list))
	for _, a := range list {
		attribute := &attributeJSON{
			Type: a.Type, Description: a.Description, DescriptionKind: kind(a.DescriptionKind), Deprecated: a.Deprecated,
			Required: a.Required, Optional: a.Optional, Computed: a.Computed, Sensitive: a.Sensitive, WriteOnly: a.WriteOnly,
		}
		if a.NestedType != nil {
			attribute.NestedType = &nestedType{Attributes: attributesOf(a.NestedType.Attributes), NestingMode: strings.ToLower(a.NestedType.Nesting.String())}
		}
		all[a.Name] = attribute
	}
	return all
}

func functionOf(f *tfprotov6.Function) functionJSON {
	function := functionJSON{Description: f.Description, Summary: f.Summary, DeprecationMessage: f.DeprecationMessage, ReturnType: f.Return.Type}
	for _, p := range f.Parameters {
		function.Parameters = append(function.Parameters, parameterOf(p))
	}
	if f.VariadicParameter != nil {
		variadic := parameterOf(f.VariadicParameter)
		function.Variadic = &variadic
	}
	return function
}

func parameterOf(p *tfprotov6.FunctionParameter) parameterJSON {
	return parameterJSON{Name: p.Name, Description: p.Description, Nullable: p.AllowNullValue, Type: p.Type}
}

func identityOf(s *tfprotov6.ResourceIdentitySchema) identityJSON {
	identity := identityJSON{Version: s.Version, Attributes: map[string]identityAttribute{}}
	for _, a := range s.IdentityAttributes {
		identity.Attributes[a.Name] = identityAttribute{
			Type: a.Type, Description: a.Description, RequiredForImport: a.RequiredForImport, OptionalForImport: a.OptionalForImport,
		}
	}
	return identity
}

func kind(k tfprotov6.StringKind) string {
	if k == tfprotov6.StringKindMarkdown {
		return "markdown"
	}
	return "plain"
}
