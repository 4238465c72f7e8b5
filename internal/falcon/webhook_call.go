package falcon

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/go-openapi/runtime"
)

// writePlugin sends the one call that gofalcon has no operation for, once, and gives the id in the answer, if any: also
// beside an error, where a 2xx answer holds both.
func (c *Client) writePlugin(ctx context.Context, method, deleteID string, item map[string]any) (id string, err error) {
	address := c.baseURL + "/plugins/entities/configs/v1"
	var body []byte
	if deleteID != "" {
		address += "?" + url.Values{"ids": {deleteID}}.Encode()
	} else if body, err = json.Marshal(map[string]any{"resources": []any{item}}); err != nil {
		return "", fmt.Errorf("build the webhook configuration: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return "", fmt.Errorf("build the webhook call: %w", err)
	}
	req.Header.Set("Accept", runtime.JSONMime)
	req.Header.Set("Content-Type", runtime.JSONMime)
	defer c.pluginList.writing()()
	resp, err := c.http.Do(req)
	if err != nil {
		return "", bareError(ctx, req.URL.Host, err)
	}
	a := answer{status: resp.StatusCode, header: resp.Header.Get}
	a.body, err = readBody(resp)
	env, err := envelopeOf(ctx, &a, err)
	if err != nil {
		return "", err
	}
	return idIn(env), env.err(ctx)
}

// idIn takes an id where there is one: the answer's form is not known.
func idIn(env *envelope) string {
	for _, raw := range env.Resources {
		var config wirePluginConfig
		var text looseString
		if json.Unmarshal(raw, &config) == nil && config.id() != "" {
			return config.id()
		}
		if json.Unmarshal(raw, &text) == nil && text != "" {
			return string(text)
		}
	}
	return ""
}
