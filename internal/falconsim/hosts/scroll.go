package hosts

import (
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/random"
)

// Scroll is a listing of hosts that has begun.
type Scroll struct {
	Token   string  // "" until it is stored
	Hosts   []*Host // hosts that are left
	Total   int
	Limit   int
	Expires time.Time
}

// Next removes and returns the hosts of the next page.
func (h *Scroll) Next(now time.Time) []*Host {
	page := h.Hosts[:min(h.Limit, len(h.Hosts))]
	h.Hosts = h.Hosts[len(page):]
	h.Expires = now.Add(ScrollLifetime)
	return page
}

// KeepScroll stores a listing and returns its token, which stays the same.
func (st *Store) KeepScroll(scroll *Scroll) string {
	st.mu.Lock()
	defer st.mu.Unlock()
	if scroll.Token == "" {
		st.opened++
		scroll.Token = random.NewStream(st.seed, "scroll", st.opened).HexID()
	}
	st.scrolls[scroll.Token] = *scroll
	return scroll.Token
}

// Scroll returns the listing with this token, unless it has expired.
func (st *Store) Scroll(token string, now time.Time) (*Scroll, bool) {
	st.mu.Lock()
	defer st.mu.Unlock()
	scroll, known := st.scrolls[token]
	if known && !now.Before(scroll.Expires) {
		delete(st.scrolls, token)
		return nil, false
	}
	return &scroll, known
}

// ScrollLifetime is how long a scroll offset is valid. That it expires is recorded, the time is not.
const ScrollLifetime = 2 * time.Minute
