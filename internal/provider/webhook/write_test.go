package webhook

import (
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

func TestRefusalOf(t *testing.T) {
	t.Parallel()
	status := func(n int) error { return &falcon.Error{Doing: "x", Status: n} }
	tests := map[string]struct {
		err  error
		want int // status; -1: not a refusal
	}{
		"none":            {nil, -1},
		"not offered":     {&falcon.WritesUnavailableError{Status: http.StatusNotFound}, http.StatusNotFound},
		"switched off":    {fmt.Errorf("x: %w", &falcon.WritesUnavailableError{}), 0},
		"forbidden":       {status(http.StatusForbidden), http.StatusForbidden},
		"server error":    {status(http.StatusInternalServerError), http.StatusInternalServerError},
		"gone":            {status(http.StatusNotFound), -1},
		"no response":     {status(0), -1},
		"rate limit":      {status(http.StatusTooManyRequests), -1},
		"invalid token":   {status(http.StatusUnauthorized), -1},
		"name taken":      {&falcon.ExistsError{Err: status(http.StatusConflict)}, -1},
		"outcome unknown": {&falcon.UnsettledError{Err: status(http.StatusBadGateway)}, -1},
		"another error":   {errors.New("x"), -1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := refusalOf(tt.err)
			if got == nil && tt.want != -1 || got != nil && got.Status != tt.want {
				t.Errorf("got %+v, want %d", got, tt.want)
			}
		})
	}
}

func TestOnlyInConsole(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]struct{ neverWorked, worked bool }{
		0: {true, true}, 404: {true, true}, 405: {true, true}, 415: {true, true}, 501: {true, true},
		200: {true, false}, 400: {true, false}, 403: {true, false}, 409: {true, false},
		500: {false, false}, 503: {false, false},
	} {
		refusal := &falcon.WritesUnavailableError{Status: status}
		if got := onlyInConsole(refusal, false); got != want.neverWorked {
			t.Errorf("%d, a request that never worked: %t", status, got)
		}
		if got := onlyInConsole(refusal, true); got != want.worked {
			t.Errorf("%d, a request that has worked: %t", status, got)
		}
	}
}

// The second apply of a change assumes that it was made in the console only if it is the change that the user was asked
// to make.
func TestGuideFor(t *testing.T) {
	t.Parallel()
	plan := exampleState()
	c := change{newSecret: true, secret: coretest.TestKey}
	moved := plan
	moved.URL = types.StringValue("https://b.example")
	otherSecret, ownVersion := c, c
	otherSecret.secret += "x"
	ownVersion.ownVersion = true
	ownVersionNewSecret := ownVersion
	ownVersionNewSecret.secret = "a value that is new in every run"
	if guideFor(plan, c) == guideFor(plan, otherSecret) {
		t.Error("another secret is the same change")
	}
	if guideFor(plan, c) == guideFor(moved, c) {
		t.Error("another URL is the same change")
	}
	if guideFor(plan, ownVersion) != guideFor(plan, ownVersionNewSecret) {
		t.Error("the user's own version does not identify the change")
	}
}
