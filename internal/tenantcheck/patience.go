package tenantcheck

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

// maxPatience is how long a check waits in all after 429s that name no time.
const maxPatience = 3 * time.Minute

// patience is what is left of the time for such waits.
type patience struct {
	mu   sync.Mutex
	left time.Duration
}

// wait is one request of a check, which may be limited.
type wait struct {
	ofCheck *patience
	cancel  context.CancelFunc
	end     time.Time // of the area; zero if there is none
	since   time.Time // of the first 429 that names no time
	timer   *time.Timer
}

type waitKey struct{}

// begin begins a request. done has to be called after its end.
func (p *patience) begin(ctx context.Context) (_ context.Context, done func()) {
	ctx, cancel := context.WithCancel(ctx)
	w := &wait{ofCheck: p, cancel: cancel}
	w.end, _ = ctx.Deadline()
	return context.WithValue(ctx, waitKey{}, w), func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		cancel()
		if w.timer != nil {
			w.timer.Stop()
			p.left = max(p.left-time.Since(w.since), 0)
		}
	}
}

// reset allows waits of d in all.
func (p *patience) reset(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left = d
}

// limited is the progress after a 429. A request whose check has no patience left ends.
func limited(ctx context.Context, header http.Header) string {
	if d, named := falcon.NamedWait(header); named {
		return fmt.Sprintf("%s %s, as Falcon asks", waitingLine, d.Round(time.Second))
	}
	w, ok := ctx.Value(waitKey{}).(*wait)
	if !ok {
		return fmt.Sprintf("%s for %s at most, because Falcon names no time", waitingLine, falcon.UnnamedWaitLimit)
	}
	left := w.patience()
	if left <= 0 {
		w.cancel()
		return "Falcon limits the number of requests (429) and names no time: giving this request up"
	}
	return fmt.Sprintf("%s for %s at most, because Falcon names no time", waitingLine, left.Round(time.Second))
}

// patience is how long the request may still wait.
func (w *wait) patience() time.Duration {
	w.ofCheck.mu.Lock()
	defer w.ofCheck.mu.Unlock()
	if w.timer == nil {
		w.since, w.timer = time.Now(), time.AfterFunc(w.ofCheck.left, w.cancel)
	}
	left := min(w.ofCheck.left, falcon.UnnamedWaitLimit) - time.Since(w.since)
	if !w.end.IsZero() {
		left = min(left, time.Until(w.end))
	}
	return left
}
