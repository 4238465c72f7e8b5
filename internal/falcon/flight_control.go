package falcon

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/crowdstrike/gofalcon/falcon/client/mssp"
	"github.com/crowdstrike/gofalcon/falcon/models"
)

const (
	scopeFlightControlRead = "mssp:read"
	childPage              = 500 // public clients allow 5,000 (wire/open-questions.md#q115)
)

// ChildTenant is a Flight Control child of the tenant.
type ChildTenant struct {
	CID       string // 32 hex digits, lower case
	CCID      string // CID with checksum; "" where Falcon does not show the checksum
	Name      string // "" where Falcon does not show it
	Status    string // "" where Falcon does not show it
	ParentCID string // lower case
}

type wireChild struct {
	CID      looseString `json:"child_cid"`
	Parent   looseString `json:"child_of"`
	Checksum looseString `json:"checksum"`
	Name     looseString `json:"name"`
	Status   looseString `json:"status"`
}

func (w wireChild) child() ChildTenant {
	child := ChildTenant{
		CID: strings.ToLower(string(w.CID)), ParentCID: strings.ToLower(string(w.Parent)),
		Name: oneLine(string(w.Name), maxHeaderText), Status: oneLine(string(w.Status), maxHeaderText),
	}
	if ccid := child.CID + "-" + string(w.Checksum); cidWithChecksum.MatchString(ccid) { // wire/flight-control.md#children
		child.CCID = strings.ToUpper(ccid)
	}
	return child
}

// ChildTenants lists the Flight Control children of the tenant: two requests for every 500. IsForbidden holds for the error of
// a tenant that is not a parent (wire/open-questions.md#q103).
func (c *Client) ChildTenants(ctx context.Context) ([]ChildTenant, error) {
	return listedObjects[ChildTenant]{
		kind: "child tenant",
		ids:  c.childIDs,
		read: c.readChildren,
		id:   func(child ChildTenant) string { return child.CID },
	}.all(withCall(ctx, call{doing: "list the Flight Control child tenants", scope: scopeFlightControlRead, repeat: safe}))
}

func (c *Client) childIDs(ctx context.Context) ([]looseString, error) {
	ids, err := statedPages(ctx, childIDText, func(offset int) (*envelope, error) {
		params := mssp.NewQueryChildrenParamsWithContext(ctx)
		// No order is asked for: public clients disagree about its form, and the default one is documented.
		params.Limit, params.Offset = new(int64(childPage)), new(int64(offset))
		var r response
		_, err := c.flightControl.QueryChildren(params, r.as(mssp.NewQueryChildrenOK()))
		return checkedEnvelope(ctx, &r, err)
	})
	for i, id := range ids {
		ids[i] = looseString(childIDText(id))
	}
	return ids, err
}

func childIDText(id looseString) string { return strings.ToLower(string(id)) }

// readChildren reads children whose ids were listed. Errors about some of them come with status 207; those that no longer
// exist are skipped.
func (c *Client) readChildren(ctx context.Context, ids []looseString) ([]ChildTenant, error) {
	var all []ChildTenant
	for len(ids) > 0 {
		n := min(len(ids), childPage)
		params := mssp.NewGetChildrenV2ParamsWithContext(ctx)
		params.Body = &models.MsaspecIdsRequest{}
		for _, id := range ids[:n] {
			params.Body.Ids = append(params.Body.Ids, string(id))
		}
		var r response
		_, _, err := c.flightControl.GetChildrenV2(params, r.as(mssp.NewGetChildrenV2OK()))
		env, err := envelopeOf(ctx, &r, err)
		if err != nil {
			return nil, err
		}
		if err := env.err(ctx); err != nil && (env.Status != http.StatusMultiStatus || !allNotFound(env.Errors)) {
			return nil, err
		}
		found, err := resources[wireChild](ctx, env)
		if err != nil {
			return nil, err
		}
		for _, wire := range found {
			child := wire.child()
			if !plainCID.MatchString(child.CID) { // users put it into configurations
				return nil, env.broken(ctx, errors.New("the response contains a child whose customer id is not 32 hexadecimal digits"))
			}
			all = append(all, child)
		}
		ids = ids[n:]
	}
	return all, nil
}
