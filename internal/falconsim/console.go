package falconsim

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// consolePath is the path of the console API. It requires no token.
const consolePath = "/_sim"

func (s *Server) consoleHandler() http.Handler {
	mux := http.NewServeMux()
	var about strings.Builder
	about.WriteString("The console of the simulated tenant. It requires no token. Responses are JSON. With ?" + memberParameter + "=CID it is that of a child.\n\n")
	for _, c := range s.consoleOperations() {
		fmt.Fprintf(&about, "%-6s %s\n       %s\n", c.method, consolePath+c.path, c.about)
		mux.HandleFunc(c.method+" "+consolePath+c.path, func(w http.ResponseWriter, r *http.Request) {
			result, err := c.handle(r)
			writeConsole(w, result, err)
		})
	}
	mux.HandleFunc("GET "+consolePath, func(w http.ResponseWriter, _ *http.Request) { writeText(w, about.String()) })
	mux.HandleFunc("GET /{$}", s.writeStatusPage)
	return mux
}

func writeConsole(w http.ResponseWriter, result any, err error) {
	if err != nil {
		result = map[string]string{"error": err.Error()}
	} else if result == nil {
		result = map[string]bool{"ok": true}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(consoleStatus(err))
	writeOut(w, marshal(result))
}

func writeText(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	writeOut(w, []byte(text))
}

// writeOut aborts if the client is gone.
func writeOut(w http.ResponseWriter, text []byte) {
	if _, err := w.Write(text); err != nil {
		panic(http.ErrAbortHandler)
	}
}

// decoded reads a JSON body strictly: an unknown key is an error.
func decoded[T any](r *http.Request, use func(T) (any, error)) (any, error) {
	var body T
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&body); err != nil {
		return nil, fmt.Errorf("invalid request body: %w", err)
	}
	return use(body)
}

// errNotFound is the console's error for an object that does not exist.
var errNotFound = errors.New("the object does not exist")

// consoleStatus is the HTTP status for a console operation's error.
func consoleStatus(err error) int {
	switch {
	case err == nil:
		return http.StatusOK
	case errors.Is(err, errNotFound):
		return http.StatusNotFound
	}
	return http.StatusBadRequest
}
