package falcon

import "context"

// ExportWorkflow reads the document of a workflow; IsNotFound holds for the error when Falcon has none of this id.
func (c *Client) ExportWorkflow(ctx context.Context, id string) (*Export, error) {
	return nil, errNotBuilt
}
