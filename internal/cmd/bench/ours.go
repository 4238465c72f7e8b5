package main

import (
	"context"

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
