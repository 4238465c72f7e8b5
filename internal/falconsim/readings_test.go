package falconsim

import (
	"fmt"
	"strings"
	"testing"
)

func TestUnknownReadings(t *testing.T) {
	t.Parallel()
	for choice, want := range map[string]string{
		"Q00=a": `"Q00" is not the id of an open question`,
		"Q12=z": `question Q12 has no reading "z"; it has a, b, c, d, e, f, g`,
		"Q12":   `is not of the form Q07=b`,
		"Q12=":  `question Q12 has no reading ""`,
	} {
		id, letter, err := ParseReading(choice)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", choice, err, want)
		}
		if id == "" {
			continue
		}
		chosen := Readings{id: letter}
		if _, err := Start(Options{Readings: chosen}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Start with %s: %v", choice, err)
		}
		if said := panicOf(func() { New(Options{Readings: chosen}) }); !strings.Contains(said, want) {
			t.Errorf("New with %s panics with %q", choice, said)
		}
	}
}

// panicOf returns the value that f panics with, as text.
func panicOf(f func()) (said string) {
	defer func() { said = fmt.Sprint(recover()) }()
	f()
	return ""
}

func TestReadingsWith(t *testing.T) {
	t.Parallel()
	base := WebhookWrites()
	joined := base.With(Readings{"Q12": "c", "Q15": "b"})
	if joined["Q12"] != "c" || joined["Q15"] != "b" || base["Q12"] != "b" || len(Readings(nil).With(nil)) != 0 {
		t.Errorf("joined %v, base %v", joined, base)
	}
}
