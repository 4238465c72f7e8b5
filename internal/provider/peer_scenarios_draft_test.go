package provider

import (
	"slices"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

// draftFault is a document that Falcon does not enable.
type draftFault struct {
	name, document string
	// names is what validation_errors, or the refusal, says.
	names string
	// refused are the readings of Q37 under which an update with it is refused; an import stores it all the same.
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

// readingsOf are the letters of an open question's readings.
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

// A draft that becomes another document that Falcon does not enable either (wire/open-questions.md#q37): where Falcon
// saves it, validation_errors has the new errors and none of the old ones; where Falcon refuses it, the draft is what it
// was, in Falcon and in the state, and going back is no change. In both cases it can be finished afterwards.
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
						inBubble(t, falconsim.Options{Readings: falconsim.Readings{"Q37": q37, "Q38": q38}}, func(t *testing.T, b *bubble) {
							d := &draftLife{peerLife: &peerLife{bubble: b, resource: flowType}, from: from}
							d.state = d.run().none()
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
	*peerLife
	from draftFault
}

func draftOf(f draftFault) arguments { return arguments{"definition": f.document, "enabled": false} }

func (d *draftLife) create() {
	d.t.Helper()
	made, diags := d.run().apply(d.state, draftOf(d.from))
	if problem := d.checked(diags); problem != "" {
		d.t.Fatal(problem)
	}
	d.settle(made, d.from, 1)
}

// settle refreshes, and checks the errors that are shown, the version, and that nothing is left to do.
func (d *draftLife) settle(state instance, shown draftFault, version int) {
	d.t.Helper()
	p := d.run()
	d.state = p.refreshed(state)
	got := p.text(d.state, "validation_errors")
	if !strings.Contains(got, shown.names) {
		d.t.Errorf("validation_errors lack %q: %s", shown.names, got)
	}
	for _, other := range draftFaults(d.t) {
		if other.name != shown.name && strings.Contains(got, other.names) {
			d.t.Errorf("validation_errors are still those of %s: %s", other.name, got)
		}
	}
	if wrong := hasFlow("errand", false, version)(d.sim); wrong != "" {
		d.t.Error(wrong)
	}
	p.wantNoop(d.state, draftOf(shown))
}

func (d *draftLife) update(to draftFault, refused bool) {
	d.t.Helper()
	p := d.run()
	before := d.sim.Workflows()[0].Document
	made, diags := p.apply(p.refreshed(d.state), draftOf(to))
	problem := d.checked(diags)
	if !refused {
		if problem != "" {
			d.t.Fatal(problem)
		}
		d.settle(made, to, 2)
		return
	}
	if !strings.Contains(problem, to.names) {
		d.t.Errorf("the refusal lacks %q: %q", to.names, problem)
	}
	if now := d.sim.Workflows()[0].Document; asJSONText(now) != asJSONText(before) {
		d.t.Errorf("Falcon has %s, and had %s", asJSONText(now), asJSONText(before))
	}
	d.settle(made, d.from, 1)
}

// finish enables a document without faults.
func (d *draftLife) finish() {
	d.t.Helper()
	version := d.sim.Workflows()[0].Version
	p := d.run()
	config := arguments{"definition": peerBasic}
	done, diags := p.apply(d.state, config)
	if problem := d.checked(diags); problem != "" {
		d.t.Fatal(problem)
	}
	if wrong := hasFlow("errand", true, version+2)(d.sim); wrong != "" {
		d.t.Error(wrong)
	}
	next := d.run()
	done = next.refreshed(done)
	if got := next.text(done, "validation_errors"); strings.Contains(got, "message") && strings.Contains(got, "code\":tftypes.Number<") {
		d.t.Errorf("validation_errors of a finished workflow: %s", got)
	}
	next.wantNoop(done, config)
}
