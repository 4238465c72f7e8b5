package falcon

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// ValidationError is one problem that Falcon finds in a workflow (wire/workflows.md#import).
type ValidationError struct {
	// Code is Falcon's number, such as 2003 (unknown trigger event), 2016 (a required property is missing) or 2035 (the
	// action's plugin is not configured); 0 where Falcon returned none.
	Code    int
	Message string
	// NodeID is the key of the trigger, action, condition or loop in the document, if Falcon names it.
	NodeID       string
	ParentNodeID string
	Property     string
	Level        string
}

// String says what is wrong and where, on one line.
func (e ValidationError) String() string {
	var b strings.Builder
	if e.NodeID != "" {
		fmt.Fprintf(&b, "at %q", e.NodeID)
		if e.ParentNodeID != "" && e.ParentNodeID != e.NodeID {
			fmt.Fprintf(&b, " in %q", e.ParentNodeID)
		}
		if e.Property != "" {
			fmt.Fprintf(&b, ", property %q", e.Property)
		}
		b.WriteString(": ")
	} else if e.Property != "" {
		fmt.Fprintf(&b, "property %q: ", e.Property)
	}
	b.WriteString(strings.TrimSpace(e.Message))
	if e.Code != 0 {
		fmt.Fprintf(&b, " (code %d)", e.Code)
	}
	return b.String()
}

// ValidationErrors is the error of a workflow that Falcon understands but does not accept.
type ValidationErrors []ValidationError

// Error lists the problems, one per line.
func (e ValidationErrors) Error() string {
	if len(e) == 1 {
		return "Falcon does not accept the workflow: " + e[0].String()
	}
	var b strings.Builder
	b.WriteString("Falcon does not accept the workflow:")
	for _, v := range e {
		b.WriteString("\n  - " + v.String())
	}
	return b.String()
}

// serious reports whether there are more than warnings. Falcon's levels are not published, so everything that it does not
// call a warning counts.
func (e ValidationErrors) serious() bool {
	return slices.ContainsFunc(e, func(v ValidationError) bool { return !strings.EqualFold(v.Level, "warning") })
}

// KeptError says that a create failed after the import and that the workflow could not be deleted.
type KeptError struct {
	// ID is the workflow that still exists.
	ID string
	// Err is why the create failed.
	Err error
	// DeleteErr is why the workflow could not be deleted.
	DeleteErr error
}

// Error says why the create failed, and which workflow still exists.
func (e *KeptError) Error() string {
	return fmt.Sprintf("%s. Workflow %s had been stored and could not be deleted: %v",
		strings.TrimSuffix(e.Err.Error(), "."), e.ID, e.DeleteErr)
}

// Unwrap returns why the create failed.
func (e *KeptError) Unwrap() error { return e.Err }

// ChangedError says that someone else changed a workflow while it was being written.
type ChangedError struct {
	ID, Name string
	// Err is how the workflow differs from what was sent.
	Err error
}

// Error names the workflow and how it differs.
func (e *ChangedError) Error() string {
	return fmt.Sprintf("someone else changed the workflow %q (id %s) at the same time: %v", e.Name, e.ID, e.Err)
}

// Unwrap returns how the workflow differs from what was sent.
func (e *ChangedError) Unwrap() error { return e.Err }

// validationErrors returns the errors of a 2xx response, or nil: Falcon responds with 200 to a workflow that it does not
// accept (wire/workflows.md#enabling).
func validationErrors(messages []Message) error {
	if len(messages) == 0 {
		return nil
	}
	errs := make(ValidationErrors, 0, len(messages))
	for _, m := range messages {
		errs = append(errs, ValidationError{Code: m.Code, Message: m.Message})
	}
	return errs
}

// RefusedDocumentError says that Falcon refused a document with an error status. Unlike a document with ValidationErrors in
// a 2xx response, it is not stored, not even as a draft (wire/workflows.md#update).
type RefusedDocumentError struct{ Problems ValidationErrors }

// Error lists the problems.
func (e *RefusedDocumentError) Error() string { return e.Problems.Error() }

// Unwrap returns the ValidationErrors.
func (e *RefusedDocumentError) Unwrap() error { return e.Problems }

// documentRefusal returns a *RefusedDocumentError for the refusal of a document: a 404 about an action's activity, which
// must not be read as a missing workflow (wire/workflows.md#update), and a 400 whose messages all have codes of workflow
// validation. Such codes have been observed only with status 200.
func documentRefusal(err error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok || e.token {
		return err
	}
	unknownActivity := e.Status == http.StatusNotFound && e.says("activity not found")
	invalid := e.Status == http.StatusBadRequest && len(e.Messages) > 0 &&
		!slices.ContainsFunc(e.Messages, func(m Message) bool { return m.Code < 2000 || m.Code > 2999 })
	if !unknownActivity && !invalid {
		return err
	}
	refused := &RefusedDocumentError{}
	for _, m := range e.Messages {
		refused.Problems = append(refused.Problems, ValidationError{Code: m.Code, Message: m.Message})
	}
	return refused
}
