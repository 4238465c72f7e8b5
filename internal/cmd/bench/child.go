package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

// Each way of reading runs in a separate process of this program, so that its peak memory can be measured.
const (
	// variantVariable names the variant that the process runs.
	variantVariable = "FALCON_BENCH_VARIANT"
	// recordsVariable names the file for the records; "" for none.
	recordsVariable = "FALCON_BENCH_RECORDS"
)

// outcome is the measurement of a variant.
type outcome struct {
	Seconds  float64 `json:"seconds"`
	Records  int     `json:"records"`
	Requests int     `json:"requests"`  // without those for tokens
	Bytes    int64   `json:"bytes"`     // of the response bodies
	InFlight int     `json:"in_flight"` // the most requests at the same time
	Memory   int64   `json:"memory"`    // peak memory in bytes; 0 if the system does not report it
	CPU      float64 `json:"cpu"`       // seconds of processor time
}

func (o outcome) duration() time.Duration { return time.Duration(o.Seconds * float64(time.Second)) }

// Variants. A number after the last dash is how many requests may be in flight.
const (
	variantIdle           = "idle"
	variantUsersReference = "users-reference"
	variantUsers          = "users-"
	variantHostsReference = "hosts-reference"
	variantHosts          = "hosts-"
	variantHostDetails    = "host-details-"
	variantObjectsEach    = "objects-each"
	variantObjects        = "objects-joined"
)

// readVariant reads the users or hosts of a variant.
func readVariant(ctx context.Context, t *tenant, name string, sent *meter) ([]record, error) {
	switch name {
	case variantIdle:
		return nil, nil
	case variantUsersReference:
		return referenceUsers(ctx, newSession(t, sent))
	case variantHostsReference:
		return referenceHosts(ctx, newSession(t, sent))
	case variantObjectsEach:
		return objectsEach(ctx, t, newSession(t, sent))
	}
	kind, width := name, 0
	if i := strings.LastIndex(name, "-") + 1; i > 0 {
		if n, err := strconv.Atoi(name[i:]); err == nil {
			kind, width = name[:i], n
		}
	}
	client, err := falcon.New(ctx, falcon.Config{
		ClientID: t.clientID, ClientSecret: t.clientSecret, BaseURL: t.baseURL, MaxRetries: 5, HTTPTransport: sent,
	})
	if err != nil {
		return nil, err
	}
	switch kind {
	case variantUsers:
		return ourUsers(ctx, client, width)
	case variantHosts, variantHostDetails:
		return ourHosts(ctx, client, width, kind == variantHostDetails)
	case variantObjects:
		return objectsShared(ctx, t, client)
	}
	return nil, fmt.Errorf("there is no variant %q", name)
}

// runVariant reads and measures, in this process.
func runVariant(ctx context.Context, t *tenant, name string) (outcome, []record, error) {
	sent := newMeter()
	began := time.Now()
	records, err := readVariant(ctx, t, name, sent)
	took := time.Since(began)
	if err != nil {
		return outcome{}, nil, err
	}
	o := sent.outcome()
	o.Seconds, o.Records, o.Memory = took.Seconds(), len(records), peakMemory("self")
	return o, records, nil
}

// runChild is the main function of a process that runs a variant.
func runChild(ctx context.Context, name string, out io.Writer) error {
	t := &tenant{baseURL: os.Getenv("FALCON_BASE_URL"), clientID: os.Getenv("FALCON_CLIENT_ID"), clientSecret: os.Getenv("FALCON_CLIENT_SECRET")}
	o, records, err := runVariant(ctx, t, name)
	if err != nil {
		return err
	}
	if file := os.Getenv(recordsVariable); file != "" {
		if err := writeRecords(file, records); err != nil {
			return err
		}
	}
	return json.NewEncoder(out).Encode(o)
}

// measureChild runs a variant in a separate process.
func measureChild(ctx context.Context, t *tenant, variant, records string) (outcome, error) {
	self, err := os.Executable()
	if err != nil {
		return outcome{}, err
	}
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = t.environment(variantVariable+"="+variant, recordsVariable+"="+records)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return outcome{}, fmt.Errorf("%s: %w\n%s", variant, err, stderr.String())
	}
	var o outcome
	if err := json.Unmarshal(out, &o); err != nil {
		return outcome{}, fmt.Errorf("%s: %w", variant, err)
	}
	o.CPU = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
	return o, nil
}

// record is a user or host with the fields that all ways of reading return.
type record struct {
	ID        string `json:"id"`
	Name      string `json:"name,omitempty"`
	Secondary string `json:"secondary,omitempty"`
	Email     string `json:"email,omitempty"`
	// Score is the text that Falcon wrote.
	Score string `json:"score"`
	// Lost is set if the reference's second pass did not reach this user; its score is then that of the first pass.
	Lost bool `json:"lost,omitempty"`
}

func writeRecords(file string, records []record) error {
	text, err := json.Marshal(records)
	if err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o600)
}

func readRecords(file string) ([]record, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var records []record
	return records, json.Unmarshal(text, &records)
}

// comparison is how far two results agree.
type comparison struct{ equal, differ, onlyFirst, onlySecond, lost int }

// compare compares the records of two results field by field. Lost are those of the first.
func compare(first, second []record) comparison {
	var c comparison
	left := map[string]record{}
	for _, r := range first {
		if _, twice := left[r.ID]; twice {
			c.differ++
		}
		if r.Lost {
			c.lost++
			r.Lost = false
		}
		left[r.ID] = r
	}
	for _, r := range second {
		other, both := left[r.ID]
		delete(left, r.ID)
		switch {
		case !both:
			c.onlySecond++
		case other == r:
			c.equal++
		default:
			c.differ++
		}
	}
	c.onlyFirst = len(left)
	return c
}

func (c comparison) same() bool { return c.differ == 0 && c.onlyFirst == 0 && c.onlySecond == 0 }

func (c comparison) String() string {
	return fmt.Sprintf("%s equal in every field, %d different, %d only in the reference, %d only in ours", thousands(c.equal), c.differ, c.onlyFirst, c.onlySecond)
}

var errDiffer = errors.New("the records differ")

// client returns an HTTP client that counts requests.
func (m *meter) client() *http.Client { return &http.Client{Transport: m} }
