package webhook

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// A deletion that begins or ends between a look and the adoption is noticed by the adoption itself.
func TestWebhookRegistry_deletionMeanwhile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var r webhookRegistry
		old, heir := webhookHolder{instance: "old", name: "zscaler", created: true}, webhookHolder{instance: "new", name: "zscaler"}
		d := r.beginDelete("A", old)
		if d.heir != nil {
			t.Fatal("no one has adopted it")
		}
		a := r.adopt(t.Context(), "a", heir) // ids ignore letter case
		if a.ended == nil || a.other != nil {
			t.Fatalf("adopted during the deletion: %+v", a)
		}
		d.ended(configGone)
		<-a.ended
		if a := r.adopt(t.Context(), "a", heir); a.ended == nil {
			t.Errorf("adopted what is deleted: %+v", a)
		}
		if !r.isGone("A") || r.deletionUnderWay("a") != nil {
			t.Error("the deletion has not ended")
		}
	})
}

// An adoption waits a moment for the one that had the configuration before, and only one resource gets it.
func TestWebhookRegistry_handOver(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		after   time.Duration
		created bool // by the old resource
		handed  bool
	}{
		"in time":              {after: handOverTime / 2, created: true, handed: true},
		"too late":             {after: 2 * handOverTime, created: true},
		"nothing to hand over": {after: 2 * handOverTime, handed: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var r webhookRegistry
				var a adoption
				var d deletion
				coretest.Together(
					coretest.Timed{After: 0, Do: func() { a = r.adopt(t.Context(), "a", webhookHolder{instance: "new"}) }},
					coretest.Timed{After: tt.after, Do: func() { d = r.beginDelete("a", webhookHolder{instance: "old", created: tt.created}) }},
				)
				if d.heir == nil || d.heir.instance != "new" || d.handed != tt.handed || a.created != (tt.created && tt.handed) {
					t.Errorf("the adoption is %+v, the deletion %+v", a, d)
				}
				if other := r.adopt(t.Context(), "a", webhookHolder{instance: "third"}).other; other == nil || other.instance != "new" {
					t.Errorf("a second adoption met %v", other)
				}
			})
		})
	}
}
