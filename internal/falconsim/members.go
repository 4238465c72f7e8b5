package falconsim

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/http"
	"regexp"
	"strings"
)

var cidPattern = regexp.MustCompile(`^[0-9a-f]{32}$`)

// ParseMemberCID returns a customer id in lowercase, or an error if it is not 32 hexadecimal digits.
func ParseMemberCID(text string) (string, error) {
	cid := strings.ToLower(text)
	if !cidPattern.MatchString(cid) {
		return "", fmt.Errorf("%q is not a customer id: expected 32 hexadecimal digits", text)
	}
	return cid, nil
}

// addMembers creates the Flight Control children of the options.
func (s *Server) addMembers() error {
	s.members = map[string]*Server{}
	named := s.opts.MemberCIDs
	s.opts.MemberCIDs = nil // lowercase ones follow
	for _, cid := range named {
		if err := s.AddMember(cid); err != nil {
			return err
		}
	}
	for cid := range s.opts.Children {
		if s.members[cid] == nil {
			return fmt.Errorf("options are given for %s, which is not a child", cid)
		}
	}
	return nil
}

// AddMember creates a Flight Control child; call it before the tenant serves requests. A child is a tenant of its own that shares only
// the address, the request log, and the faults with its parent. Its seed depends on its customer id, so that no id, secret, host, or
// user exists twice.
func (s *Server) AddMember(text string) error {
	cid, err := ParseMemberCID(text)
	if err != nil {
		return err
	}
	if cid == s.cid || s.members[cid] != nil {
		return fmt.Errorf("the child %s has the customer id of the parent or of another child", cid)
	}
	opts := s.opts.child(cid)
	sum := sha256.Sum256([]byte(fmt.Sprintf("%d/%s", s.opts.Seed, cid)))
	opts.Seed = int64(binary.BigEndian.Uint32(sum[:4])) + 1
	child := &Server{opts: opts, counters: map[string]uint64{}, gateway: s, cid: cid, ccid: memberCCID(cid)}
	child.fill()
	s.members[cid] = child
	s.opts.MemberCIDs = append(s.opts.MemberCIDs, cid)
	return nil
}

// memberCCID returns the customer id of a child with a made-up checksum.
func memberCCID(cid string) string {
	sum := sha256.Sum256([]byte(cid))
	return strings.ToUpper(cid + "-" + hex.EncodeToString(sum[:1]))
}

// Member returns a Flight Control child by its customer id, and false if there is none. Its methods change and show the child only,
// except for faults, tokens, and the request log, which it shares with its parent. So are requests to it those to its parent.
func (s *Server) Member(cid string) (*Server, bool) {
	child, exists := s.members[strings.ToLower(cid)]
	return child, exists
}

// tenantOf returns the tenant in which a request works.
func (s *Server) tenantOf(c *apiRequest) *Server {
	if child := s.members[c.cid]; child != nil {
		return child
	}
	return s
}

// findClient finds an API client of this tenant or of a child, and its tenant. It returns nil if there is none. An API client of a
// child signs in to the child, without member_cid (wire/flight-control.md#children). Call it with s.mu held.
func (s *Server) findClient(id string) (*Server, *apiClient) {
	if client, exists := s.clients[id]; exists {
		return s, client
	}
	for _, child := range s.members {
		child.mu.Lock()
		client, exists := child.clients[id]
		child.mu.Unlock()
		if exists {
			return child, client
		}
	}
	return nil, nil
}

// memberParameter is the query parameter by which a request to the console names a child.
const memberParameter = "member_cid"

// serveConsole serves the console of this tenant, or of the child that the request names.
func (s *Server) serveConsole(w http.ResponseWriter, r *http.Request) {
	tenant := s
	if cid := r.URL.Query().Get(memberParameter); cid != "" && !strings.EqualFold(cid, s.cid) {
		child, exists := s.Member(cid)
		if !exists {
			writeConsole(w, nil, fmt.Errorf("%s is not a child of this tenant: %w", cid, errNotFound))
			return
		}
		tenant = child
	}
	tenant.console.ServeHTTP(w, r)
}
