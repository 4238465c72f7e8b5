package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

// UsersByEntityID returns the user with this entity id, with all fields; the list is empty if there is none.
func (c *Client) UsersByEntityID(ctx context.Context, id string) ([]User, error) {
	users := selection{args: condition{"entityIds": []string{id}}}
	return c.lookUp(ctx, "entity id", id, users, func(u *User) bool { return strings.EqualFold(u.EntityID, id) })
}

// UsersByEmail returns the users who have this email address, in any letter case, with all fields. Several users may share
// an address.
func (c *Client) UsersByEmail(ctx context.Context, email string) ([]User, error) {
	users := selection{args: condition{"emailAddresses": []string{email}}}
	return c.lookUp(ctx, "email address", email, users, func(u *User) bool {
		return slices.ContainsFunc(u.Emails, func(address string) bool { return strings.EqualFold(address, email) })
	})
}

// UsersByUPN returns the users with an Active Directory account of this user principal name, in any letter case, with all
// fields. There is no filter for it: the candidates are the users whose email address it is, or whose SAM account name is
// its first part, of which Active Directory keeps 20 characters.
func (c *Client) UsersByUPN(ctx context.Context, upn string) ([]User, error) {
	return c.lookUp(ctx, "user principal name", upn, upnCandidates(upn), func(u *User) bool {
		return slices.ContainsFunc(u.Accounts, func(a UserAccount) bool { return strings.EqualFold(a.UPN, upn) })
	})
}

const samAccountNameLength = 20 // of a user, in Active Directory

func upnCandidates(upn string) selection {
	name, _, _ := strings.Cut(upn, "@")
	candidates := []condition{{"emailAddresses": []string{upn}}}
	if name != "" {
		names := []string{name}
		if letters := []rune(name); len(letters) > samAccountNameLength {
			names = append(names, string(letters[:samAccountNameLength]))
		}
		candidates = append(candidates, condition{"samAccountNames": names})
	}
	return selection{all: []condition{{"any": candidates}}}
}

// UsersBySAMAccountName returns the users with an account of this name, in this domain unless domain is "", with all
// fields. Letter case is ignored.
func (c *Client) UsersBySAMAccountName(ctx context.Context, name, domain string) ([]User, error) {
	users := selection{args: condition{"samAccountNames": []string{name}}}
	shown := name
	if domain != "" {
		users.args["domains"] = []string{domain}
		shown = domain + `\` + name
	}
	// The filter also matches a user with the name in one account and the domain in another.
	return c.lookUp(ctx, "SAM account name", shown, users, func(u *User) bool {
		return slices.ContainsFunc(u.Accounts, func(a UserAccount) bool {
			return strings.EqualFold(a.SAMAccountName, name) && (domain == "" || strings.EqualFold(a.Domain, domain))
		})
	})
}

func (c *Client) lookUp(ctx context.Context, kind, value string, users selection, fits func(*User) bool) ([]User, error) {
	o := c.operation(fmt.Sprintf("look up the user with the %s %q", kind, value), falcon.ScopeEntitiesRead, 1)
	if value == "" {
		return nil, o.invalid(errors.New("it is empty"))
	}
	found, err := o.scan(ctx, users, IncludeAll().fields(), 1)
	if err != nil {
		return nil, o.failed(err)
	}
	return slices.DeleteFunc(found, func(u User) bool { return !fits(&u) }), nil
}
