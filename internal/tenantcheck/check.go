package tenantcheck

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

// Options select the tenant and what a check may do.
type Options struct {
	// Config is the provider's configuration. Its HTTPTransport, if set, receives the requests.
	Config falcon.Config
	// Progress receives one line for each step.
	Progress func(line string)
	// Write is nil for a check that changes nothing.
	Write *WriteOptions
}

// waitingLine is the progress when Falcon responds with 429.
const waitingLine = "Falcon limits the number of requests (429): waiting"

// session is one check.
type session struct {
	client   *falcon.Client
	observer *observer
	progress func(line string)

	patience patience

	mu        sync.Mutex
	notes     map[string]string
	errs      map[string]error
	lastErr   error
	said      []string // Report.Notes
	leftovers []Leftover
}

// Check checks a tenant. The error is that of the sign-in, of a tenant that refuses every request, or of the end of ctx: whatever else fails is part of the report. With the
// error of an ended ctx it also returns the report so far.
func Check(ctx context.Context, opts Options) (*Report, error) {
	s, err := signIn(ctx, opts)
	if err != nil {
		return nil, err
	}
	complete, err := s.lookAround(ctx)
	if err != nil {
		return nil, err
	}
	if complete && s.observed().refusesAll() {
		return nil, errRefusesAll
	}
	switch {
	case opts.Write == nil || ctx.Err() != nil:
	case complete:
		s.write(ctx, *opts.Write)
	default:
		s.say("Nothing was created, because reading did not reach its end.")
	}
	return s.report(), context.Cause(ctx)
}

// signIn starts a check.
func signIn(ctx context.Context, opts Options) (*session, error) {
	s := &session{progress: opts.Progress, notes: map[string]string{}, errs: map[string]error{}}
	s.patience.reset(maxPatience)
	if s.progress == nil {
		s.progress = func(string) {}
	}
	cfg := opts.Config
	s.observer = &observer{base: cfg.HTTPTransport, onWait: func(ctx context.Context, header http.Header) { s.progress(limited(ctx, header)) }}
	if s.observer.base == nil {
		s.observer.base = falcon.DefaultTransport()
	}
	cfg.HTTPTransport = s.observer
	client, err := falcon.New(withProbe(ctx, "sign_in"), cfg)
	if err != nil {
		return nil, err
	}
	s.client = client
	return s, client.Authenticate(withProbe(ctx, "sign_in"))
}

// Limits of the part of a check that only reads. Within them a request is repeated as often as the configuration says, and a 429 is
// waited for.
const (
	stepTime = 2 * time.Minute
	lookTime = 10 * time.Minute
	// maxSilent is after how many areas in a row without a usable response a check stops: the network or a proxy is at fault, and each
	// further area takes its time.
	maxSilent = 2
)

// lookAround runs the steps that change nothing; complete says whether all of them ran. The error is that of a token that Falcon does
// not accept.
func (s *session) lookAround(ctx context.Context) (complete bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	silent := 0
	for i, st := range steps {
		if ctx.Err() != nil {
			s.say("The check ended after %d of %d areas.", i, len(steps))
			return false, nil
		}
		s.progress(st.title)
		before := len(s.observer.all())
		s.runStep(ctx, st)
		seen := s.observer.all()[before:]
		if i == 0 && slices.ContainsFunc(seen, func(r response) bool { return r.status == http.StatusUnauthorized }) {
			return false, s.errs[probeTenant]
		}
		silent++
		if slices.ContainsFunc(seen, response.usable) {
			silent = 0
		}
		if silent == maxSilent && i+1 < len(steps) {
			s.say("%d areas in a row had no usable response, so the check stopped after %d of %d areas.", silent, i+1, len(steps))
			return false, nil
		}
	}
	return true, nil
}

func (s *session) runStep(ctx context.Context, st step) {
	ctx, cancel := context.WithTimeout(ctx, stepTime)
	defer cancel()
	st.run(ctx, s)
}

// say adds a sentence to the report.
func (s *session) say(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.said = append(s.said, fmt.Sprintf(format, args...))
}

// step asks what there is to know about one area of the API.
type step struct {
	title string // a line of progress
	run   func(ctx context.Context, s *session)
}

// steps are the steps that change nothing, in their order.
var steps = []step{
	{"Tenant", checkTenant},
	{"API clients and scopes", checkAPIClients},
	{"Workflow catalog", checkCatalog}, // before the steps that look for its Call webhook action
	{"Webhook configurations", checkWebhooks},
	{"Workflows and executions", checkWorkflows},
	{"Hosts", checkHosts},
	{"Host scores", checkScores},
	{"Identity Protection", checkIdentity},
	{"Flight Control", checkChildren},
}

// ask sends a request whose response the questions find under the name of the probe. The response is that of the last attempt.
func (s *session) ask(ctx context.Context, probe string, req falcon.RawRequest) (response, error) {
	_, err := s.raw(ctx, probe, req)
	s.mu.Lock()
	s.errs[probe], s.lastErr = err, err
	s.mu.Unlock()
	r, _ := s.observed().last(probe)
	return r, err
}

// raw sends a request for a probe.
func (s *session) raw(ctx context.Context, probe string, req falcon.RawRequest) (falcon.RawResponse, error) {
	ctx, done := s.patience.begin(withProbe(ctx, probe))
	defer done()
	return s.client.Raw(ctx, req)
}

// note stores a result that no single response shows.
func (s *session) note(key, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notes[key] = value
}

// leftBehind lists an object that could not be removed.
func (s *session) leftBehind(l Leftover) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.leftovers = append(s.leftovers, l)
}

// observed are the observations so far.
func (s *session) observed() *observations {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &observations{responses: s.observer.all(), notes: maps.Clone(s.notes), errs: maps.Clone(s.errs), lastErr: s.lastErr, ownID: s.client.ClientID()}
}

func (s *session) report() *Report {
	o := s.observed()
	answers := o.answers()
	return &Report{
		Tenant:    s.tenant(o),
		Verdicts:  verdicts(o, answers),
		Answers:   answers,
		Facts:     factsOf(o),
		Exchanges: s.observer.exchanges(),
		Leftovers: s.leftovers,
		Notes:     s.said,
		observed:  o,
	}
}

func (s *session) tenant(o *observations) Tenant {
	t := Tenant{Cloud: s.client.Cloud(), BaseURL: s.client.BaseURL(), ClientID: s.client.ClientID()}
	t.Scopes, _ = o.held()
	r, _ := o.last(probeTenant)
	for _, item := range r.resources() {
		ccid, _ := item.(string)
		cid, _, _ := strings.Cut(ccid, "-")
		t.CID = plainText(strings.ToLower(cid))
	}
	if t.CID == "" {
		t.CIDUnknown = o.cidUnknown()
	}
	return t
}
