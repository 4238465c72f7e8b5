package falconsim

import (
	"testing"
	"time"
)

func TestLag(t *testing.T) {
	t.Parallel()
	type object struct{ name string }
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	at := func(ms int) time.Time { return start.Add(time.Duration(ms) * time.Millisecond) }
	for name, test := range map[string]struct {
		writes func(l *lag[object])
		truth  *object
		want   map[int]string // name that readers see, by milliseconds; "" for nothing
	}{
		"created": {
			writes: func(l *lag[object]) { l.change("id", nil, at(300)) },
			truth:  &object{"new"}, want: map[int]string{0: "", 299: "", 300: "new"},
		},
		"created, then changed": {
			writes: func(l *lag[object]) {
				l.change("id", nil, at(300))
				l.change("id", &object{"first"}, at(400))
			},
			truth: &object{"second"}, want: map[int]string{100: "", 300: "first", 399: "first", 400: "second"},
		},
		"deleted": {
			writes: func(l *lag[object]) { l.remove("id", &object{"old"}, at(2000)) },
			want:   map[int]string{0: "old", 1999: "old", 2000: ""},
		},
		"changed late, deleted at once": {
			writes: func(l *lag[object]) {
				l.change("id", &object{"old"}, at(3000))
				l.remove("id", &object{"new"}, at(100))
			},
			want: map[int]string{50: "old", 100: "", 1000: ""},
		},
		"created and deleted before it was shown": {
			writes: func(l *lag[object]) {
				l.change("id", nil, at(3000))
				l.remove("id", &object{"new"}, at(2000))
			},
			want: map[int]string{0: "", 1999: "", 2000: "", 3000: ""},
		},
		"no delay": {
			writes: func(l *lag[object]) { l.change("id", &object{"old"}, at(0)) },
			truth:  &object{"new"}, want: map[int]string{0: "new"},
		},
		"changed in the console meanwhile": {
			writes: func(l *lag[object]) {
				l.change("id", &object{"old"}, at(300))
				l.settle("id")
			},
			truth: &object{"edited"}, want: map[int]string{0: "edited"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for ms, want := range test.want {
				var l lag[object]
				test.writes(&l)
				objects := map[string]*object{}
				if test.truth != nil {
					objects["id"] = test.truth
				}
				got := ""
				if seen := l.see("id", test.truth, at(ms)); seen != nil {
					got = seen.name
				}
				all := ""
				for _, seen := range l.seeAll(objects, at(ms)) {
					all += seen.name
				}
				if got != want || all != want {
					t.Errorf("after %d ms: %q by id and %q in a list, want %q", ms, got, all, want)
				}
			}
		})
	}
	changing := &object{"old"}
	var l lag[object]
	l.change("id", changing, at(300))
	changing.name = "new"
	if seen := l.see("id", changing, at(0)); seen.name != "old" {
		t.Errorf("readers see %q, want the copy from before the change", seen.name)
	}
}
