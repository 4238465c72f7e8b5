package falcon

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/go-openapi/runtime"
)

// RawRequest is a request for which the Client has no method of its own: those of falcon-check, whose subject is the form of the
// response and not its content.
type RawRequest struct {
	// Doing completes "the request to ...", such as "list the workflows without a limit".
	Doing string
	// Scope is the scope that Falcon requires; "" if none.
	Scope string
	// Method is "" for GET. Path begins with a slash.
	Method, Path string
	Query        url.Values
	// Body is sent as ContentType, which is JSON if it is "".
	Body        []byte
	ContentType string
	// Accept is the media type of the response. Where it is "" the response must be JSON.
	Accept string
	// MayRepeat allows to send the request again after a lost response or a 5xx. A 429 is always waited for.
	MayRepeat bool
	// Finish lets a request that is in progress end when the caller's context ends, for a bounded time: a create whose response
	// is lost leaves an object that no one knows of.
	Finish bool
	// Secrets are sent in this request and never appear in an error.
	Secrets []string
}

// RawResponse is what Falcon sent. The body may hold secrets.
type RawResponse struct {
	Status int
	Header http.Header
	Body   []byte
}

// String shows the status only.
func (r RawResponse) String() string { return fmt.Sprintf("response with status %d", r.Status) }

// GoString shows the status only.
func (r RawResponse) GoString() string { return "falcon.RawResponse{" + r.String() + "}" }

// Raw sends a request with the token, waits and errors of all other requests. The response is set whenever there was one, even
// with an error. Errors in a 2xx response are not looked at.
func (c *Client) Raw(ctx context.Context, asked RawRequest) (RawResponse, error) {
	may := onlyPaced
	if asked.MayRepeat {
		may = safe
	}
	about := call{doing: asked.Doing, scope: asked.Scope, repeat: may, secrets: asked.Secrets}
	if asked.Finish {
		about.grace = createGrace
	}
	ctx = withCall(ctx, about)
	r, err := c.send(ctx, asked)
	if e, ok := errors.AsType[*Error](err); ok && !e.token {
		return RawResponse{Status: e.Status, Header: e.header, Body: e.body}, err
	}
	return r, err
}

// send sends a request that gofalcon lacks. ctx has its call.
func (c *Client) send(ctx context.Context, asked RawRequest) (RawResponse, error) {
	address := c.baseURL + asked.Path
	if len(asked.Query) > 0 {
		address += "?" + asked.Query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, cmp.Or(asked.Method, http.MethodGet), address, bytes.NewReader(asked.Body))
	if err != nil {
		return RawResponse{}, fmt.Errorf("build the request to %s: %w", asked.Doing, err)
	}
	req.Header.Set("Accept", cmp.Or(asked.Accept, runtime.JSONMime))
	if len(asked.Body) > 0 {
		req.Header.Set("Content-Type", cmp.Or(asked.ContentType, runtime.JSONMime))
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return RawResponse{}, bareError(ctx, req.URL.Host, err)
	}
	body, err := readBody(resp)
	return RawResponse{Status: resp.StatusCode, Header: resp.Header, Body: body}, err
}
