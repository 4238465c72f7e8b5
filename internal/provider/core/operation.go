package core

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

// DefaultTimeout bounds an operation whose configuration sets no timeouts.
const DefaultTimeout = 10 * time.Minute

// PlanCheckTime limits the requests of a plan that only report an error of the apply earlier.
const PlanCheckTime = time.Minute

// ReadData implements Read for data sources: it decodes the configuration into a model, limits the read to the configured
// timeout, and stores the model in state unless there was an error.
func ReadData[M any](ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse, read func(context.Context, *M, *diag.Diagnostics)) {
	var m M
	var limits timeouts.Value
	if !DecodeConfig(ctx, req.Config, &m, &limits, &resp.Diagnostics) {
		return
	}
	limited, cancel := WithTimeout(ctx, limits.Read, &resp.Diagnostics)
	defer cancel()
	if read(limited, &m, &resp.Diagnostics); !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
	}
}

// DecodeConfig decodes a configuration into a model, and its timeouts into limits. The type of limits differs between data
// sources and ephemeral resources. It returns false after an error.
func DecodeConfig(ctx context.Context, config tfsdk.Config, model, limits any, diags *diag.Diagnostics) bool {
	diags.Append(config.Get(ctx, model)...)
	diags.Append(config.GetAttribute(ctx, Attribute("timeouts"), limits)...)
	return !diags.HasError()
}

// timeoutFunc is one of the accessors of a timeouts.Value.
type timeoutFunc func(context.Context, time.Duration) (time.Duration, diag.Diagnostics)

// WithTimeout limits one operation to the configured timeout. The returned function ends the operation and adds a warning to
// diags if Falcon announced the end of one of its requests.
func WithTimeout(ctx context.Context, timeout timeoutFunc, diags *diag.Diagnostics) (context.Context, context.CancelFunc) {
	d, more := timeout(ctx, DefaultTimeout)
	diags.Append(more...)
	ctx, deprecations := falcon.WatchDeprecations(ctx)
	ctx, cancel := context.WithTimeout(ctx, d)
	return ctx, func() {
		cancel()
		warnDeprecated(deprecations(), diags)
	}
}

// warnDeprecated adds one warning about deprecated requests, if there are any.
func warnDeprecated(requests []falcon.Deprecation, diags *diag.Diagnostics) {
	if len(requests) == 0 {
		return
	}
	var list strings.Builder
	for _, c := range requests {
		fmt.Fprintf(&list, "\n\n  %s\n    %s", c.Call, c.Notice)
	}
	diags.AddWarning("Deprecated Falcon API", "CrowdStrike announces the end of API requests that this provider sends:"+list.String()+
		"\n\nNo action is needed now. Update the provider before CrowdStrike removes them. If the latest version of the provider still "+
		"sends them, please report it.")
}
