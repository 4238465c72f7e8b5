package falconsim

// fire makes every enabled workflow that listens to the category, or to one of
// its parents, send its Call webhook deliveries. The keys of fields are dotted
// names without the "Trigger." prefix. Call it without s.mu held; deliveries
// run in the background and WaitDeliveries waits for them.
func (s *Server) fire(category string, fields map[string]any) {
	s.deliver(category, fields)
}
