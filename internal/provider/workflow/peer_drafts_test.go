package workflow_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// draftFault is a document that Falcon does not enable.
type draftFault struct {
	name, document string
	// names is the text that validation_errors or the error contains.
	names string
	// refused are the readings of Q37 under which Falcon refuses an update with it. An import stores it under each reading.
	refused []string
}

func draftFaults(t *testing.T) []draftFault {
	t.Helper()
	return []draftFault{
		{name: "property without a value", document: peerFlow("errand", "", "", waits("''")), names: "sleep_time"},
		{
			name: "unknown event", names: "No/Such/Event", refused: []string{"a"},
			document: strings.Replace(peerBasic, "type: On demand", "type: Signal\n  event: No/Such/Event", 1),
		},
		{name: "unknown action", document: peerUnknown, names: "0123456789abcdef0123456789abcdee", refused: readingsOf(t, "Q37")},
	}
}

// readingsOf returns the letters of an open question's readings.
func readingsOf(t *testing.T, id string) []string {
	t.Helper()
	all := falconsim.Questions()
	i := slices.IndexFunc(all, func(q falconsim.Question) bool { return q.ID == id })
	if i < 0 {
		t.Fatalf("there is no question %s", id)
	}
	var letters []string
	for _, r := range all[i].Readings {
		letters = append(letters, r.Letter)
	}
	return letters
}

// A draft is updated with another document that Falcon does not enable either (wire/open-questions.md#q37). If Falcon
// saves it, validation_errors has only the new errors. If Falcon refuses it, the draft is unchanged in Falcon and in the
// state, and the former configuration plans no change. In both cases the draft can be finished afterwards.
func TestDraftToAnotherDraft(t *testing.T) {
	t.Parallel()
	for _, q37 := range readingsOf(t, "Q37") {
		for _, q38 := range readingsOf(t, "Q38") {
			for _, from := range draftFaults(t) {
				for _, to := range draftFaults(t) {
					if from.name == to.name {
						continue
					}
					t.Run("Q37="+q37+" Q38="+q38+"/"+from.name+" to "+to.name, func(t *testing.T) {
						t.Parallel()
						acctest.WithFakeClock(t, falconsim.Options{Readings: falconsim.Readings{"Q37": q37, "Q38": q38}}, func(_ *testing.T, b *acctest.Harness) {
							d := &draftLife{Life: &acctest.Life{Harness: b, Resource: acctest.WorkflowType}, from: from}
							d.State = d.Run().None()
							d.create()
							d.update(to, slices.Contains(to.refused, q37))
							d.finish()
						})
					})
				}
			}
		}
	}
}

// draftLife is a draft that changes.
type draftLife struct {
	*acctest.Life
	from draftFault
}

func draftOf(f draftFault) acctest.Arguments {
	return acctest.Arguments{"definition": f.document, "enabled": false}
}

func (d *draftLife) create() {
	d.T.Helper()
	created, diags := d.Run().Apply(d.State, draftOf(d.from))
	if problem := d.Checked(diags); problem != "" {
		d.T.Fatal(problem)
	}
	d.settle(created, d.from, 1)
}

// settle refreshes, and checks validation_errors, the version, and that the next plan is empty.
func (d *draftLife) settle(state acctest.Instance, shown draftFault, version int) {
	d.T.Helper()
	p := d.Run()
	d.State = p.Refreshed(state)
	got := p.Text(d.State, "validation_errors")
	if !strings.Contains(got, shown.names) {
		d.T.Errorf("validation_errors lack %q: %s", shown.names, got)
	}
	for _, other := range draftFaults(d.T) {
		if other.name != shown.name && strings.Contains(got, other.names) {
			d.T.Errorf("validation_errors are still those of %s: %s", other.name, got)
		}
	}
	if wrong := hasFlow("errand", false, version)(d.Sim); wrong != "" {
		d.T.Error(wrong)
	}
	p.WantNoop(d.State, draftOf(shown))
}

func (d *draftLife) update(to draftFault, refused bool) {
	d.T.Helper()
	p := d.Run()
	before := d.Sim.Workflows()[0].Document
	prior := p.Refreshed(d.State)
	if refused {
		_, diags := p.Plan(prior, draftOf(to))
		if problem := d.Checked(diags); !strings.Contains(problem, to.names) {
			d.T.Errorf("the plan does not report that Falcon refuses the update: %q", problem)
		}
	}
	created, diags := p.Apply(prior, draftOf(to))
	problem := d.Checked(diags)
	if !refused {
		if problem != "" {
			d.T.Fatal(problem)
		}
		d.settle(created, to, 2)
		return
	}
	if !strings.Contains(problem, to.names) {
		d.T.Errorf("the error lacks %q: %q", to.names, problem)
	}
	if now := d.Sim.Workflows()[0].Document; acctest.AsJSONText(now) != acctest.AsJSONText(before) {
		d.T.Errorf("Falcon has %s, but had %s", acctest.AsJSONText(now), acctest.AsJSONText(before))
	}
	d.settle(created, d.from, 1)
}

// finish enables a document without faults.
func (d *draftLife) finish() {
	d.T.Helper()
	version := d.Sim.Workflows()[0].Version
	p := d.Run()
	config := acctest.Arguments{"definition": peerBasic}
	done, diags := p.Apply(d.State, config)
	if problem := d.Checked(diags); problem != "" {
		d.T.Fatal(problem)
	}
	if wrong := hasFlow("errand", true, version+2)(d.Sim); wrong != "" {
		d.T.Error(wrong)
	}
	next := d.Run()
	done = next.Refreshed(done)
	if got := next.Text(done, "validation_errors"); strings.Contains(got, "message") && strings.Contains(got, "code\":tftypes.Number<") {
		d.T.Errorf("validation_errors of a finished workflow: %s", got)
	}
	next.WantNoop(done, config)
}
