package falcon

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"
)

// BenchmarkGroup plans the parts of a large tenant.
func BenchmarkGroup(b *testing.B) {
	counts := make([]int64, 1000)
	for i := range counts {
		counts[i] = int64(i * i % 1700)
	}
	size := newPartSize(userPageSize, sumOf(counts), 8)
	for b.Loop() {
		if size.group(counts) == nil {
			b.Fatal("no parts")
		}
	}
}

// BenchmarkMerge merges the pages of 50,000 users, of which every tenth was read twice.
func BenchmarkMerge(b *testing.B) {
	const total = 50_000
	pages := make([][]User, 0, total/userPageSize)
	for i := range total {
		if i%userPageSize == 0 {
			pages = append(pages, nil)
		}
		last := &pages[len(pages)-1]
		*last = append(*last, User{EntityID: fmt.Sprintf("%032x", i-i%10/9), RiskScore: "0.5"})
	}
	for b.Loop() {
		s := &userScan{index: map[string]int{}}
		for _, page := range pages {
			s.add(page)
		}
	}
}

// BenchmarkUsers reads 50,000 users over HTTP and reports the memory that they keep.
func BenchmarkUsers(b *testing.B) {
	g := &fakeGraph{users: someUsers(50_000)}
	g.sort()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			b.Error(err)
		}
		g.answer(w, request{body: string(body)})
	}))
	defer server.Close()
	c, err := New(b.Context(), Config{AccessToken: "t", BaseURL: server.URL})
	if err != nil {
		b.Fatal(err)
	}
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
