package webhook

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// A deletion that begins or ends between the look-up and the adoption is detected by the adoption.
func TestRegistry_deletedMeanwhile(t *testing.T) {
	t.Parallel()
	var r registry
	old, successor := holder{instance: "old", name: "zscaler", created: true}, holder{instance: "new", name: "zscaler"}
	if heir, _ := r.beginDelete("A", old); heir != nil {
		t.Fatal("no resource has adopted it")
	}
	if a := r.adopt(t.Context(), "a", successor); !a.again { // ids ignore letter case
		t.Fatalf("adopted during the deletion: %+v", a)
	}
	r.endDelete("A", succeeded)
	if a := r.adopt(t.Context(), "a", successor); !a.again {
		t.Errorf("adopted what is deleted: %+v", a)
	}
	if r.deletionOf("a") != succeeded {
		t.Error("the deletion has not ended")
	}
}

// A create waits for the deletion of a configuration with its name or its id.
func TestRegistry_awaitDeletions(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		id, name string
		waits    bool
	}{
		"its name":   {name: "zscaler", waits: true},
		"its id":     {id: "a", name: "other", waits: true},
		"other ones": {id: "b", name: "other"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var r registry
				r.beginDelete("A", holder{instance: "old", name: "zscaler"})
				start := time.Now()
				coretest.Together(
					coretest.Timed{After: time.Minute, Do: func() { r.endDelete("A", succeeded) }},
					coretest.Timed{Do: func() {
						if err := r.awaitDeletions(t.Context(), tt.id, tt.name); err != nil {
							t.Error(err)
						}
						if waited := time.Since(start) > 0; waited != tt.waits {
							t.Errorf("waited: %t", waited)
						}
					}},
				)
			})
		})
	}
}

// An adoption waits a moment for the resource that had the configuration before, and only one resource adopts it.
func TestRegistry_handOver(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		after      time.Duration
		created    bool // by the old resource
		handedOver bool
	}{
		"in time":              {after: handOverTime / 2, created: true, handedOver: true},
		"too late":             {after: 2 * handOverTime, created: true},
		"nothing to hand over": {after: 2 * handOverTime, handedOver: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var r registry
				var a adoption
				var heir *holder
				var handedOver bool
				coretest.Together(
					coretest.Timed{Do: func() { a = r.adopt(t.Context(), "a", holder{instance: "new"}) }},
					coretest.Timed{After: tt.after, Do: func() { heir, handedOver = r.beginDelete("a", holder{instance: "old", created: tt.created}) }},
				)
				if heir == nil || heir.instance != "new" || handedOver != tt.handedOver || a.created != (tt.created && tt.handedOver) {
					t.Errorf("the adoption is %+v, the heir %v, handed over: %t", a, heir, handedOver)
				}
				if other := r.adopt(t.Context(), "a", holder{instance: "third"}).other; other == nil || other.instance != "new" {
					t.Errorf("a second adoption met %v", other)
				}
			})
		})
	}
}
