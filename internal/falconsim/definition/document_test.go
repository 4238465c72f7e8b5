package definition

import (
	"strings"
	"testing"
)

func TestDocumentScalars(t *testing.T) {
	t.Parallel()
	doc, err := Parse([]byte("a: 2020-01-01\nb: yes\nc: 1\nd: 1.5\ne: ~\nf: True\ng: '1'\nh: &x [1]\ni: *x\nj: .inf\nk: 12345678901234567890"))
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]any{"a": "2020-01-01", "b": "yes", "c": int64(1), "d": 1.5, "e": nil, "f": true, "g": "1", "j": ".inf", "k": bigNumber("12345678901234567890")} {
		if doc[key] != want {
			t.Errorf("%s: %#v, want %#v", key, doc[key], want)
		}
	}
	if got := doc["i"].([]any); got[0] != int64(1) {
		t.Errorf("alias: %#v", doc["i"])
	}
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for i := 'b'; i < 'j'; i++ {
		bomb += string(i) + ": &" + string(i) + " [" + strings.Repeat("*"+string(i-1)+",", 9) + "]\n"
	}
	if _, err := Parse([]byte(bomb)); err == nil {
		t.Error("a document that aliases blow up is accepted")
	}
}
