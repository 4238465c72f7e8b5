package random

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"time"
)

// SeededAt is the present of a seeded tenant. It is fixed, so that the same seed results in the same tenant on every day.
var SeededAt = time.Date(2026, time.September, 1, 9, 0, 0, 0, time.UTC)

// Stream is a sequence of values that depends only on seed, kind, and number: the tenth host is the same in a tenant of ten as
// in one of ten thousand.
type Stream struct {
	sum  [sha256.Size]byte
	next int
}

// NewStream returns the sequence of a seed, a kind, and a number.
func NewStream(seed int64, kind string, number int) *Stream {
	return &Stream{sum: sha256.Sum256(fmt.Appendf(nil, "%d/%s/%d", seed, kind, number))}
}

// Word returns the next 32 bits.
func (d *Stream) Word() uint32 {
	if d.next+4 > len(d.sum) {
		d.sum = sha256.Sum256(d.sum[:])
		d.next = 0
	}
	w := binary.BigEndian.Uint32(d.sum[d.next:])
	d.next += 4
	return w
}

// Below returns a number from 0 to n-1.
func (d *Stream) Below(n int) int {
	return int(d.Word() % uint32(n)) //nolint:gosec // n is a small positive constant
}

// Fraction returns a number from 0 to 1, excluding 1.
func (d *Stream) Fraction() float64 {
	return float64(d.Word()) / (1 << 32)
}

// Chance returns true in the given number of cases per thousand.
func (d *Stream) Chance(perMille int) bool {
	return d.Below(1000) < perMille
}

// Pick returns one of the values.
func Pick[T any](d *Stream, values []T) T {
	return values[d.Below(len(values))]
}

// HexID returns 32 hexadecimal digits.
func (d *Stream) HexID() string {
	return fmt.Sprintf("%08x%08x%08x%08x", d.Word(), d.Word(), d.Word(), d.Word())
}

// UUID returns a version 4 UUID in lowercase, as entity ids are.
func (d *Stream) UUID() string {
	var b [16]byte
	for i := 0; i < len(b); i += 4 {
		binary.BigEndian.PutUint32(b[i:], d.Word())
	}
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// FixedID returns 32 hexadecimal digits that depend only on the name, not on a seed.
func FixedID(name string) string {
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:16])
}
