package falcon

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// textOfObject reads one object, as a refresh does.
func textOfObject(ctx context.Context, c *Client, id string) (string, error) {
	switch id[:1] {
	case "w":
		w, err := c.Workflow(ctx, id)
		if err != nil {
			return "", err
		}
		return w.Name, nil
	case "c":
		a, err := c.APIClient(ctx, id)
		if err != nil {
			return "", err
		}
		return a.Scopes[0], nil
	}
	p, err := c.PluginConfig(ctx, id)
	if err != nil {
		return "", err
	}
	return *p.Name, nil
}

func wantText(t *testing.T, c *Client, id, want string) {
	t.Helper()
	if got, err := textOfObject(t.Context(), c, id); got != want || err != nil {
		t.Errorf("%s: got %q, %v, want %q", id, got, err, want)
	}
}

// TestRefreshSharesItsReads checks that 550 objects, ten at a time, take at most ten requests, each as it is now, also where
// a workflow has five versions and a page has 500 rows.
func TestRefreshSharesItsReads(t *testing.T) {
	t.Parallel()
	for name, versions := range map[string]int{"one version": 1, "five versions": 5} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, c := newObjects(t, 300, 200, 50)
			o.versions = versions
			kinds := map[string]int{"w": 300, "c": 200, "p": 50}
			for kind, n := range kinds {
				for i := range n {
					o.put(fmt.Sprint(kind, i), fmt.Sprint("text of ", kind, i))
				}
			}
			ids := make(chan string)
			var workers sync.WaitGroup
			for range 10 {
				workers.Go(func() {
					for id := range ids {
						wantText(t, c, id, "text of "+id)
					}
				})
			}
			for i := range 300 { // mixed, as Terraform's own order is
				for kind, n := range kinds {
					if i < n {
						ids <- fmt.Sprint(kind, i)
					}
				}
			}
			close(ids)
			workers.Wait()
			most := 10
			if versions > 1 {
				most = 13 // 1,500 rows are three pages, and another request shows that there are no more
			}
			if n := o.calls(""); n > most {
				t.Errorf("%d calls: %v", n, o.seen)
			}
			if n := o.calls("GET " + workflowsPath); n > 5 {
				t.Errorf("%d calls for the workflows: %v", n, o.seen)
			}
		})
	}
}

// A read that decides about a write is not served by an earlier listing.
func TestWorkflowNowIsNotShared(t *testing.T) {
	t.Parallel()
	o, c := newObjects(t, 3, 0, 0)
	for _, id := range []string{"w0", "w1", "w2"} {
		wantText(t, c, id, "old")
	}
	o.put("w1", "new")
	wantText(t, c, "w1", "old") // of the listing
	if w, err := c.CurrentWorkflow(t.Context(), "w1", 0); err != nil || w.Name != "new" {
		t.Errorf("got %+v, %v", w, err)
	}
}

func TestOneObjectIsReadByItself(t *testing.T) {
	t.Parallel()
	o, c := newObjects(t, 5, 5, 5)
	for _, id := range []string{"w1", "c1", "p1"} {
		wantText(t, c, id, "old")
	}
	if n := o.calls(""); n != 3 {
		t.Errorf("%d calls: %v", n, o.seen)
	}
	o.put("w1", "new")
	o.put("c1", "new")
	wantText(t, c, "w1", "new") // the same object again is not a reason to list
	wantText(t, c, "c1", "new")
	if n := o.calls("GET " + workflowsPath + " (list)"); n != 0 || o.calls("GET "+idsPath) != 0 {
		t.Errorf("one object was listed: %v", o.seen)
	}
}

// TestSnapshotEnds checks that a snapshot ends with time, and with every write of the kind by this client, even a refused
// one.
func TestSnapshotEnds(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		kind  string
		write func(context.Context, *Client) error // nil: time passes
	}{
		{"workflow, time", "w", nil},
		{"API client, time", "c", nil},
		{"webhook, time", "p", nil},
		{"import", "w", func(ctx context.Context, c *Client) error {
			_, err := c.CreateWorkflow(ctx, spec(false))
			return err
		}},
		{"update of a workflow", "w", func(ctx context.Context, c *Client) error { return c.sendUpdate(ctx, "w0", spec(false).Document) }},
		{"enable", "w", func(ctx context.Context, c *Client) error {
			_, err := c.SetWorkflowEnabled(ctx, "w0", true)
			return err
		}},
		{"delete of a workflow", "w", func(ctx context.Context, c *Client) error { return c.DeleteWorkflow(ctx, "w0") }},
		{"create of an API client", "c", func(ctx context.Context, c *Client) error {
			_, _, err := c.CreateAPIClient(ctx, APIClientSpec{Name: "n"})
			return fmt.Errorf("the fake creates it: %w", err)
		}},
		{"update of an API client", "c", func(ctx context.Context, c *Client) error {
			return c.UpdateAPIClient(ctx, "c0", APIClientSpec{Name: "n"})
		}},
		{"reset", "c", func(ctx context.Context, c *Client) error {
			_, err := c.ResetAPIClientSecret(ctx, "c0")
			return err
		}},
		{"delete of an API client", "c", func(ctx context.Context, c *Client) error { return c.DeleteAPIClient(ctx, "c0") }},
		{"create of a webhook", "p", func(ctx context.Context, c *Client) error {
			_, err := c.CreateWebhook(ctx, WebhookSpec{Name: "n"})
			return err
		}},
		{"update of a webhook", "p", func(ctx context.Context, c *Client) error {
			_, err := c.UpdateWebhook(ctx, "p0", WebhookSpec{Name: "n"})
			return err
		}},
		{"delete of a webhook", "p", func(ctx context.Context, c *Client) error { return c.DeleteWebhook(ctx, "p0") }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			o, c := newObjects(t, 3, 3, 3)
			last := tc.kind + "2"
			wantText(t, c, tc.kind+"0", "old")
			wantText(t, c, tc.kind+"1", "old")
			o.put(last, "new")
			wantText(t, c, last, "old") // the listing serves
			if tc.write == nil {
				o.pass(snapshotAge)
			} else if err := tc.write(t.Context(), c); err == nil {
				t.Fatal("the write was not refused")
			}
			wantText(t, c, last, "new")
			if tc.write == nil {
				return
			}
			o.put(last, "newer") // and no listing serves any more
			wantText(t, c, tc.kind+"1", "old")
			wantText(t, c, last, "newer")
		})
	}
}

// TestChecksKeepTheSnapshot checks that the validation of a plan does not count as a write.
func TestChecksKeepTheSnapshot(t *testing.T) {
	t.Parallel()
	o, c := newObjects(t, 3, 0, 0)
	wantText(t, c, "w0", "old")
	wantText(t, c, "w1", "old")
	if c.ValidateUpdate(t.Context(), "w0", spec(false).Document) == nil || c.ValidateImport(t.Context(), spec(false).Document) == nil {
		t.Fatal("the checks were not refused")
	}
	before := o.calls("GET")
	wantText(t, c, "w2", "old")
	if n := o.calls("GET"); n != before {
		t.Errorf("read again: %v", o.seen)
	}
}

// TestMissingInTheSnapshot checks that an object counts as deleted only after it was looked up by itself.
func TestMissingInTheSnapshot(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"w", "c", "p"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			o, c := newObjects(t, 2, 2, 2)
			wantText(t, c, kind+"0", "old")
			wantText(t, c, kind+"1", "old")
			o.pass(time.Second)
			o.put(kind+"2", "late")
			wantText(t, c, kind+"2", "late")
			before := o.calls("")
			o.pass(time.Second)
			if _, err := textOfObject(t.Context(), c, kind+"9"); !IsNotFound(err) {
				t.Errorf("got %v", err)
			}
			// Configurations have only a listing; the others are looked up in two ways, or twice.
			if n, want := o.calls("")-before, map[string]int{"w": 2, "c": 2, "p": 1}[kind]; n != want {
				t.Errorf("called gone after %d calls, want %d", n, want)
			}
		})
	}
}

// TestFailedListing checks that the objects are read one by one where the listing fails, and that it is not repeated for
// each.
func TestFailedListing(t *testing.T) {
	t.Parallel()
	for kind, listing := range map[string]string{"w": "GET " + workflowsPath + " (list)", "c": "GET " + idsPath} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			o, c := newObjects(t, 20, 20, 0)
			o.broke = listing
			for i := range 20 {
				wantText(t, c, fmt.Sprint(kind, i), "old")
			}
			if n := o.calls(listing); n != 1 || o.calls("") != 21 {
				t.Errorf("%d listings: %v", n, o.seen)
			}
		})
	}
}

// TestWriteDuringAListing checks that a read after a write does not return what was requested before it ended.
func TestWriteDuringAListing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, c := newObjects(t, 0, 3, 3)
		o.held = make(chan struct{})
		read := func(id string) {
			if _, err := textOfObject(t.Context(), c, id); err != nil {
				t.Error(err)
			}
		}
		named := func() {
			if _, err := c.APIClientsByName(t.Context(), "old"); err != nil {
				t.Error(err)
			}
		}
		go read("p1")
		go named()
		synctest.Wait()
		go read("p2") // joins
		go named()
		synctest.Wait()
		if o.calls("GET "+configsPath) != 1 || o.calls("GET "+idsPath) != 1 {
			t.Errorf("not joined: %v", o.seen)
		}
		if err := c.UpdateAPIClient(t.Context(), "c0", APIClientSpec{Name: "n"}); err == nil {
			t.Error("the update was not refused")
		}
		go func() {
			if err := c.DeleteWebhook(t.Context(), "p0"); err == nil {
				t.Error("the delete was not refused")
			}
		}()
		go named()
		synctest.Wait()
		if o.calls("GET "+configsPath) != 2 || o.calls("GET "+idsPath) != 2 {
			t.Errorf("an old listing was joined: %v", o.seen)
		}
		close(o.held)
		synctest.Wait()
		before := o.calls("GET " + configsPath)
		read("p1")
		if o.calls("GET "+configsPath) != before+1 {
			t.Errorf("a listing from before the write was kept: %v", o.seen)
		}
	})
}

// TestCreatesShareTheirLookUp checks that n concurrent creates do not list n times.
func TestCreatesShareTheirLookUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, c := newObjects(t, 0, 300, 0)
		o.held = make(chan struct{})
		create := func(name string) {
			if _, _, err := c.CreateAPIClient(t.Context(), APIClientSpec{Name: name}); err != nil {
				t.Error(err)
			}
		}
		for i := range 5 {
			go create(fmt.Sprint("n", i))
		}
		synctest.Wait()
		// A create that ends in the meantime has another name.
		if _, _, err := c.postAPIClient(t.Context(), APIClientSpec{Name: "other"}); err != nil {
			t.Error(err)
		}
		for i := range 5 {
			go create(fmt.Sprint("m", i))
		}
		synctest.Wait()
		if n := o.calls("GET " + idsPath); n != 1 {
			t.Errorf("%d listings for ten creates", n)
		}
		// A change may have released a name, or taken one.
		if err := c.UpdateAPIClient(t.Context(), "c0", APIClientSpec{Name: "n"}); err == nil {
			t.Error("the update was not refused")
		}
		go create("last")
		synctest.Wait()
		if n := o.calls("GET " + idsPath); n != 2 {
			t.Errorf("%d listings, the second after the update", n)
		}
		close(o.held)
		synctest.Wait()
		if n := o.calls("POST"); n != 12 {
			t.Errorf("%d creates: %v", n, o.seen)
		}
		create("later") // begins when the creates above have ended, so it lists again
		if o.calls("GET "+idsPath) != 3 {
			t.Errorf("an old listing: %v", o.seen)
		}
	})
}
