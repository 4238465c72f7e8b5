package falconsim

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

// testClient sends requests to a Server without a network.
type testClient struct {
	t      *testing.T
	server *Server
	token  string
}

// apiResponse is a response. JSON bodies are decoded.
type apiResponse struct {
	status int
	header http.Header
	text   string
	doc    map[string]any
}

func newTestClient(t *testing.T, opts Options) *testClient {
	t.Helper()
	c := &testClient{t: t, server: New(opts)}
	c.token = c.login(c.server.ClientID(), c.server.ClientSecret())
	return c
}

func (c *testClient) login(id, secret string) string {
	c.t.Helper()
	got := c.requestToken(url.Values{"client_id": {id}, "client_secret": {secret}})
	token, _ := got.doc["access_token"].(string)
	if got.status != http.StatusCreated || token == "" {
		c.t.Fatalf("no token: %d %s", got.status, got.text)
	}
	return token
}

// requestToken sends a form to the token endpoint.
func (c *testClient) requestToken(form url.Values) apiResponse {
	c.t.Helper()
	return c.call(http.MethodPost, tokenPath, form.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Authorization", "")
}

// call sends a request. header is a list of keys and values; "" removes a header.
func (c *testClient) call(method, target, body string, header ...string) apiResponse {
	c.t.Helper()
	r := httptest.NewRequestWithContext(c.t.Context(), method, target, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+c.token)
	r.Header.Set("Content-Type", "application/json")
	for pair := range slices.Chunk(header, 2) {
		r.Header.Del(pair[0])
		if value := pair[len(pair)-1]; value != "" {
			r.Header.Set(pair[0], value)
		}
	}
	w := httptest.NewRecorder()
	c.server.ServeHTTP(w, r)
	return readResponse(c.t, w.Result())
}

func readResponse(t *testing.T, response *http.Response) apiResponse {
	t.Helper()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil {
		t.Fatal(err)
	}
	got := apiResponse{status: response.StatusCode, header: response.Header, text: string(text)}
	if strings.HasPrefix(got.header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(text, &got.doc); err != nil && !strings.HasPrefix(got.text, "[") {
			t.Fatalf("response is not JSON: %s", text)
		}
	}
	return got
}

func (c *testClient) get(target string, header ...string) apiResponse {
	c.t.Helper()
	return c.call(http.MethodGet, target, "", header...)
}

// do sends a request. A body of "" is sent as GET, any other as POST.
func (c *testClient) do(target, body string) apiResponse {
	c.t.Helper()
	if body == "" {
		return c.get(target)
	}
	return c.call(http.MethodPost, target, body)
}

// ask runs a GraphQL query.
func (c *testClient) ask(query string) apiResponse {
	c.t.Helper()
	return c.call(http.MethodPost, graphqlPath, string(marshal(map[string]any{"query": query, "variables": nil})))
}

// upload imports a document.
func (c *testClient) upload(text, query string) apiResponse {
	c.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("data_file", "workflow.yaml")
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := io.WriteString(part, text); err != nil {
		c.t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		c.t.Fatal(err)
	}
	return c.call(http.MethodPost, "/workflows/entities/definitions/import/v1"+query, body.String(), "Content-Type", form.FormDataContentType())
}

// importWorkflow imports a document and returns its id.
func (c *testClient) importWorkflow(text string) string {
	c.t.Helper()
	got := c.upload(text, "")
	if got.status != http.StatusOK {
		c.t.Fatalf("import: %d %s", got.status, got.text)
	}
	return got.first(c.t)["id"].(string)
}

// resources returns the resources of the envelope.
func (a apiResponse) resources() []any {
	list, _ := a.doc["resources"].([]any)
	return list
}

// first returns the first resource, and fails if there is none.
func (a apiResponse) first(t *testing.T) map[string]any {
	t.Helper()
	if len(a.resources()) == 0 {
		t.Fatalf("%d: no resource in %s", a.status, a.text)
	}
	return a.resources()[0].(map[string]any)
}

// message returns the message of the first error.
func (a apiResponse) message() string {
	list, _ := a.doc["errors"].([]any)
	if len(list) == 0 {
		return ""
	}
	first := list[0].(map[string]any)
	return first["message"].(string)
}

func (a apiResponse) codes() []int {
	list, _ := a.doc["errors"].([]any)
	var codes []int
	for _, item := range list {
		codes = append(codes, int(item.(map[string]any)["code"].(float64)))
	}
	return codes
}

// want fails unless the status and the beginning of the first error message are as expected.
func (a apiResponse) want(t *testing.T, status int, message string) {
	t.Helper()
	if a.status != status || !strings.HasPrefix(a.message(), message) || message == "" && a.message() != "" {
		t.Fatalf("got %d %q, want %d %q\n%s", a.status, a.message(), status, message, a.text)
	}
}

// meta returns the meta object of the envelope.
func (a apiResponse) meta() map[string]any {
	meta, _ := a.doc["meta"].(map[string]any)
	return meta
}

func (a apiResponse) paging() map[string]any {
	paging, _ := a.meta()["pagination"].(map[string]any)
	return paging
}

func (a apiResponse) refused(status int, message string) bool {
	return a.status == status && a.message() == message && len(a.codes()) == 1 && a.codes()[0] == status
}

// limits returns the rate limit in a response's headers.
func (a apiResponse) limits() [2]string {
	return [2]string{a.header.Get("X-Ratelimit-Limit"), a.header.Get("X-Ratelimit-Remaining")}
}

// envelope is the part of an envelope that some tests read.
type envelope struct {
	Status int
	Meta   struct {
		PoweredBy  *string `json:"powered_by"`
		Pagination struct {
			Total   int
			Offset  any
			Next    string
			After   *string
			Expires int64 `json:"expires_at"`
		}
	}
	Errors    []apiError
	Resources []json.RawMessage
}

func (c *testClient) read(target, body string) envelope {
	c.t.Helper()
	got := c.do(target, body)
	response := envelope{Status: got.status}
	if err := json.Unmarshal([]byte(got.text), &response); err != nil {
		c.t.Fatalf("%s: %v in %s", target, err, got.text)
	}
	return response
}

// No goroutine outlives the tests.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
