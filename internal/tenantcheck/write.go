package tenantcheck

import "context"

// WriteOptions say what a check may create.
type WriteOptions struct {
	// Confirm is asked once, with a line for each object that will be created. The check creates nothing if it returns false. nil
	// means yes.
	Confirm func(plan []string) bool
	// TryWebhookWrite also tries the unpublished request that writes webhook configurations.
	TryWebhookWrite bool
}

// writeQuestions are those that only writing settles.
var writeQuestions []question

// write creates objects named "falcon-check ...", observes them and removes them.
func (s *session) write(context.Context, WriteOptions) {}
