package acctest

import (
	"fmt"
	"os"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// Operation is what one run of Terraform does to one object. The table of faults has a row for each request that it sends.
type Operation struct {
	Name, Resource string
	// Before is the configuration of the existing object; nil if there is none.
	Before func(*Harness) Arguments
	// Config is the new configuration; nil to destroy the object.
	Config func(*Harness) Arguments
	// Outside is a change in the console after Before was applied. It gets the id of the object.
	Outside func(h *Harness, id string) error
	// Reads stops after the refresh.
	Reads bool
	// Imports imports the object by its id.
	Imports bool
}

// Fixed returns arguments that do not depend on the tenant.
func Fixed(a Arguments) func(*Harness) Arguments { return func(*Harness) Arguments { return a } }

// Prepare creates the object that the operation begins with.
func (o Operation) Prepare(h *Harness) Instance {
	h.T.Helper()
	p := h.Start(o.Resource)
	state := p.None()
	if o.Before != nil {
		var diags []*tfprotov6.Diagnostic
		state, diags = p.Apply(state, o.Before(h))
		if problem := h.CheckDiagnostics(diags); problem != "" {
			h.T.Fatal(problem)
		}
	}
	if o.Outside != nil {
		if err := o.Outside(h, p.Text(state, "id")); err != nil {
			h.T.Fatal(err)
		}
	}
	return state
}

// Do runs the operation once; the text is the error.
func (o Operation) Do(h *Harness, state Instance) (Instance, string) {
	h.T.Helper()
	p, problem := h.TryStart(o.Resource)
	if problem != "" {
		return state, problem
	}
	if o.Imports {
		read, diags := p.Import(p.Text(state, "id"))
		if problem = h.CheckDiagnostics(diags); problem != "" {
			return state, problem
		}
		return read, ""
	}
	if !state.Value.IsNull() {
		read, diags := p.Read(state)
		if problem = h.CheckDiagnostics(diags); problem != "" {
			return state, problem
		}
		if read.Value.IsNull() && h.Exists(o.Resource, p.Text(state, "id")) {
			h.lostObject = true
		}
		state = read
	}
	var diags []*tfprotov6.Diagnostic
	switch {
	case o.Reads || o.Config == nil && state.Value.IsNull():
		return state, ""
	case o.Config == nil:
		state, diags = p.Destroy(state)
	default:
		before := state
		state, diags = p.Apply(state, o.Config(h))
		if problem := h.CheckDiagnostics(diags); problem != "" && before.Value.IsNull() && !state.Value.IsNull() {
			state, more := p.Destroy(state) // the object is tainted: the next run of Terraform destroys it
			return state, problem + h.CheckDiagnostics(more)
		}
	}
	return state, h.CheckDiagnostics(diags)
}

// ImportCommand matches the import command that an error recommends.
var ImportCommand = regexp.MustCompile(`terraform import (falcon_\w+)\.this ([0-9a-f]{32})`)

// complete repeats the operation until it succeeds, and imports objects that an error recommends to import.
func (o Operation) complete(h *Harness, state Instance, problem string) Instance {
	h.T.Helper()
	const most = 3
	for round := 1; problem != ""; round++ {
		if round > most {
			h.T.Fatalf("the operation still fails after %d more runs: %s", most, problem)
		}
		if m := ImportCommand.FindStringSubmatch(problem); m != nil && state.Value.IsNull() {
			found, diags := h.Start(o.Resource).Import(m[2])
			if failed := h.CheckDiagnostics(diags); failed != "" {
				h.T.Fatalf("the recommended import fails: %s", failed)
			}
			state = found
		}
		state, problem = o.Do(h, state)
	}
	return state
}

// WantEmptyPlan checks that the plan of the next run has no change.
func (o Operation) WantEmptyPlan(h *Harness, state Instance) {
	h.T.Helper()
	if o.Config == nil || o.Reads || o.Imports {
		return
	}
	p := h.Start(o.Resource)
	p.WantEmptyPlan(p.Refresh(state), o.Config(h))
}

// RunUnderFault runs the operation in a new tenant with a fault at one request, and checks that later runs complete it:
// the tenant then holds what DescribeManaged returns without the fault.
func (o Operation) RunUnderFault(t *testing.T, row FaultRow, want string) {
	t.Helper()
	f := row.Fault
	h := NewHarness(t, falconsim.Options{})
	state := o.Prepare(h)
	h.Transport.SetFault(FaultAt(row.At, f, row.Lasting))
	state, problem := o.Do(h, state)
	h.Transport.SetFault(nil)
	if problem != "" && f.Harmless {
		t.Fatal(problem)
	}
	if h.lostObject {
		t.Error("a refresh removed an existing object from the state")
		return
	}
	state = o.complete(h, state, problem)
	o.WantEmptyPlan(h, state)
	if h.leftBehind.Load() && (f.Name == "403" || f.Name == "hostile refusal") {
		return // the tenant does not allow the delete, and the provider has reported that
	}
	if got := h.DescribeManaged(); got != want {
		t.Errorf("the tenant holds\n%s\nwant\n%s\nafter: %s", got, want, problem)
	}
	h.WantWorkingSecret(h.Start(o.Resource), state)
	if len(h.Transport.ForeignHosts) > 0 {
		t.Errorf("requests to other hosts: %v", h.Transport.ForeignHosts)
	}
}

// FullTests reports whether tests run every row of their tables: with FALCON_TEST_FULL=1.
func FullTests() bool { return os.Getenv("FALCON_TEST_FULL") != "" }

// FaultRow is a row of the table of faults: a request, a fault, and whether later requests of the same kind meet it too.
type FaultRow struct {
	At      SentCall
	Fault   Fault
	Lasting bool
}

// Name is the name of the row's test.
func (r FaultRow) Name() string {
	return fmt.Sprintf("%s %s %d/%s/%v", r.At.Method, r.At.Path, r.At.N, r.Fault.Name, r.Lasting)
}

// FaultRows returns the rows of an operation that sends these requests. Unless all tests run, a fault either lasts or does
// not, always the same, and only the first operation of a table has rows for the requests that every run begins with.
func FaultRows(calls []SentCall, first bool) []FaultRow {
	var rows []FaultRow
	for _, c := range calls {
		if (c.Path == TokenPath || c.Path == TenantPath) && !first && !FullTests() {
			continue
		}
		for _, f := range Faults {
			for _, lasting := range []bool{false, true} {
				if FullTests() || lasting == ((len(c.Path)+len(f.Name)+c.N)%2 == 0) {
					rows = append(rows, FaultRow{c, f, lasting})
				}
			}
		}
	}
	return rows
}
