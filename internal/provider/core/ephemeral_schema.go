package core

import (
	"fmt"

	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
)

// EphemeralAttributes converts the attributes of a data source to those of the ephemeral resource with the same arguments.
// The framework has separate types for them.
func EphemeralAttributes(attributes map[string]datasource.Attribute) map[string]schema.Attribute {
	out := make(map[string]schema.Attribute, len(attributes))
	for name, a := range attributes {
		out[name] = ephemeralAttribute(a)
	}
	return out
}

func ephemeralAttribute(a datasource.Attribute) schema.Attribute {
	optional, computed, text := a.IsOptional(), a.IsComputed(), a.GetMarkdownDescription()
	switch a := a.(type) {
	case datasource.StringAttribute:
		return schema.StringAttribute{
			Required: a.Required, Optional: optional, Computed: computed, Sensitive: a.Sensitive, MarkdownDescription: text, Validators: a.Validators,
		}
	case datasource.BoolAttribute:
		return schema.BoolAttribute{Optional: optional, Computed: computed, MarkdownDescription: text, Validators: a.Validators}
	case datasource.Int64Attribute:
		return schema.Int64Attribute{Optional: optional, Computed: computed, MarkdownDescription: text, Validators: a.Validators}
	case datasource.NumberAttribute:
		return schema.NumberAttribute{Optional: optional, Computed: computed, MarkdownDescription: text, Validators: a.Validators}
	case datasource.MapAttribute:
		return schema.MapAttribute{Optional: optional, Computed: computed, MarkdownDescription: text, Validators: a.Validators, ElementType: a.ElementType}
	case datasource.ListAttribute:
		return schema.ListAttribute{Optional: optional, Computed: computed, MarkdownDescription: text, Validators: a.Validators, ElementType: a.ElementType}
	case datasource.SingleNestedAttribute:
		return schema.SingleNestedAttribute{Optional: optional, Computed: computed, MarkdownDescription: text, Attributes: EphemeralAttributes(a.Attributes)}
	case datasource.ListNestedAttribute:
		return schema.ListNestedAttribute{
			Optional: optional, Computed: computed, MarkdownDescription: text, CustomType: a.CustomType,
			NestedObject: schema.NestedAttributeObject{CustomType: a.NestedObject.CustomType, Attributes: EphemeralAttributes(a.NestedObject.Attributes)},
		}
	}
	panic(fmt.Sprintf("no ephemeral attribute for %T: add it to ephemeralAttribute", a)) // every schema is built in the tests
}
