package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon/identity"
)

// ourUsers reads what the reference reads, as the provider's data source would.
func ourUsers(ctx context.Context, client *falcon.Client, width int) ([]record, error) {
	result, err := identity.New(client).Users(ctx, identity.UserRead{
		Filter:         identity.UserFilter{Archived: new(false), RequireEmail: true},
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

// ourHosts reads all hosts' scores and, with detail, their assessments, as the provider's data source does.
func ourHosts(ctx context.Context, client *falcon.Client, width int, detail bool) ([]record, error) {
	scores, _, err := client.HostScores(ctx, falcon.HostScoreRead{MaxConcurrency: width})
	if err != nil {
		return nil, err
	}
	records := make([]record, len(scores))
	aids := make([]string, len(scores))
	for i, s := range scores {
		aids[i] = s.AID
		records[i] = record{ID: s.AID, Score: strconv.FormatInt(s.Score, 10)}
	}
	if detail {
		_, missing, err := client.HostAssessmentsOf(ctx, aids, falcon.AssessmentRead{MaxConcurrency: width})
		if err != nil {
			return nil, err
		}
		if len(missing) > 0 {
			return nil, fmt.Errorf("%d of %d hosts have no assessment", len(missing), len(aids))
		}
	}
	return records, nil
}
