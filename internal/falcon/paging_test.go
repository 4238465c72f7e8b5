package falcon

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// workflowsOf lists total workflows in pages of 500, as far as they exist.
func workflowsOf(total, there int) func(http.ResponseWriter, request) {
	return func(w http.ResponseWriter, r request) {
		offset, _ := strconv.Atoi(r.get("offset"))
		var page []string
		for i := offset; i < min(offset+workflowPage, there); i++ {
			page = append(page, fmt.Sprintf(`{"id":"w%d","name":"W%d"}`, i, i))
		}
		list(w, total, page...)
	}
}

// The newest version of a workflow is known only at the end of the listing, so that is read before the first one.
func TestEachWorkflow(t *testing.T) {
	t.Parallel()
	const call = "GET /workflows/combined/definitions/v1"
	for name, test := range map[string]struct {
		total, there, take int
		calls, got         int
	}{
		"few":           {total: 3, there: 3, take: 10, calls: 1, got: 3},
		"none":          {take: 10, calls: 1},
		"a whole page":  {total: 500, there: 500, take: 999, calls: 2, got: 500},
		"the first":     {total: 1200, there: 1200, take: 1, calls: 3, got: 1},
		"all":           {total: 1200, there: 1200, take: 2000, calls: 3, got: 1200},
		"total of more": {total: 1200, there: 700, take: 2000, calls: 4, got: 700},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, c := newFake(t, map[string]func(http.ResponseWriter, request){call: workflowsOf(test.total, test.there)})
			got, last := 0, ""
			for w, err := range c.EachWorkflow(t.Context(), "") {
				if err != nil || w.ID <= last {
					t.Fatalf("%s after %s: %v", w.ID, last, err)
				}
				last = w.ID
				if got++; got == test.take {
					break
				}
			}
			if got != test.got || len(f.calls(call)) != test.calls {
				t.Errorf("%d in %d calls, want %d in %d", got, len(f.calls(call)), test.got, test.calls)
			}
			if sort := f.calls(call)[0].get("sort"); sort != workflowSort {
				t.Errorf("sort is %q", sort)
			}
		})
	}
}

func TestEachAPIClient(t *testing.T) {
	t.Parallel()
	const idsCall, readCall = "GET /api-clients/queries/api-clients/v1", "GET /api-clients/entities/api-clients/v1"
	for name, test := range map[string]struct {
		take, ids, reads, got int
		longest               int // URL
		read                  func(http.ResponseWriter, request)
		wantErr               string
	}{
		"the first":  {take: 1, ids: 1, reads: 1, got: 1},
		"two reads":  {take: 500, ids: 2, reads: 2, got: 500}, // the first page lacks the one that was deleted
		"all":        {take: 999, ids: 2, reads: 2, got: 599},
		"short URLs": {take: 999, ids: 2, reads: 7, got: 599, longest: 8000}, // refused with 500 and 250 ids, read by 125
		"refused": {
			take: 999, ids: 1, reads: 1, wantErr: "lacks the scope api-client-mgmt:read",
			read: func(w http.ResponseWriter, _ request) {
				refusal(w, http.StatusForbidden, "access denied, scope not permitted")
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			read := test.read
			if read == nil {
				read = func(w http.ResponseWriter, r request) {
					var found []string
					for _, id := range r.query["ids"] {
						if id != "c7" { // deleted since the listing
							found = append(found, fmt.Sprintf(`{"id":%q,"name":"n"}`, id))
						}
					}
					list(w, len(found), found...)
				}
			}
			f, c := newFake(t, map[string]func(http.ResponseWriter, request){
				readCall: func(w http.ResponseWriter, r request) {
					if test.longest > 0 && 38*len(r.query["ids"]) > test.longest {
						refusal(w, http.StatusRequestURITooLong, "")
						return
					}
					read(w, r)
				},
				idsCall: func(w http.ResponseWriter, r request) {
					offset, _ := strconv.Atoi(r.get("offset"))
					var page []string
					for i := offset; i < min(offset+idsPage, 600); i++ {
						page = append(page, fmt.Sprintf(`"c%d"`, i))
					}
					list(w, 600, page...)
				},
			})
			got, failure := 0, ""
			for _, err := range c.EachAPIClient(t.Context()) {
				if err != nil {
					failure = err.Error()
					continue
				}
				if got++; got == test.take {
					break
				}
			}
			if got != test.got || len(f.calls(idsCall)) != test.ids || len(f.calls(readCall)) != test.reads {
				t.Errorf("%d by %d and %d calls, want %d by %d and %d", got, len(f.calls(idsCall)), len(f.calls(readCall)), test.got, test.ids, test.reads)
			}
			if (failure == "") != (test.wantErr == "") || !strings.Contains(failure, test.wantErr) {
				t.Errorf("error %q, want %q", failure, test.wantErr)
			}
		})
	}
}

// A listing that never ends is an error after a limit.
func TestEndlessListing(t *testing.T) {
	t.Parallel()
	n := 0
	f, c := newFake(t, routes{"GET /api-clients/queries/api-clients/v1": func(w http.ResponseWriter, _ request) {
		n++
		list(w, 1_000_000, fmt.Sprintf(`"c%d"`, n))
	}})
	if _, err := c.APIClientsByName(t.Context(), "n"); err == nil || !strings.Contains(err.Error(), "has not ended after 1000 pages") {
		t.Error(err)
	}
	if calls := len(f.calls("GET /api-clients/queries/api-clients/v1")); calls != maxPages+1 {
		t.Errorf("%d calls", calls)
	}
}

// A listing of all API clients is complete or an error. One that was deleted in the meantime is not missing.
func TestAPIClientsAreComplete(t *testing.T) {
	t.Parallel()
	const idsCall, readCall = "GET /api-clients/queries/api-clients/v1", "GET /api-clients/entities/api-clients/v1"
	for name, test := range map[string]struct {
		listed  []string // the first and the second listing
		read    []string // ids in the first and the second response
		want    string
		wantErr string
	}{
		"complete":      {listed: []string{`"a","b"`}, read: []string{"a b"}, want: "a b"},
		"deleted":       {listed: []string{`"a","b"`, `"a"`}, read: []string{"a"}, want: "a"},
		"lost once":     {listed: []string{`"a","b"`, `"a","b"`}, read: []string{"a", "b"}, want: "a b"},
		"lost":          {listed: []string{`"a","b"`, `"a","b"`}, read: []string{"a", ""}, wantErr: "lacks the API client b"},
		"all lost once": {listed: []string{`"a","b"`, `"a","b"`}, read: []string{"", "b a"}, want: "b a"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			listings, reads := 0, 0
			_, c := newFake(t, routes{
				idsCall: func(w http.ResponseWriter, _ request) {
					list(w, strings.Count(test.listed[listings], ",")+1, test.listed[listings])
					listings++
				},
				readCall: func(w http.ResponseWriter, _ request) {
					var found []string
					for id := range strings.FieldsSeq(test.read[reads]) {
						found = append(found, fmt.Sprintf(`{"id":%q}`, id))
					}
					reads++
					list(w, len(found), found...)
				},
			})
			all, err := c.APIClients(t.Context())
			if got := strings.Join(apiClientIDs(all), " "); got != test.want || (err == nil) != (test.wantErr == "") || err != nil && !strings.Contains(err.Error(), test.wantErr) {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}
