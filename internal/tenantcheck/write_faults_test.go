package tenantcheck

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

// interrupted are the readings under which runs are interrupted: those of the simulator, and those that hide most of what a check
// could find its objects by.
var interrupted = map[string]falconsim.Readings{
	"default": {},
	"slow":    {"Q08": "b", "Q09": "c", "Q20": "c", "Q21": "b", "Q39": "c", "Q40": "b"},
	"silent":  {"Q02": "b", "Q03": "c", "Q05": "a", "Q07": "b", "Q13": "d", "Q14": "b", "Q19": "b", "Q32": "b", "Q35": "b"},
}

// requestsOf is how many requests a run without faults sends.
func requestsOf(t *testing.T, readings falconsim.Readings) int {
	t.Helper()
	var n int
	acctest.WithFakeClock(t, falconsim.Options{Readings: readings}, func(t *testing.T, h *acctest.Harness) {
		w := runWriting(t.Context(), t, h, &spy{})
		w.check(t, h, 0)
		if n = w.n; len(w.report.Leftovers) > 0 || n > maxWriting {
			t.Errorf("%d requests, left: %v", n, w.report.Leftovers)
		}
	})
	return n
}

// maxWriting bounds the requests of the part that writes.
const maxWriting = 140

// eachRequest runs a test for every request of a run, or else for one in so many, beginning with the first-th.
func eachRequest(t *testing.T, first, oneIn int, do func(t *testing.T, h *acctest.Harness, n int)) {
	t.Helper()
	if acctest.FullTests() {
		first, oneIn = 1, 1
	}
	for name, readings := range interrupted {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			last := requestsOf(t, readings)
			for n := first; n <= last && !t.Failed(); n += oneIn {
				acctest.WithFakeClock(t, falconsim.Options{Readings: readings}, func(t *testing.T, h *acctest.Harness) {
					if do(t, h, n); t.Failed() {
						t.Fatalf("at request %d", n)
					}
				})
			}
		})
	}
}

// A program that is killed at any request leaves objects that the next run removes.
func TestWrite_killed(t *testing.T) {
	t.Parallel()
	for name, applied := range map[string]bool{"before": false, "after": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachRequest(t, 1+len(name)%6, 40, func(t *testing.T, h *acctest.Harness, at int) {
				runWriting(t.Context(), t, h, &spy{interfere: func(n int, _ *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
					switch {
					case n < at:
						return send()
					case n == at && applied:
						return lost(send())
					}
					return nil, errKilled
				}})
				next := runWriting(t.Context(), t, h, &spy{})
				next.check(t, h, 0)
				if len(next.report.Leftovers) > 0 || len(added(h)) > 0 {
					t.Errorf("left: %v, %v", next.report.Leftovers, added(h))
				}
			})
		})
	}
}

// After Ctrl-C at any request, the same run removes everything.
func TestWrite_interrupted(t *testing.T) {
	t.Parallel()
	eachRequest(t, 2, 20, func(t *testing.T, h *acctest.Harness, at int) {
		ctx, interrupt := context.WithCancelCause(t.Context())
		w := runWriting(ctx, t, h, &spy{interfere: func(n int, _ *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
			if n == at {
				interrupt(errIsCanceled)
			}
			return send()
		}})
		w.check(t, h, 0)
		if len(w.report.Leftovers) > 0 || len(added(h)) > 0 {
			t.Errorf("left: %v, %v", w.report.Leftovers, added(h))
		}
	})
}

// faults are what can happen to one request, and how often a create is then repeated.
var faults = []struct {
	name     string
	repeated int
	do       func(req *http.Request, send func() (*http.Response, error)) (*http.Response, error)
}{
	{"403", 0, respond(http.StatusForbidden, "access denied, authorization failed")},
	{"409", 0, respond(http.StatusConflict, "conflict")},
	{"429", 1, respond(http.StatusTooManyRequests, "API rate limit exceeded.")},
	{"500", 0, respond(http.StatusInternalServerError, "internal error")},
	{"errors in a 200", 0, respond(http.StatusOK, "internal error")},
	{"500 after the change", 0, func(req *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
		if _, err := lost(send()); err == nil {
			return nil, err
		}
		return respond(http.StatusInternalServerError, "internal error")(req, send)
	}},
	{"lost", 0, func(_ *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
		return lost(send())
	}},
	{"no connection", 0, func(*http.Request, func() (*http.Response, error)) (*http.Response, error) { return nil, errKilled }},
	{"web page", 0, func(req *http.Request, _ func() (*http.Response, error)) (*http.Response, error) {
		return acctest.Respond(req, http.StatusBadGateway, "<html><body>Bad gateway</body></html>", "Content-Type", "text/html")
	}},
}

func respond(status int, message string) func(*http.Request, func() (*http.Response, error)) (*http.Response, error) {
	return func(req *http.Request, _ func() (*http.Response, error)) (*http.Response, error) {
		code := status
		if status == http.StatusOK {
			code = http.StatusInternalServerError
		}
		return acctest.Respond(req, status, acctest.ErrorBody(code, message))
	}
}

// One fault at any request leaves nothing behind that is not listed, and no answer is wrong.
func TestWrite_faults(t *testing.T) {
	t.Parallel()
	for i, fault := range faults {
		t.Run(fault.name, func(t *testing.T) {
			t.Parallel()
			eachRequest(t, 8*i+1, 8*len(faults), func(t *testing.T, h *acctest.Harness, at int) {
				w := runWriting(t.Context(), t, h, &spy{interfere: func(n int, req *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
					if n == at {
						return fault.do(req, send)
					}
					return send()
				}})
				w.check(t, h, fault.repeated)
				if len(added(h)) > 0 {
					t.Errorf("left: %v", added(h))
				}
			})
		})
	}
}

// What Falcon refuses to delete is listed with its id.
func TestWrite_deletionRefused(t *testing.T) {
	t.Parallel()
	for _, fault := range faults {
		if slices.Contains([]string{"429", "lost", "500 after the change"}, fault.name) {
			continue // these do not prevent the deletion
		}
		t.Run(fault.name, func(t *testing.T) {
			t.Parallel()
			acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, h *acctest.Harness) {
				w := runWriting(t.Context(), t, h, &spy{interfere: func(_ int, req *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
					if req.Method == http.MethodDelete {
						return fault.do(req, send)
					}
					return send()
				}})
				w.check(t, h, 0)
				left := added(h)
				if len(left) == 0 || len(left) != len(w.report.Leftovers) {
					t.Fatalf("left: %v, listed: %v", left, w.report.Leftovers)
				}
				for _, l := range w.report.Leftovers {
					if left[l.ID] == "" || !strings.HasPrefix(l.Why, "not removed: ") {
						t.Errorf("listed: %+v", l)
					}
				}
			})
		})
	}
}

// Objects of others are never touched, whatever their names are.
func TestWrite_objectsOfOthers(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, h *acctest.Harness) {
		const tag = "abcdefghijkl"
		b := &sandbox{tag: tag}
		for _, text := range []string{
			"name: falcon-check abcdefghijkl\ndescription: " + sandboxNote + "\n",             // no purpose
			"name: falcon-check abcdefghijkl mine\ndescription: " + sandboxNote + "\n",        // another purpose
			"name: falcon-check abcdefghijkl plain\ndescription: of someone else\n",           // another description
			"name: falcon-check ABCDEFGHIJKL plain\ndescription: " + sandboxNote + "\n",       // another tag
			"name: about falcon-check abcdefghijkl plain\ndescription: " + sandboxNote + "\n", // another beginning
		} {
			if _, err := h.Sim.CreateWorkflow([]byte(text+draftFor(draftPlain).body), false); err != nil {
				t.Fatal(err)
			}
		}
		renamed, err := h.Sim.CreateWorkflow([]byte(b.document(draftFor(draftBare))), false)
		if err == nil {
			err = h.Sim.ReplaceWorkflow(renamed, []byte("name: adopted\n"+draftFor(draftBare).body))
		}
		if err != nil {
			t.Fatal(err)
		}
		for name, description := range map[string]string{
			"falcon-check abcdefghijkl api client":  "of someone else",
			"falcon-check abcdefghijkl renamed":     "",
			"falcon-check abcdefghijkl":             sandboxNote,
			"my falcon-check abcdefghijkl renamed":  sandboxNote,
			"falcon-check abcdefghijkl api clients": sandboxNote,
		} {
			if _, _, err := h.Sim.CreateClient(name, description, []string{"alerts:read"}); err != nil {
				t.Fatal(err)
			}
		}
		for name, url := range map[string]string{
			"falcon-check abcdefghijkl webhook": "https://hooks.example.com/x",
			"another name":                      "https://falcon-check.invalid/abcdefghijkl",
		} {
			if _, err := h.Sim.CreatePluginConfig(name, url, strings.Repeat("k", 32), ""); err != nil {
				t.Fatal(err)
			}
		}
		before := string(h.Sim.Dump())
		w := runWriting(t.Context(), t, h, &spy{})
		if len(w.report.Leftovers) > 0 {
			t.Errorf("listed: %v", w.report.Leftovers)
		}
		if after := string(h.Sim.Dump()); after != before {
			t.Errorf("the tenant was\n%s\nand is\n%s", before, after)
		}
		// Those that are ours are removed.
		b.tag = "mnopqrstuvwx"
		for _, d := range drafts {
			if _, err := h.Sim.CreateWorkflow([]byte(b.document(draft{d.purpose, draftFor(draftPlain).body})), true); err != nil {
				t.Fatal(err)
			}
		}
		runWriting(t.Context(), t, h, &spy{})
		if after := string(h.Sim.Dump()); after != before {
			t.Errorf("leftovers were not removed: %s", after)
		}
	})
}

// Leftovers are found where the tenant has no filter for names and no sort of API clients.
func TestWrite_withoutFilters(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{Readings: falconsim.Readings{"Q35": "b"}}, func(t *testing.T, h *acctest.Harness) {
		plain := func(_ int, req *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
			if query := req.URL.Query(); strings.Contains(query.Get("filter"), "name") || strings.Contains(query.Get("sort"), "|") {
				return acctest.Respond(req, http.StatusBadRequest, acctest.ErrorBody(http.StatusBadRequest, "Invalid FQL"))
			}
			return send()
		}
		runWriting(t.Context(), t, h, &spy{interfere: func(n int, req *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
			if req.Method == http.MethodDelete {
				return nil, errKilled
			}
			return plain(n, req, send)
		}})
		if len(added(h)) == 0 {
			t.Fatal("the first run has left nothing")
		}
		next := runWriting(t.Context(), t, h, &spy{interfere: plain})
		next.check(t, h, 0)
		if len(next.report.Leftovers) > 0 || len(added(h)) > 0 {
			t.Errorf("left: %v, %v", next.report.Leftovers, added(h))
		}
	})
}

// Nothing is written without consent, and the plan names everything that is then created.
func TestWrite_consent(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{Readings: falconsim.Readings{"Q73": "b", "Q74": "b"}}, func(t *testing.T, h *acctest.Harness) {
		var plans [2]string
		opts := writeCheck(h)
		spied := &spy{base: h.Transport, creates: map[string]int{}}
		opts.Config.HTTPTransport = spied
		for i, yes := range []bool{false, true} {
			opts.Write.Confirm = func(plan []string) bool {
				plans[i] = strings.Join(plan, "\n")
				return yes
			}
			s, err := signIn(t.Context(), opts)
			if err != nil {
				t.Fatal(err)
			}
			s.write(t.Context(), *opts.Write)
			if !yes && (len(spied.writes) > 0 || len(s.said) != 1) {
				t.Errorf("sent without consent: %v; said: %v", spied.writes, s.said)
			}
		}
		for name := range spied.creates {
			if !strings.Contains(plans[1], fmt.Sprintf("%q", name)) {
				t.Errorf("%q is not in the plan:\n%s", name, plans[1])
			}
		}
		if len(spied.creates) != len(drafts)+2 {
			t.Errorf("created: %v", spied.creates)
		}
	})
}

// The unpublished request is sent only where it was asked for.
func TestWrite_unpublishedRequest(t *testing.T) {
	t.Parallel()
	acctest.WithFakeClock(t, falconsim.Options{}, func(t *testing.T, h *acctest.Harness) {
		if _, err := h.Sim.CreatePluginConfig("falcon-check abcdefghijkl webhook", "https://falcon-check.invalid/abcdefghijkl", strings.Repeat("k", 32), ""); err != nil {
			t.Fatal(err)
		}
		opts := writeCheck(h)
		opts.Write.TryWebhookWrite = false
		spied := &spy{base: h.Transport, creates: map[string]int{}}
		opts.Config.HTTPTransport = spied
		report, err := Check(t.Context(), opts)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range spied.writes {
			if strings.Contains(w, configsWritePath) {
				t.Errorf("sent %s", w)
			}
		}
		if report.ExitStatus() != StatusNotChecked {
			t.Errorf("exit status %d", report.ExitStatus())
		}
		if len(report.Leftovers) != 1 || report.Leftovers[0].ID == "" || !strings.Contains(report.Leftovers[0].Why, "-try-webhook-write") {
			t.Errorf("listed: %v", report.Leftovers)
		}
	})
}
