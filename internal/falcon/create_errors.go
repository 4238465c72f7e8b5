package falcon

import (
	"fmt"
	"strings"
)

// ExistsError says that an object of this name already exists; nothing was changed.
type ExistsError struct {
	Kind, Name string // e.g. "API client" and its name
	IDs        []string
	Err        error // Falcon's refusal, if a request was sent
}

// Error names the object and its ids.
func (e *ExistsError) Error() string {
	text := fmt.Sprintf("the %s %q already exists", e.Kind, e.Name)
	if len(e.IDs) > 0 {
		text += " (id " + strings.Join(e.IDs, ", ") + ")"
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns Falcon's refusal.
func (e *ExistsError) Unwrap() error { return e.Err }

// UnsettledError says that the response to a create was lost and that it could not be determined whether the object exists.
type UnsettledError struct {
	Kind, Name string
	IDs        []string // objects of that name, one of which may be the new one
	Absent     bool     // no object of that name exists yet; it may still appear
	Err        error
}

// Error names the object, and the candidates for it.
func (e *UnsettledError) Error() string {
	text := fmt.Sprintf("it is not known whether the %s %q was created", e.Kind, e.Name)
	if len(e.IDs) > 0 {
		text += " (it may be the one with id " + strings.Join(e.IDs, ", ") + ")"
	}
	if e.Absent {
		text += " (no object of that name exists yet)"
	}
	text += ": " + e.Err.Error()
	if len(e.IDs) == 0 {
		text = strings.TrimSuffix(text, ".") + ". It may appear later under this name"
	}
	return text
}

// Unwrap returns the error of the create.
func (e *UnsettledError) Unwrap() error { return e.Err }

// DuplicateNameError says that this Client creates two objects of the same name. Whether Falcon would refuse the second one
// is not known (wire/open-questions.md#q07). After a lost response the two could not be distinguished.
type DuplicateNameError struct {
	Kind, Name string
	ID         string // of the first one; "" while it is being created
}

// Error names the object.
func (e *DuplicateNameError) Error() string {
	text := fmt.Sprintf("the %s %q is created twice", e.Kind, e.Name)
	if e.ID != "" {
		text += fmt.Sprintf(": the first one has the id %s", e.ID)
	}
	return text
}
