package falcon

import "testing"

func TestValidHost(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"receiver.example": true, "receiver.example.": true, "localhost": true, "under_score.example": true, "bücher.example": true,
		"xn--bcher-kva.example": true, "10.0.0.1": true, "::1": true,
		"": false, ".": false, "...": false, "…": false, "receiver..example": false, ".example": false, "-.example": false, "*.example": false, "your host": false,
	} {
		if got := ValidHost(host); got != want {
			t.Errorf("%q: %t", host, got)
		}
	}
}

// A placeholder in the base URL is an error before anything is sent.
func TestBaseURLPlaceholder(t *testing.T) {
	t.Parallel()
	if err := ValidateBaseURL("https://..."); err == nil {
		t.Error("accepted")
	}
	if err := ValidateBaseURL("https://api.us-2.crowdstrike.com"); err != nil {
		t.Error(err)
	}
}
