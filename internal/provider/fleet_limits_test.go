package provider_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

const (
	fleetObjects    = 10 // API clients, and as many workflows
	terraformAtOnce = 10 // Terraform's default -parallelism, for all providers of a run together
)

// fleetCIDs are the children of the tests of a fleet.
func fleetCIDs(n int) []string {
	cids := make([]string, n)
	for i := range cids {
		cids[i] = fmt.Sprintf("%032x", 0xc0ffee000000+i)
	}
	return cids
}

// limited runs tasks, a number of them at the same time.
func limited(atOnce, n int, task func(i int)) {
	var tasks sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	for i := range n {
		slots <- struct{}{}
		tasks.Go(func() {
			task(i)
			<-slots
		})
	}
	tasks.Wait()
}

// signInTo starts a process of the provider that acts in a child.
func signInTo(h *acctest.Harness, cid string) (*acctest.Protocol, []*tfprotov6.Diagnostic) {
	h.T.Helper()
	p := acctest.NewUnconfigured(h.T, h.Transport, "")
	return p, p.Configure(h.ProviderArguments(acctest.Arguments{"member_cid": cid}))
}

// planFleet reads the objects of all children, as terraform plan does, and returns the errors.
func planFleet(h *acctest.Harness, cids []string, clients, workflows map[string][]acctest.Instance) []string {
	h.T.Helper()
	var mu sync.Mutex
	var problems []string
	failed := func(diags []*tfprotov6.Diagnostic) {
		if text := h.CheckDiagnostics(diags); text != "" {
			mu.Lock()
			problems = append(problems, text)
			mu.Unlock()
		}
	}
	processes := make([]*acctest.Protocol, len(cids))
	limited(terraformAtOnce, len(cids), func(i int) {
		var diags []*tfprotov6.Diagnostic
		processes[i], diags = signInTo(h, cids[i])
		failed(diags)
	})
	type task struct {
		of       *acctest.Protocol
		resource string
		state    acctest.Instance
	}
	var tasks []task
	for i, cid := range cids {
		for n := range fleetObjects {
			tasks = append(tasks, task{processes[i], acctest.APIClientType, clients[cid][n]}, task{processes[i], acctest.WorkflowType, workflows[cid][n]})
		}
	}
	limited(terraformAtOnce, len(tasks), func(i int) {
		p := *tasks[i].of
		p.Resource = tasks[i].resource
		read, diags := p.Read(tasks[i].state)
		failed(diags)
		if read.Value.IsNull() {
			failed([]*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: "the object was taken for deleted"}})
		}
	})
	limited(terraformAtOnce, len(cids), func(i int) {
		_, diags := processes[i].Data("falcon_api_scopes", nil)
		failed(diags)
		_, diags = processes[i].Data("falcon_workflow_catalog", acctest.Arguments{"actions": []string{"Send email", "Write to log repo"}, "triggers": []string{"Case/Created"}})
		failed(diags)
	})
	return problems
}

// fillFleet gives every child its objects, and returns their states.
func fillFleet(h *acctest.Harness, cids []string) (clients, workflows map[string][]acctest.Instance) {
	h.T.Helper()
	clients, workflows = map[string][]acctest.Instance{}, map[string][]acctest.Instance{}
	for _, cid := range cids {
		child, _ := h.Sim.Member(cid)
		p, diags := signInTo(h, cid)
		p.WantNoError(diags)
		for n := range fleetObjects {
			id, _, err := child.CreateClient(fmt.Sprint("fleet ", n), "", []string{"devices:read"})
			if err != nil {
				h.T.Fatal(err)
			}
			p.Resource = acctest.APIClientType
			state, diags := p.Import(id)
			p.WantNoError(diags)
			clients[cid] = append(clients[cid], state)
			if id, err = child.CreateWorkflow([]byte(strings.Replace(acctest.SleepDocument, "nap", fmt.Sprint("nap ", n), 1)), true); err != nil {
				h.T.Fatal(err)
			}
			p.Resource = acctest.WorkflowType
			state, diags = p.Import(id)
			p.WantNoError(diags)
			workflows[cid] = append(workflows[cid], state)
		}
	}
	return clients, workflows
}

// answered counts the logged requests by path and status.
func answered(h *acctest.Harness) (tokens, others, refused int) {
	for _, r := range h.Sim.Requests() {
		switch {
		case r.Status == http.StatusTooManyRequests:
			refused++
		case r.Path == acctest.TokenPath:
			tokens++
		default:
			others++
		}
	}
	return tokens, others, refused
}

// A plan over 50 children with 20 objects each takes one sign-in and a few requests per child. It stays within the account's 6,000
// requests per minute, and waits without an error where the account has less left.
func TestFleet_plan(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		children, limit int
		reading         string
		refused         int // at most
	}{
		"Falcon's limit":                {children: 50, limit: 6000},
		"other programs use the budget": {children: 10, limit: 40, refused: 60},
		"and refused requests count":    {children: 10, limit: 40, reading: "b", refused: 60},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cids := fleetCIDs(tc.children)
			readings := falconsim.Readings{}
			if tc.reading != "" {
				readings["Q117"] = tc.reading
			}
			acctest.WithFakeClock(t, falconsim.Options{MemberCIDs: cids, AccountLimit: tc.limit, Readings: readings, Hosts: 1, Users: 1, Latency: 50 * time.Millisecond}, func(t *testing.T, h *acctest.Harness) {
				clients, workflows := fillFleet(h, cids)
				time.Sleep(2 * time.Minute)
				h.Sim.ResetRequests()
				for _, problem := range planFleet(h, cids, clients, workflows) {
					t.Error(problem)
				}
				tokens, others, refused := answered(h)
				t.Logf("%d sign-ins, %d requests, %d refused", tokens, others, refused)
				if tokens != tc.children || others > 10*tc.children || refused > tc.refused {
					t.Errorf("%d sign-ins, %d requests, %d refused", tokens, others, refused)
				}
			})
		})
	}
}

// More processes start within a minute than one IP address may sign in. All of them sign in, and the refused requests are few.
func TestFleet_signIn(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		processes, atOnce int
		others            time.Duration // how often another program behind the same address signs in
		refused           int           // at most
	}{
		"one run over many children":    {processes: 400, atOnce: terraformAtOnce, refused: 40},
		"many runs at the same time":    {processes: 400, atOnce: 400, refused: 200},
		"three times the limit at once": {processes: 900, atOnce: 900, refused: 1300},
		// Places become free one by one, which must not wake all that wait each time.
		"other programs sign in all the time": {processes: 100, atOnce: 100, others: 250 * time.Millisecond, refused: 1300},
	} {
		for _, letter := range []string{"a", "b"} { // Q117
			if letter == "b" && tc.others > 0 {
				continue // programs that ignore refusals, if those count, lock the address out whatever this provider does
			}
			t.Run(name+", Q117="+letter, func(t *testing.T) {
				t.Parallel()
				cids := fleetCIDs(4)
				acctest.WithFakeClock(t, falconsim.Options{MemberCIDs: cids, Readings: falconsim.Readings{"Q117": letter}, Latency: 50 * time.Millisecond}, func(t *testing.T, h *acctest.Harness) {
					if tc.others > 0 {
						ctx, stop := context.WithCancel(t.Context())
						var others sync.WaitGroup
						others.Go(func() { keepSigningIn(ctx, h, tc.others) })
						defer others.Wait()
						defer stop()
						time.Sleep(time.Minute)
						h.Sim.ResetRequests()
					}
					var mu sync.Mutex
					limited(tc.atOnce, tc.processes, func(i int) {
						_, diags := signInTo(h, cids[i%len(cids)])
						if problem := h.CheckDiagnostics(diags); problem != "" {
							mu.Lock()
							t.Error(problem)
							mu.Unlock()
						}
					})
					tokens, _, refused := answered(h)
					t.Logf("%d sign-ins, %d refused", tokens, refused)
					if tokens < tc.processes || tc.others == 0 && tokens != tc.processes || refused > tc.refused {
						t.Errorf("%d sign-ins, %d refused", tokens, refused)
					}
				})
			})
		}
	}
}

// keepSigningIn uses up the sign-ins of one minute, and then signs in at intervals.
func keepSigningIn(ctx context.Context, h *acctest.Harness, every time.Duration) {
	for n := 0; ctx.Err() == nil; n++ {
		if resp, err := h.Transport.Send(signInRequest(ctx, h)); err == nil {
			_ = resp.Body.Close() // recorded in memory
		}
		wait := every
		if n < 300 {
			wait = time.Minute / 300
		}
		select {
		case <-time.After(wait - 50*time.Millisecond): // the latency
		case <-ctx.Done():
		}
	}
}

func signInRequest(ctx context.Context, h *acctest.Harness) *http.Request {
	form := url.Values{"client_id": {h.Sim.ClientID()}, "client_secret": {h.Sim.ClientSecret()}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, acctest.BaseURL+acctest.TokenPath, strings.NewReader(form.Encode()))
	if err != nil {
		panic(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return req
}
