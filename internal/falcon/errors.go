package falcon

// Message is one item of the errors list in an answer of Falcon.
type Message struct {
	Code    int
	ID      string
	Message string
}

// Error is a call that failed: Falcon refused it, could not be reached, or answered with something unreadable.
type Error struct {
	Doing        string // what was tried, e.g. `create API client "x"`
	Status       int    // HTTP status; 0 when there was no answer
	Messages     []Message
	TraceID      string
	MissingScope string // the scope that the provider's API client lacks, as far as that is what Falcon said
	Region       string // X-Cs-Region of the answer
	Host         string // the host that was called
	Err          error  // the cause, when there was no readable answer

	body      []byte // the answer's body, for callers that can use it
	ambiguous bool   // the change may have taken effect
	attempts  int    // how often the call was sent
}

func (e *Error) Error() string { return "not built yet" }

// Unwrap gives the cause when there was no readable answer.
func (e *Error) Unwrap() error { return e.Err }

// ExistsError says that an object of the wanted name exists already; nothing was changed.
type ExistsError struct {
	Kind, Name string // e.g. "API client" and its name
	IDs        []string
	Err        error // Falcon's refusal, if one was asked for
}

func (e *ExistsError) Error() string { return "not built yet" }

// Unwrap gives Falcon's refusal.
func (e *ExistsError) Unwrap() error { return e.Err }

// UnsettledError says that the answer to a create was lost and that it could not be found out whether the object exists.
type UnsettledError struct {
	Kind, Name string
	IDs        []string // objects of that name that may or may not be the one
	Err        error
}

func (e *UnsettledError) Error() string { return "not built yet" }

// Unwrap gives the error of the create.
func (e *UnsettledError) Unwrap() error { return e.Err }

// IsNotFound reports whether Falcon said that the object does not exist.
func IsNotFound(err error) bool { return false }

// IsForbidden reports whether Falcon refused the call with 403.
func IsForbidden(err error) bool { return false }

// IsConflict reports whether Falcon refused the call with 409.
func IsConflict(err error) bool { return false }

// IsScopeMissing reports whether the provider's API client lacks a scope.
func IsScopeMissing(err error) bool { return false }

// Ambiguous reports whether the change that failed may have taken effect all the same: the answer was lost, could not
// be read, or was a 5xx.
func Ambiguous(err error) bool { return false }
