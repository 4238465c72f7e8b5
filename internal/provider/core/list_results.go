package core

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

// ListModel is the configuration of a list block that filters by name alone.
type ListModel struct {
	NameContains types.String   `tfsdk:"name_contains"`
	Timeouts     timeouts.Value `tfsdk:"timeouts"`
}

// ListAttributes returns the arguments of every list block. kind is the plural, such as "API clients".
func ListAttributes(ctx context.Context, kind string) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"name_contains": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: fmt.Sprintf("Lists only %s with this text in their names. Case is ignored.", kind),
		},
		"timeouts": timeouts.Attributes(ctx),
	}
}

// Named reports whether the filter accepts an object with this name.
func (m ListModel) Named(name string) bool { return NameMatches(m.NameContains, name) }

// NameMatches reports whether a filter name_contains accepts an object with this name. It ignores case; null accepts all.
func NameMatches(filter types.String, name string) bool {
	return filter.IsNull() || name != "" && strings.Contains(strings.ToLower(name), strings.ToLower(filter.ValueString()))
}

// ShownName returns a name, or "" if Falcon does not show it.
func ShownName(name *string) string {
	if name == nil {
		return ""
	}
	return *name
}

// Listing is one run of a list resource.
type Listing[T any] struct {
	// Summary is the summary of an error.
	Summary string
	// Timeout is the configured timeout.
	Timeout timeoutFunc
	// Objects returns the objects of the tenant, read as the results are consumed. ctx ends after the last one.
	Objects func(ctx context.Context) iter.Seq2[T, error]
	// Keep is the filter.
	Keep func(T) bool
	// ID returns the id of an object.
	ID func(T) string
	// Name returns the name of an object, or "" if Falcon does not show it.
	Name func(T) string
	// Fill sets the attributes of a resource that has only its id, as an import does. It may skip an object, with or without a
	// warning.
	Fill func(ctx context.Context, object T, into *tfsdk.Resource, diags *diag.Diagnostics) (skip bool)
	// Note, if set, adds a warning about the whole listing after the last object.
	Note func(diags *diag.Diagnostics)
}

// Results returns the results of a list request and reads one more object than the limit, to know whether there are more. An error is the last result, and so
// is a warning about the whole listing: an error that replaces the iterator would be lost.
func (l Listing[T]) Results(ctx context.Context, req list.ListRequest) iter.Seq[list.ListResult] {
	return func(push func(list.ListResult) bool) {
		var diags diag.Diagnostics
		ctx, cancel := WithTimeout(ctx, l.Timeout, &diags)
		defer cancel()
		wanted := true
		if !diags.HasError() {
			wanted = l.pushAll(ctx, req, push)
			if l.Note != nil {
				l.Note(&diags)
			}
		}
		if cancel(); wanted && len(diags) > 0 {
			push(list.ListResult{Diagnostics: diags})
		}
	}
}

// pushAll pushes the objects and reports whether more results are wanted.
func (l Listing[T]) pushAll(ctx context.Context, req list.ListRequest, push func(list.ListResult) bool) bool {
	listed := int64(0)
	var last *list.ListResult // reaches the limit, and waits for whether there are more
	for object, err := range l.Objects(ctx) {
		if err != nil && last != nil {
			break // nothing more was wanted
		}
		if err != nil {
			return push(list.ListResult{Diagnostics: diag.Diagnostics{diag.NewErrorDiagnostic(l.Summary, Sentence(err.Error()))}})
		}
		if !l.Keep(object) {
			continue
		}
		if last != nil {
			last.Diagnostics.AddWarning("List not complete", fmt.Sprintf(
				"There are more results than the limit of %d. Set a higher limit in the list block, or filter.", req.Limit))
			break
		}
		result, skip := l.result(ctx, req, object)
		if skip {
			if len(result.Diagnostics) > 0 && !push(list.ListResult{Diagnostics: result.Diagnostics}) {
				return false
			}
			continue
		}
		if listed++; listed == req.Limit && !result.Diagnostics.HasError() { // a limit of 0 is none
			last = &result
			continue
		}
		if !push(result) {
			return false
		}
		if result.Diagnostics.HasError() {
			return true
		}
	}
	// Terraform reads nothing after the last result, so the warning is part of it.
	return last == nil || push(*last)
}

func (l Listing[T]) result(ctx context.Context, req list.ListRequest, object T) (result list.ListResult, skip bool) {
	result = req.NewListResult(ctx)
	id := types.StringValue(l.ID(object))
	if result.DisplayName = l.Name(object); result.DisplayName == "" {
		result.DisplayName = id.ValueString()
	}
	SetIdentity(ctx, result.Identity, id, &result.Diagnostics)
	if req.IncludeResource {
		result.Diagnostics.Append(result.Resource.SetAttribute(ctx, Attribute("id"), id)...)
		skip = l.Fill(ctx, object, result.Resource, &result.Diagnostics)
	}
	return result, skip
}

// KeepModel sets a listed resource to a model, unless there is an error.
func KeepModel(ctx context.Context, model any, into *tfsdk.Resource, diags *diag.Diagnostics) {
	if !diags.HasError() {
		diags.Append(into.Set(ctx, model)...)
	}
}

// ListConfig decodes a list block. After an error it returns false, and the error is the only result.
func ListConfig(ctx context.Context, req list.ListRequest, into any, stream *list.ListResultsStream) bool {
	diags := req.Config.Get(ctx, into)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
	}
	return !diags.HasError()
}
