package definition

import (
	"math/big"

	"go.yaml.in/yaml/v4"
)

// bigNumber is an integer that does not fit into 64 bits, in decimal digits. It stays a number in every response.
type bigNumber string

// MarshalJSON writes the digits.
func (n bigNumber) MarshalJSON() ([]byte, error) { return []byte(n), nil }

// MarshalYAML writes the digits.
func (n bigNumber) MarshalYAML() (any, error) {
	return &yaml.Node{Kind: yaml.ScalarNode, Value: string(n)}, nil
}

// asBigNumber reads a decimal integer.
func asBigNumber(text string) (bigNumber, bool) {
	n, ok := new(big.Int).SetString(text, 10)
	if !ok {
		return "", false
	}
	return bigNumber(n.String()), true
}
