package falcon

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

const (
	// userPageSize is the most that Falcon gives at once (wire/identity.md#entities).
	userPageSize = 1000
	// pageTries is how often a page is asked for that keeps coming incomplete.
	pageTries = 3
)

// Selected fields of a user. `... on UserEntity` holds the fields that other entities lack.
const (
	fieldsScore = "entityId riskScore"
	fieldsTally = fieldsScore + " riskScoreSeverity isAdmin: hasRole(type: " + roleAdmin + ") ... on UserEntity { emailAddresses }"
	fieldsUser  = fieldsTally + " primaryDisplayName secondaryDisplayName archived"

	fieldsAccounts = " accounts { dataSource enabled ... on ActiveDirectoryAccountDescriptor { domain samAccountName upn } }"
	fieldsRisk     = " riskFactors { type severity score }"
	fieldsRoles    = " roles { type }"
)

// fields are the fields to ask for: the large ones only when they are wanted.
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

// pageOf says which page of which users is wanted.
type pageOf struct {
	users  selection
	fields string
	size   int
	after  string
	// byScore sorts by score, "ASCENDING" or "DESCENDING"; "" sorts by entity id, the only key that never changes.
	byScore string
	// backwards begins with the last entity id.
	backwards bool
	// counted asks for the number of the selected users too, and of those in cells.
	counted bool
	cells   []userPart
}

type userPage struct {
	users   []User
	more    bool
	cursor  string
	matched int64   // if counted
	cells   []int64 // as asked for
}

func (p pageOf) query() *graphqlQuery {
	q := &graphqlQuery{}
	arguments := q.arguments(p.users, "all") + ", first: " + q.variable("first", "Int", p.size)
	if p.after != "" {
		arguments += ", after: " + q.variable("after", "Cursor", p.after)
	}
	key, order := "ENTITY_ID", "ASCENDING"
	switch {
	case p.byScore != "":
		key, order = "RISK_SCORE", p.byScore
	case p.backwards:
		order = "DESCENDING"
	}
	arguments += ", sortKey: " + q.variable("sortKey", "EntitySortKey", key) +
		", sortOrder: " + q.variable("sortOrder", "SortOrder", order)
	q.field("page: entities(%s) { pageInfo { hasNextPage endCursor } nodes { %s } }", arguments, p.fields)
	if p.counted {
		q.count("matched", p.users)
		for i, name := range countNames("cell", len(p.cells)) {
			q.count(name, p.cells[i].users)
		}
	}
	return q
}

// readPage reads one page. A page that promises more and yet is not full would hide users: it is asked for again, and
// in the end an error.
func (c *Client) readPage(ctx context.Context, p pageOf) (*userPage, error) {
	for try := 1; ; try++ {
		page, err := c.tryPage(ctx, p)
		if err != nil {
			return nil, err
		}
		switch {
		case len(page.users) > p.size:
			return nil, pageError(ctx, "a page of %d users holds %d", p.size, len(page.users))
		case !page.more:
			return page, nil
		case page.cursor == "" || page.cursor == p.after:
			return nil, pageError(ctx, "the listing promises more users and gives no new cursor to read them")
		case len(page.users) == p.size:
			return page, nil
		case try == pageTries:
			return nil, pageError(ctx, "a page of %d users that is not the last holds only %d", p.size, len(page.users))
		}
	}
}

func pageError(ctx context.Context, format string, args ...any) error {
	return listingError(ctx, &envelope{}, fmt.Sprintf(format, args...))
}

func (c *Client) tryPage(ctx context.Context, p pageOf) (*userPage, error) {
	answer, err := c.graphql(ctx, p.query())
	if err != nil {
		return nil, err
	}
	var data struct {
		Page *wirePage `json:"page"`
	}
	if err := answer.into(ctx, &data); err != nil {
		return nil, err
	}
	wire := data.Page
	if wire == nil || wire.PageInfo == nil {
		return nil, pageError(ctx, "the answer holds no page of users")
	}
	page := &userPage{
		users:  make([]User, 0, len(wire.Nodes)),
		more:   wire.PageInfo.HasNextPage,
		cursor: string(wire.PageInfo.EndCursor),
	}
	if err := page.takeCounts(ctx, p, answer); err != nil {
		return nil, err
	}
	for i := range wire.Nodes {
		if wire.Nodes[i].EntityID == "" {
			return nil, pageError(ctx, "a user of the listing has no entity id")
		}
		if score := wire.Nodes[i].RiskScore; !zeroToOne(score) {
			return nil, pageError(ctx, "user %s has the risk score %.40s, which is not between 0 and 1", wire.Nodes[i].EntityID, score)
		}
		page.users = append(page.users, wire.Nodes[i].user())
	}
	return page, nil
}

// zeroToOne says that a score is none, or what the schema calls a ZeroToOneNumber.
func zeroToOne(score json.Number) bool {
	n, err := score.Float64()
	return score == "" || err == nil && n >= 0 && n <= 1
}

// takeCounts reads the counts that were asked for beside the page.
func (page *userPage) takeCounts(ctx context.Context, p pageOf, answer *graphqlEnvelope) error {
	if !p.counted {
		return nil
	}
	var data map[string]json.RawMessage
	err := answer.into(ctx, &data)
	if err == nil {
		page.matched, err = countOf(ctx, data["matched"])
	}
	for _, name := range countNames("cell", len(p.cells)) {
		if err != nil {
			return err
		}
		var count int64
		count, err = countOf(ctx, data[name])
		page.cells = append(page.cells, count)
	}
	return err
}

// countOf reads a count, which must be there.
func countOf(ctx context.Context, raw json.RawMessage) (int64, error) {
	var n *whole
	if err := json.Unmarshal(raw, &n); err != nil || n == nil || *n < 0 {
		return 0, pageError(ctx, "a count in the answer is missing or no number")
	}
	return int64(*n), nil
}

// wireUsers are the users of a page. No more of them are decoded than any page may hold, and one.
type wireUsers []wireUser

// UnmarshalJSON implements json.Unmarshaler.
func (list *wireUsers) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	start, err := d.Token()
	if err != nil || start == nil {
		return err
	}
	if start != json.Delim('[') {
		return &json.UnmarshalTypeError{Value: "value that is not a list", Field: "nodes"}
	}
	for d.More() && len(*list) <= userPageSize {
		var u wireUser
		if err := d.Decode(&u); err != nil {
			return err
		}
		*list = append(*list, u)
	}
	return nil
}

type wirePage struct {
	Nodes    wireUsers `json:"nodes"`
	PageInfo *struct {
		HasNextPage bool        `json:"hasNextPage"`
		EndCursor   looseString `json:"endCursor"`
	} `json:"pageInfo"`
}

type wireUser struct {
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

func (w *wireUser) user() User {
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
