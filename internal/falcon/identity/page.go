package identity

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon/identity/scan"
)

// pageTries is how often a page is requested that keeps coming back incomplete.
const pageTries = 3

// Selected fields of a user. Fields in `... on UserEntity` do not exist for other entities.
const (
	fieldsScore = "entityId riskScore"
	fieldsTally = fieldsScore + " riskScoreSeverity isAdmin: hasRole(type: " + roleAdmin + ") ... on UserEntity { emailAddresses }"
	fieldsUser  = fieldsTally + " primaryDisplayName secondaryDisplayName archived"

	fieldsAccounts = " accounts { dataSource enabled ... on ActiveDirectoryAccountDescriptor { domain samAccountName upn } }"
	fieldsRisk     = " riskFactors { type severity score }"
	fieldsRoles    = " roles { type }"
)

// fields are the fields to request: the large ones only if they are included.
func (i Include) fields() string {
	fields := fieldsUser
	if i.Accounts {
		fields += fieldsAccounts
	}
	if i.RiskFactors {
		fields += fieldsRisk
	}
	if i.Roles {
		fields += fieldsRoles
	}
	return fields
}

// pageRequest is a request for a page of users.
type pageRequest struct {
	users  selection
	fields string
	size   int
	after  string
	// byScore sorts by score, "ASCENDING" or "DESCENDING"; "" sorts by entity id, the only key that never changes.
	byScore string
	// count are selections whose users are counted in the same query.
	count []selection
}

func (p pageRequest) query() *query {
	q := &query{}
	arguments := q.arguments(p.users, "all") + ", first: " + q.variable("first", "Int", p.size)
	if p.after != "" {
		arguments += ", after: " + q.variable("after", "Cursor", p.after)
	}
	key, order := "ENTITY_ID", "ASCENDING"
	if p.byScore != "" {
		key, order = "RISK_SCORE", p.byScore
	}
	arguments += ", sortKey: " + q.variable("sortKey", "EntitySortKey", key) +
		", sortOrder: " + q.variable("sortOrder", "SortOrder", order)
	q.field("page: entities(%s) { pageInfo { hasNextPage endCursor } nodes { %s } }", arguments, p.fields)
	q.countEach(p.count)
	return q
}

type userPage = scan.Page[User]

// readPage reads one page. A page that promises more and yet is not full would hide users: it is requested again, and
// in the end it is an error.
func (o *operation) readPage(ctx context.Context, p pageRequest) (*userPage, error) {
	for try := 1; ; try++ {
		page, err := o.tryPage(ctx, p)
		if err != nil {
			return nil, err
		}
		switch {
		case len(page.Items) > p.size:
			return nil, fmt.Errorf("a page of %d users contains %d", p.size, len(page.Items))
		case !page.More:
			return page, nil
		case page.Cursor == "" || page.Cursor == p.after:
			return nil, errors.New("the listing promises more users but has no new cursor to read them")
		case len(page.Items) == p.size:
			return page, nil
		case try == pageTries:
			return nil, fmt.Errorf("a page of %d users that is not the last contains only %d", p.size, len(page.Items))
		}
	}
}

func (o *operation) tryPage(ctx context.Context, p pageRequest) (*userPage, error) {
	var response pageResponse
	if err := o.run(ctx, p.query(), &response); err != nil {
		return nil, err
	}
	api := response.Page
	if api == nil || api.PageInfo == nil {
		return nil, errors.New("the response contains no page of users")
	}
	page := &userPage{
		Items:  make([]User, 0, len(api.Nodes)),
		More:   api.PageInfo.HasNextPage,
		Cursor: api.PageInfo.EndCursor,
	}
	var err error
	if page.Counts, err = response.counts.list(countNames(len(p.count))); err != nil {
		return nil, err
	}
	for i := range api.Nodes {
		if api.Nodes[i].EntityID == "" {
			return nil, errors.New("a user of the listing has no entity id")
		}
		if score := api.Nodes[i].RiskScore; !zeroToOne(score) {
			return nil, fmt.Errorf("user %s has the risk score %.40s, which is not between 0 and 1", api.Nodes[i].EntityID, score)
		}
		page.Items = append(page.Items, userFromAPI(&api.Nodes[i]))
	}
	return page, nil
}

// zeroToOne reports whether a score is missing, or what the schema calls a ZeroToOneNumber.
func zeroToOne(score json.Number) bool {
	n, err := score.Float64()
	return score == "" || err == nil && n >= 0 && n <= 1
}

// pageResponse is the response to a pageRequest.
type pageResponse struct {
	Page   *apiPage `json:"page"`
	counts counts
}

// UnmarshalJSON implements json.Unmarshaler.
func (r *pageResponse) UnmarshalJSON(data []byte) error {
	type plain pageResponse
	if err := json.Unmarshal(data, (*plain)(r)); err != nil {
		return err
	}
	return json.Unmarshal(data, &r.counts)
}

// apiUsers are the users of a page. At most one more is decoded than any page may have.
type apiUsers []apiUser

// UnmarshalJSON implements json.Unmarshaler.
func (list *apiUsers) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	start, err := d.Token()
	if err != nil || start == nil {
		return err
	}
	if start != json.Delim('[') {
		return &json.UnmarshalTypeError{Value: "value that is not a list", Field: "nodes"}
	}
	for d.More() && len(*list) <= maxPageSize {
		var u apiUser
		if err := d.Decode(&u); err != nil {
			return err
		}
		*list = append(*list, u)
	}
	return nil
}

type apiPage struct {
	Nodes    apiUsers `json:"nodes"`
	PageInfo *struct {
		HasNextPage bool   `json:"hasNextPage"`
		EndCursor   string `json:"endCursor"`
	} `json:"pageInfo"`
}

type apiUser struct {
	EntityID             string      `json:"entityId"`
	PrimaryDisplayName   string      `json:"primaryDisplayName"`
	SecondaryDisplayName string      `json:"secondaryDisplayName"`
	EmailAddresses       []string    `json:"emailAddresses"`
	RiskScore            json.Number `json:"riskScore"`
	Severity             string      `json:"riskScoreSeverity"`
	IsAdmin              *bool       `json:"isAdmin"`
	Archived             bool        `json:"archived"`
	Accounts             []struct {
		DataSource     string `json:"dataSource"`
		Enabled        bool   `json:"enabled"`
		Domain         string `json:"domain"`
		SAMAccountName string `json:"samAccountName"`
		UPN            string `json:"upn"`
	} `json:"accounts"`
	RiskFactors []struct {
		Type     string      `json:"type"`
		Severity string      `json:"severity"`
		Score    json.Number `json:"score"`
	} `json:"riskFactors"`
	Roles []struct {
		Type string `json:"type"`
	} `json:"roles"`
}

func userFromAPI(w *apiUser) User {
	u := User{
		EntityID:             strings.ToLower(w.EntityID),
		DisplayName:          w.PrimaryDisplayName,
		SecondaryDisplayName: w.SecondaryDisplayName,
		Emails:               w.EmailAddresses,
		RiskScore:            w.RiskScore,
		Severity:             w.Severity,
		Admin:                w.IsAdmin,
		Archived:             w.Archived,
	}
	for _, a := range w.Accounts {
		account := UserAccount(a)
		u.Accounts = append(u.Accounts, account)
		if u.Enabled == nil {
			u.Enabled = new(false)
		}
		*u.Enabled = *u.Enabled || account.Enabled
		if u.SAMAccountName == "" && account.SAMAccountName != "" {
			u.Domain, u.SAMAccountName, u.UPN = account.Domain, account.SAMAccountName, account.UPN
		}
	}
	for _, f := range w.RiskFactors {
		u.RiskFactors = append(u.RiskFactors, RiskFactor(f))
	}
	for _, r := range w.Roles {
		u.Roles = append(u.Roles, r.Type)
	}
	return u
}
