package apiclient_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

const (
	clientsSource  = "falcon_api_clients"
	clientIDsPath  = "/api-clients/queries/api-clients/v1"
	retiredClients = "Old SIEM"
)

// clientRows reads the data source and returns each row as its attributes, which are texts, lists of texts, or nil.
func clientRows(t *testing.T, p *acctest.Protocol, config acctest.Arguments) []map[string]any {
	t.Helper()
	read, diags := p.Data(clientsSource, config)
	p.WantNoError(diags)
	var items []tftypes.Value
	if err := p.Attributes(read.Value)["clients"].As(&items); err != nil {
		t.Fatal(err)
	}
	rows := make([]map[string]any, len(items))
	for i, item := range items {
		rows[i] = map[string]any{}
		for name, value := range p.Attributes(item) {
			rows[i][name] = plainValue(t, value)
		}
	}
	return rows
}

func plainValue(t *testing.T, value tftypes.Value) any {
	t.Helper()
	var text string
	var list []tftypes.Value
	switch {
	case value.IsNull():
		return nil
	case value.As(&text) == nil:
		return text
	case value.As(&list) != nil:
		t.Fatalf("%s is neither a text nor a list", value)
	}
	texts := make([]string, len(list))
	for i, item := range list {
		if err := item.As(&texts[i]); err != nil {
			t.Fatal(err)
		}
	}
	return strings.Join(texts, " ")
}

func rowNames(rows []map[string]any) []string {
	names := make([]string, len(rows))
	for i, row := range rows {
		names[i] = fmt.Sprint(row["name"])
	}
	return names
}

// Every API client is a row with its scopes, those of retired products, and its times; the filter ignores case.
func TestClients(t *testing.T) {
	t.Parallel()
	withRun(t, falconsim.Options{RetiredScopes: true}, func(t *testing.T, b *acctest.Harness, p *acctest.Protocol) {
		t.Helper()
		id, _, err := b.Sim.CreateClient(retiredClients, "for tests", []string{"iocs:read", "devices:read", "detects:write"})
		if err != nil {
			t.Fatal(err)
		}
		rows := clientRows(t, p, nil)
		if names := rowNames(rows); len(names) != len(b.Sim.Clients()) || !slices.IsSorted(names) {
			t.Errorf("names %q", names)
		}
		rows = clientRows(t, p, acctest.Arguments{"name_contains": "old s"})
		shown := b.Sim.Clients()[len(b.Sim.Clients())-1]
		want := map[string]any{
			"id": id, "name": retiredClients, "description": "for tests", "scopes": "detects:write devices:read iocs:read",
			"retired_scopes": "detects:write iocs:read", "created": shown.Created, "last_modified": shown.LastModified,
		}
		if len(rows) != 1 || fmt.Sprint(rows[0]) != fmt.Sprint(want) {
			t.Errorf("got %v, want %v", rows, want)
		}
		if rows := clientRows(t, p, acctest.Arguments{"name_contains": "no such client"}); len(rows) != 0 {
			t.Errorf("the filter accepts %v", rows)
		}
		if n := b.CountRequests(http.MethodGet, clientIDsPath); n != 1 {
			t.Errorf("%d listings for three reads", n)
		}
	})
}

// Falcon may not show scopes at all: they are null, not none.
func TestClients_hiddenScopes(t *testing.T) {
	t.Parallel()
	withRun(t, falconsim.Options{Readings: falconsim.Readings{"Q03": "c"}}, func(t *testing.T, _ *acctest.Harness, p *acctest.Protocol) {
		t.Helper()
		for _, row := range clientRows(t, p, nil) {
			if row["scopes"] != nil || row["retired_scopes"] != nil {
				t.Errorf("got %v", row)
			}
		}
	})
}

// Two requests read 500 API clients, also if pages are smaller. A gateway that refuses long URLs costs two more for the run.
func TestClients_many(t *testing.T) {
	t.Parallel()
	for reading, want := range map[string]struct{ listings, reads int }{
		"": {2, 2}, "Q10=b": {6, 2}, "Q114=b": {2, 7},
	} {
		t.Run(reading, func(t *testing.T) {
			t.Parallel()
			readings := falconsim.Readings{}
			if id, letter, ok := strings.Cut(reading, "="); ok {
				readings[id] = letter
			}
			withRun(t, falconsim.Options{Readings: readings}, func(t *testing.T, b *acctest.Harness, p *acctest.Protocol) {
				t.Helper()
				for len(b.Sim.Clients()) < 600 {
					n := len(b.Sim.Clients())
					b.Sim.AddClient(fmt.Sprintf("%032x", n), fmt.Sprint("secret ", n), []string{"alerts:read"})
				}
				if rows := clientRows(t, p, nil); len(rows) != 600 {
					t.Errorf("%d rows", len(rows))
				}
				listings, reads := b.CountRequests(http.MethodGet, clientIDsPath), b.CountRequests(http.MethodGet, acctest.ClientsPath)
				if listings != want.listings || reads != want.reads {
					t.Errorf("%d listings and %d reads, want %d and %d", listings, reads, want.listings, want.reads)
				}
			})
		})
	}
}

// A listing from before a change of the same run is not used.
func TestClients_afterCreate(t *testing.T) {
	t.Parallel()
	withRun(t, falconsim.Options{}, func(t *testing.T, _ *acctest.Harness, p *acctest.Protocol) {
		t.Helper()
		before := len(clientRows(t, p, nil))
		p.Create(client(nil))
		if rows := clientRows(t, p, nil); len(rows) != before+1 || !slices.Contains(rowNames(rows), "mine") {
			t.Errorf("%d rows before, now %q", before, rowNames(rows))
		}
	})
}

// Without the scope, the error names it.
func TestClients_forbidden(t *testing.T) {
	t.Parallel()
	withRun(t, falconsim.Options{Scopes: []string{"alerts:read"}}, func(t *testing.T, b *acctest.Harness, p *acctest.Protocol) {
		t.Helper()
		_, diags := p.Data(clientsSource, nil)
		if problem := b.CheckDiagnostics(diags); !strings.Contains(problem, "Unable to list API clients") || !strings.Contains(problem, "api-client-mgmt:read") {
			t.Errorf("got %s", problem)
		}
	})
}
