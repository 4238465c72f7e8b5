package falcon

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

const (
	childIDsCall = "GET /mssp/queries/children/v1"
	childrenCall = "POST /mssp/entities/children/GET/v2"
)

// childTenantsOf serves a parent with n children, whose pages of ids have at most page entries.
func childTenantsOf(n, page int, read func(ids []string) (status int, resources []string)) routes {
	return routes{
		childIDsCall: func(w http.ResponseWriter, r request) {
			offset, _ := strconv.Atoi(r.get("offset"))
			limit, _ := strconv.Atoi(r.get("limit"))
			var ids []string
			for i := offset; i < min(offset+min(limit, page), n); i++ {
				ids = append(ids, fmt.Sprintf(`"%032X"`, i))
			}
			list(w, n, ids...)
		},
		childrenCall: func(w http.ResponseWriter, r request) {
			var body struct{ IDs []string }
			if err := json.Unmarshal([]byte(r.body), &body); err != nil {
				reply(w, http.StatusBadRequest, "{}")
				return
			}
			status, resources := read(body.IDs)
			errors := ""
			if status == http.StatusMultiStatus {
				errors = `{"code":404,"message":"not found"}`
			}
			reply(w, status, fmt.Sprintf(`{"meta":{},"errors":[%s],"resources":[%s]}`, errors, strings.Join(resources, ",")))
		},
	}
}

func shownChildren(ids []string) (int, []string) {
	var shown []string
	for _, id := range ids {
		shown = append(shown, fmt.Sprintf(`{"child_cid":%q,"child_of":"PARENT","checksum":"a1","name":"Branch","status":"active"}`, id))
	}
	return http.StatusOK, shown
}

// Children are read completely, by as few requests as Falcon allows.
func TestChildTenants(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		n, page, listings, reads, got int
		read                          func(ids []string) (int, []string)
		wantErr                       string
	}{
		"one page":    {n: 120, page: 5000, listings: 1, reads: 1, got: 120, read: shownChildren},
		"two pages":   {n: 620, page: 5000, listings: 2, reads: 2, got: 620, read: shownChildren},
		"short pages": {n: 120, page: 50, listings: 3, reads: 1, got: 120, read: shownChildren},
		"none":        {n: 0, page: 50, listings: 1, read: shownChildren},
		"one missing in all responses": {n: 3, page: 50, listings: 2, reads: 2, wantErr: "lacks the child tenant " + fmt.Sprintf("%032x", 2), read: func(ids []string) (int, []string) {
			_, shown := shownChildren(ids)
			if len(ids) == 1 {
				return http.StatusMultiStatus, nil
			}
			return http.StatusMultiStatus, shown[:2]
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, c := newFake(t, childTenantsOf(test.n, test.page, test.read))
			children, err := c.ChildTenants(t.Context())
			if len(children) != test.got || (err == nil) != (test.wantErr == "") || err != nil && !strings.Contains(err.Error(), test.wantErr) {
				t.Errorf("%d children, %v", len(children), err)
			}
			if got := [2]int{len(f.calls(childIDsCall)), len(f.calls(childrenCall))}; got != [2]int{test.listings, test.reads} {
				t.Errorf("%v requests, want %d and %d", got, test.listings, test.reads)
			}
		})
	}
}

// The model requires neither name nor status, and the checksum makes the customer id that Falcon's pages show.
func TestChildTenantsShow(t *testing.T) {
	t.Parallel()
	cid := strings.Repeat("0", 32)
	for resource, want := range map[string]ChildTenant{
		`{"child_cid":"` + cid + `","child_of":"AB","checksum":"a1","name":"Branch","status":"active"}`: {CID: cid, CCID: cid + "-A1", ParentCID: "ab", Name: "Branch", Status: "active"},
		`{"child_cid":"` + cid + `","child_of":"ab","checksum":"a1b2c3"}`:                               {CID: cid, ParentCID: "ab"},
		`{"child_cid":"` + cid + `","child_of":null,"checksum":null,"name":null,"status":null}`:         {CID: cid},
	} {
		_, c := newFake(t, childTenantsOf(1, 50, func([]string) (int, []string) { return http.StatusOK, []string{resource} }))
		if children, err := c.ChildTenants(t.Context()); err != nil || len(children) != 1 || children[0] != want {
			t.Errorf("%s: got %+v, %v", resource, children, err)
		}
	}
}

// A refusal names the scope if it is about the scope.
func TestChildTenantsRefused(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]string{
		"access denied, scope not permitted": "lacks the scope mssp:read", "access denied, authorization failed": "authorization failed",
	} {
		_, c := newFake(t, routes{childIDsCall: func(w http.ResponseWriter, _ request) { refusal(w, http.StatusForbidden, message) }})
		if _, err := c.ChildTenants(t.Context()); !IsForbidden(err) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", message, err)
		}
	}
}
