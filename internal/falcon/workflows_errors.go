package falcon

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// ValidationError is one thing that Falcon finds wrong with a workflow (wire/workflows.md#import).
type ValidationError struct {
	// Code is Falcon's number, such as 2003 (unknown trigger event), 2016 (a required property is missing) or
	// 2035 (the action's plugin is not configured); 0 where Falcon gave none.
	Code    int
	Message string
	// NodeID is the key of the trigger, action, condition or loop in the document, where Falcon names it.
	NodeID       string
	ParentNodeID string
	Property     string
	Level        string
}

// String says what is wrong and where, in one line.
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

// ValidationErrors is the error of a workflow that Falcon understands but does not accept as it is.
type ValidationErrors []ValidationError

// Error lists what is wrong, one line each.
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

// serious says that there is more than warnings. Which levels Falcon knows is not published: anything that it does not
// call a warning counts.
func (e ValidationErrors) serious() bool {
	return slices.ContainsFunc(e, func(v ValidationError) bool { return !strings.EqualFold(v.Level, "warning") })
}

// KeptError says that a create failed after the import and that the workflow could not be removed again.
type KeptError struct {
	// ID is the workflow that is still in the tenant.
	ID string
	// Err is why the create failed.
	Err error
	// DeleteErr is why the workflow could not be removed.
	DeleteErr error
}

// Error says why the create failed, and which workflow is left.
func (e *KeptError) Error() string {
	return fmt.Sprintf("%s. Workflow %s was stored before that and could not be removed again: %v",
		strings.TrimSuffix(e.Err.Error(), "."), e.ID, e.DeleteErr)
}

// Unwrap gives why the create failed.
func (e *KeptError) Unwrap() error { return e.Err }

// ChangedError says that someone else changed a workflow while it was written.
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

// validationErrors gives the errors of a 2xx answer: Falcon answers 200 to a workflow that it does not take
// (wire/workflows.md#enabling). nil when there are none.
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

// RefusedDocumentError is a document that Falcon refused with an error status. Unlike one with ValidationErrors in a 2xx
// response, Falcon does not store it, not even as a draft (wire/workflows.md#update).
type RefusedDocumentError struct{ Problems ValidationErrors }

func (e *RefusedDocumentError) Error() string { return e.Problems.Error() }

// Unwrap returns the ValidationErrors.
func (e *RefusedDocumentError) Unwrap() error { return e.Problems }

func refusedDocument(messages []Message) error {
	problems, _ := errors.AsType[ValidationErrors](validationErrors(messages))
	return &RefusedDocumentError{problems}
}

// refused turns the refusals of a document into a RefusedDocumentError: a 404 that is about an action's activity, which must
// not be read as a workflow that is gone (wire/workflows.md#update), and a 400 whose messages all carry codes of
// workflow validation. Which status such codes come with is seen only for 200.
func refused(err error) error {
	if e, ok := asNotFound(err); ok && e.says("activity not found") {
		return refusedDocument(e.Messages)
	}
	if e, ok := errors.AsType[*Error](err); ok && hasStatus(err, http.StatusBadRequest) && len(e.Messages) > 0 &&
		!slices.ContainsFunc(e.Messages, func(m Message) bool { return m.Code < 2000 || m.Code > 2999 }) {
		return refusedDocument(e.Messages)
	}
	return err
}
