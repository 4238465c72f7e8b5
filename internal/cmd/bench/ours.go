package main

import (
	"context"
	"fmt"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

// ourUsers reads what the reference reads, as the provider's data source would.
func ourUsers(ctx context.Context, client *falcon.Client, width int) ([]record, error) {
	result, err := client.Users(ctx, falcon.UserRead{
		Filter:         falcon.UserFilter{Archived: new(false), RequireEmail: true},
		MaxConcurrency: width,
	})
	if err != nil {
		return nil, err
	}
	records := make([]record, len(result.Users))
	for i := range result.Users {
		u := &result.Users[i]
		records[i] = record{ID: u.EntityID, Name: u.DisplayName, Secondary: u.SecondaryDisplayName, Email: u.Emails[0], Score: u.RiskScore.String()}
	}
	return records, nil
}

// ourHostScores reads the overall scores, which is all that the reference keeps.
func ourHostScores(ctx context.Context, client *falcon.Client) ([]record, error) {
	scores, _, err := client.HostScores(ctx, nil, nil, 0)
	if err != nil {
		return nil, err
	}
	records := make([]record, len(scores))
	for i, h := range scores {
		records[i] = record{ID: h.AID, Score: fmt.Sprint(h.Score)}
	}
	return records, nil
}

// ourHostDetails reads the assessment of every host, as detail = true does.
func ourHostDetails(ctx context.Context, client *falcon.Client) ([]record, error) {
	scores, _, err := client.HostScores(ctx, nil, nil, 0)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(scores))
	for i, h := range scores {
		ids[i] = h.AID
	}
	found, missing, err := client.HostAssessments(ctx, ids)
	if err != nil {
		return nil, err
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("%d hosts are listed but have no assessment", len(missing))
	}
	records := make([]record, 0, len(found))
	for _, h := range found {
		if h.Overall != nil {
			records = append(records, record{ID: h.AID, Score: fmt.Sprint(*h.Overall)})
		}
	}
	return records, nil
}
