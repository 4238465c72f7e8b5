package falconsim

import "net/http"

// serveConsole answers requests under /_sim and reports whether it was one.
func (s *Server) serveConsole(http.ResponseWriter, *http.Request, []byte) bool { return false }

func (s *Server) deliver(string, map[string]any) {}
