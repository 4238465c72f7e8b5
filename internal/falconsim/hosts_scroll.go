package falconsim

import "time"

// hostScroll is a host listing that has been begun.
type hostScroll struct {
	token   string  // "" until it is kept
	hosts   []*Host // those that are left
	total   int
	limit   int
	expires time.Time
}

// next takes the hosts of the next page.
func (h *hostScroll) next(now time.Time) []*Host {
	page := h.hosts[:min(h.limit, len(h.hosts))]
	h.hosts = h.hosts[len(page):]
	h.expires = now.Add(scrollLifetime)
	return page
}

// keepScroll stores a begun listing and returns its token, which is new only for a new listing.
func (st *hostStore) keepScroll(scroll *hostScroll) string {
	st.mu.Lock()
	defer st.mu.Unlock()
	if scroll.token == "" {
		st.opened++
		scroll.token = newDraw(st.seed, "scroll", st.opened).hexID()
	}
	st.scrolls[scroll.token] = *scroll
	return scroll.token
}

// scroll returns what is kept under the token, unless it has expired.
func (st *hostStore) scroll(token string, now time.Time) (*hostScroll, bool) {
	st.mu.Lock()
	defer st.mu.Unlock()
	scroll, known := st.scrolls[token]
	if known && !now.Before(scroll.expires) {
		delete(st.scrolls, token)
		return nil, false
	}
	return &scroll, known
}

// scrollLifetime is how long a scroll offset can be used. That it expires
// is recorded, the time is not.
const scrollLifetime = 2 * time.Minute
