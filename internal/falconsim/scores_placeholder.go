package falconsim

// S2: delete this file when you bring your own scoreStore, newScoreStore and
// scoreRoutes. It is only here so that the core builds before that.

type scoreStore struct{}

func newScoreStore(int64, int, int) *scoreStore { return &scoreStore{} }

func (s *Server) scoreRoutes() []route { return nil }
