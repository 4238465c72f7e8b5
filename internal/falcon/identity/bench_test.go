package identity

import (
	"runtime"
	"testing"
)

// BenchmarkUsers reads 50,000 users and reports the memory that they keep.
func BenchmarkUsers(b *testing.B) {
	g := &fakeGraph{users: someUsers(50_000)}
	g.sort()
	c := newTestClient(b, g.answer)
	for b.Loop() {
		result, err := c.Users(b.Context(), UserRead{MaxConcurrency: 8})
		if err != nil || len(result.Users) != len(g.users) {
			b.Fatal(err)
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.HeapInuse)/1e6, "MB")
		runtime.KeepAlive(result)
	}
}
