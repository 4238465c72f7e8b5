package provider

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/list/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// listModel is the configuration of a list block that filters by name alone.
type listModel struct {
	NameContains types.String   `tfsdk:"name_contains"`
	Timeouts     timeouts.Value `tfsdk:"timeouts"`
}

// listAttributes are what every list block takes. kind is the plural, such as "API clients".
func listAttributes(ctx context.Context, kind string) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"name_contains": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: fmt.Sprintf("Lists only %s with this text in their names. Upper and lower case count as the same.", kind),
		},
		"timeouts": timeouts.Attributes(ctx),
	}
}

// named says whether an object has a name that the filter lets pass.
func (m listModel) named(name string) bool {
	return m.NameContains.IsNull() || name != "" && strings.Contains(strings.ToLower(name), strings.ToLower(m.NameContains.ValueString()))
}

// shownName is a name that Falcon may not show.
func shownName(name *string) string {
	if name == nil {
		return ""
	}
	return *name
}

// listing is one run of a list resource.
type listing[T any] struct {
	summary string // of an error
	timeout timeoutFunc
	// objects are read as they are wanted; it gets a context that lasts until the last one.
	objects func(ctx context.Context) iter.Seq2[T, error]
	keep    func(T) bool
	id      func(T) string
	name    func(T) string // "" where Falcon does not show it
	// fill makes of a resource that has only its id what an import makes of it.
	// It may leave an object out, with a warning or without.
	fill func(ctx context.Context, object T, into *tfsdk.Resource, diags *diag.Diagnostics) (skip bool)
}

// results gives what Terraform asked for and reads no further than that. An
// error is a result too, the last one; so is a warning about the whole listing.
func (l listing[T]) results(ctx context.Context, req list.ListRequest) iter.Seq[list.ListResult] {
	return func(push func(list.ListResult) bool) {
		var diags diag.Diagnostics
		ctx, cancel := withTimeout(ctx, l.timeout, &diags)
		defer cancel()
		wanted := true
		if !diags.HasError() {
			wanted = l.pushAll(ctx, req, push)
		}
		if cancel(); wanted && len(diags) > 0 {
			push(list.ListResult{Diagnostics: diags})
		}
	}
}

// pushAll pushes the objects and says whether more results are wanted.
func (l listing[T]) pushAll(ctx context.Context, req list.ListRequest, push func(list.ListResult) bool) bool {
	listed := int64(0)
	for object, err := range l.objects(ctx) {
		if err != nil {
			return push(list.ListResult{Diagnostics: diag.Diagnostics{diag.NewErrorDiagnostic(l.summary, sentence(err.Error()))}})
		}
		if !l.keep(object) {
			continue
		}
		result, skip := l.result(ctx, req, object)
		if skip {
			if len(result.Diagnostics) > 0 && !push(list.ListResult{Diagnostics: result.Diagnostics}) {
				return false
			}
			continue
		}
		listed++
		if !push(result) {
			return false
		}
		if result.Diagnostics.HasError() || listed == req.Limit { // a limit of 0 is none
			return true
		}
	}
	return true
}

func (l listing[T]) result(ctx context.Context, req list.ListRequest, object T) (result list.ListResult, skip bool) {
	result = req.NewListResult(ctx)
	id := types.StringValue(l.id(object))
	if result.DisplayName = l.name(object); result.DisplayName == "" {
		result.DisplayName = id.ValueString()
	}
	setIdentity(ctx, result.Identity, id, &result.Diagnostics)
	if req.IncludeResource {
		result.Diagnostics.Append(result.Resource.SetAttribute(ctx, attribute("id"), id)...)
		skip = l.fill(ctx, object, result.Resource, &result.Diagnostics)
	}
	return result, skip
}

// keepModel writes a model into a listed resource.
func keepModel(ctx context.Context, model any, into *tfsdk.Resource, diags *diag.Diagnostics) {
	if !diags.HasError() {
		diags.Append(into.Set(ctx, model)...)
	}
}

// listConfig reads a list block; a bad one is a result with the error.
func listConfig(ctx context.Context, req list.ListRequest, into any, stream *list.ListResultsStream) bool {
	diags := req.Config.Get(ctx, into)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
	}
	return !diags.HasError()
}
