package falcon

import (
	"cmp"
	"context"
	"maps"
	"slices"
)

const (
	// workflowSort is the order in which workflows are listed. The id of a workflow never changes, so no write moves a
	// workflow to another page while the pages are read, and its versions are neighbors, newest first. Nothing relies on it;
	// see workflowRows.
	workflowSort = "id.asc,version.desc"
	// maxRowPasses is how often a listing is read from its beginning because something was deleted in the meantime.
	maxRowPasses = 3
)

// workflowRows are the rows of a listing of workflows. A listing has one row for each version of a workflow that it shows.
// It is not known which versions these are, nor their order, nor whether limit, offset and total count workflows or rows
// (wire/workflows.md#listing). Therefore
//   - the highest version of an id is the workflow, and it is known when the listing has been read to its end;
//   - the offset counts rows, unless a page has more rows than the limit, which then counts workflows;
//   - a page that may be full does not end the listing, whatever total says;
//   - where total matches neither count in the end, the offset is tried as a count of workflows as well.
type workflowRows struct {
	limit  int
	newest map[string]wireWorkflow
	seen   map[workflowRow]bool // in this walk
	pages  int
	silent error // there was neither a list nor a total
	shrank bool  // total decreased: something was deleted, and rows may have moved to a page that was already read
}

// workflowRow identifies a row.
type workflowRow struct {
	id      string
	version strictInt
}

// rowPage is one page.
type rowPage struct {
	env              *envelope
	head             workflowRow // the first row
	rows, ids, fresh int
}

// readRows reads a listing of workflows to its end. limit is the page size that read requests.
func readRows(ctx context.Context, limit int, read func(offset int) (*envelope, error)) (*workflowRows, error) {
	for pass := 1; ; pass++ {
		r := &workflowRows{limit: limit, newest: map[string]wireWorkflow{}}
		if err := r.readAll(ctx, read); err != nil {
			return nil, err
		}
		if !r.shrank || pass == maxRowPasses {
			return r, nil
		}
	}
}

func (r *workflowRows) readAll(ctx context.Context, read func(offset int) (*envelope, error)) error {
	first, last, err := r.walk(ctx, read, false)
	if err != nil || first.ids == first.rows || first.rows > r.limit ||
		last.env.Total == len(r.newest) || last.env.Total == len(r.seen) {
		return err
	}
	// If the offset counts workflows, the workflows after those of the first page were skipped.
	p, err := r.next(ctx, read, first.ids)
	if err != nil || p.fresh == 0 {
		return err
	}
	_, _, err = r.walk(ctx, read, true)
	return err
}

// walk reads the pages of a listing until it ends and returns the first and the last one. byWorkflow says that the offset
// counts workflows.
func (r *workflowRows) walk(ctx context.Context, read func(offset int) (*envelope, error), byWorkflow bool) (first, last rowPage, err error) {
	r.seen = map[workflowRow]bool{}
	for offset := 0; ; {
		p, err := r.next(ctx, read, offset)
		if err == nil && p.rows == 0 && offset > 0 && p.env.Total > len(r.seen) {
			// Either total counts rows that are not listed, or the list is missing in the response: read again.
			p, err = r.next(ctx, read, offset)
		}
		if err != nil {
			return first, last, err
		}
		if offset == 0 {
			first = p
		} else if p.env.Total >= 0 && p.env.Total < last.env.Total {
			r.shrank = true
		}
		last = p
		switch {
		case p.fresh == 0 && offset == 0 && p.env.silent():
			r.silent = p.env.unstated(ctx)
			return first, last, nil
		case p.fresh == 0 && (offset == 0 || p.head == first.head): // no row despite the total, or the first page again
			return first, last, cutShort(ctx, p.env, len(r.seen))
		case p.fresh == 0, !r.full(p) && (r.agrees(p.env.Total) || offset+p.rows == p.env.Total):
			return first, last, nil
		}
		switch byWorkflow = byWorkflow || p.rows > r.limit; {
		case !byWorkflow:
			offset += p.rows
		case p.rows == r.limit: // the last workflow of the page may continue in the next one
			offset += max(p.ids-1, 1)
		default:
			offset += p.ids
		}
	}
}

// full reports whether a page may have as many rows or workflows as the limit allows.
func (r *workflowRows) full(p rowPage) bool {
	return p.rows == r.limit || p.ids >= r.limit
}

// next reads a page and adds its rows.
func (r *workflowRows) next(ctx context.Context, read func(offset int) (*envelope, error), offset int) (rowPage, error) {
	env, err := read(offset)
	if err != nil {
		return rowPage{}, err
	}
	if r.pages++; r.pages > maxPages {
		return rowPage{}, endless(ctx, env)
	}
	rows, err := resources[wireWorkflow](ctx, env)
	if err != nil {
		return rowPage{}, err
	}
	p := rowPage{env: env, rows: len(rows)}
	ids := map[string]bool{}
	for i, w := range rows {
		if w.ID == "" {
			return rowPage{}, listingError(ctx, env, noReadableID)
		}
		ids[w.id()] = true
		key := workflowRow{w.id(), w.Version}
		if i == 0 {
			p.head = key
		}
		if !r.seen[key] {
			r.seen[key] = true
			p.fresh++
		}
		if known, ok := r.newest[w.id()]; !ok || w.newerThan(known) {
			r.newest[w.id()] = w
		}
	}
	p.ids = len(ids)
	return p, nil
}

// agrees reports whether the number of rows or workflows read matches the total.
func (r *workflowRows) agrees(total int) bool {
	return total >= 0 && (len(r.newest) >= total || len(r.seen) == total)
}

// workflows returns the newest version of each workflow in the order of the ids.
func (r *workflowRows) workflows() []Workflow {
	list := make([]Workflow, 0, len(r.newest))
	for _, id := range slices.Sorted(maps.Keys(r.newest)) {
		list = append(list, r.newest[id].workflow())
	}
	return list
}

// newerThan compares two rows of one workflow. The time decides between two of the same version.
func (w wireWorkflow) newerThan(other wireWorkflow) bool {
	if w.Version != other.Version {
		return w.Version > other.Version
	}
	return cmp.Compare(w.LastModified, other.LastModified) > 0
}
