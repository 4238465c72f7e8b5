package tenantfacts

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// maxFile is the size beyond which a file is not read at all. It leaves room for a record that a person has edited.
const maxFile = 1 << 20

// Load reads and validates a record.
func Load(path string) (*Facts, error) {
	text, err := os.ReadFile(path) //nolint:gosec // the user's own file
	if err != nil {
		return nil, fmt.Errorf("unable to read the tenant record: %w", err)
	}
	facts, err := Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s is not a valid tenant record: %w", path, err)
	}
	return facts, nil
}

// Parse decodes and validates a record. A key that is not part of the format is an error, because it is either a misspelling or
// something that a newer version means.
func Parse(text []byte) (*Facts, error) {
	if len(text) > maxFile {
		return nil, fmt.Errorf("it has %d bytes, and a record has at most %d", len(text), maxFile)
	}
	var head struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return nil, fmt.Errorf("it is not JSON of the expected form: %w", err)
	}
	if head.Format != Format {
		return nil, fmt.Errorf("format is %q, expected %q, as falcon-check -record writes it", head.Format, Format)
	}
	if head.Version != Version {
		return nil, fmt.Errorf("version %d of the format is not supported, only version %d: use falcon-check and falconsim of the same release", head.Version, Version)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	facts := New()
	if err := decoder.Decode(facts); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is text after the record")
	}
	return facts, facts.Check()
}

// Save validates a record and writes it to a file that only its owner can read.
func (f *Facts) Save(path string) error {
	text, err := f.Encode()
	if err != nil {
		return err
	}
	partial := path + ".partial"
	if err := os.WriteFile(partial, text, 0o600); err != nil {
		return fmt.Errorf("unable to write the tenant record: %w", err)
	}
	if err := os.Rename(partial, path); err != nil {
		return fmt.Errorf("unable to write the tenant record: %w", errors.Join(err, os.Remove(partial)))
	}
	return nil
}

// Encode validates a record and returns it as JSON, one entry per line. Equal records have equal texts.
func (f *Facts) Encode() ([]byte, error) {
	if err := f.Check(); err != nil {
		return nil, fmt.Errorf("the tenant record is not valid: %w", err)
	}
	var out bytes.Buffer
	out.WriteString("{\n")
	members := []struct {
		key   string
		value any
	}{
		{"format", f.Format}, {"version", f.Version}, {"readings", lines(f.Readings)}, {"scopes", f.Scopes}, {"webhook_app", f.WebhookApp},
		{"activities", lines(f.Activities)}, {"triggers", lines(f.Triggers)}, {"limits", f.Limits}, {"contents", f.Contents},
	}
	for _, member := range members {
		text, err := encoded(member.value)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&out, "  %q: %s,\n", member.key, text)
	}
	responses, err := encodedResponses(f.Responses)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(&out, "  \"responses\": %s\n}\n", responses)
	if out.Len() > MaxSize {
		return nil, fmt.Errorf("the tenant record has %d bytes, more than the %d that a person can be expected to read", out.Len(), MaxSize)
	}
	return out.Bytes(), nil
}

// line is a list whose entries are on one line each. The list is nil if the tenant did not show it.
type line []any

func lines[T any](list []T) line {
	if list == nil {
		return nil
	}
	entries := line{}
	for _, entry := range list {
		entries = append(entries, entry)
	}
	return entries
}

// encoded returns a member of the record: a list with one entry per line, or anything else on one line.
func encoded(value any) (string, error) {
	entries, isList := value.(line)
	if !isList || entries == nil {
		return plain(value)
	}
	texts := make([]string, 0, len(entries))
	for _, entry := range entries {
		text, err := plain(entry)
		if err != nil {
			return "", err
		}
		texts = append(texts, text)
	}
	return listed(texts, "    "), nil
}

// encodedResponses returns the responses with one line for each value of a body.
func encodedResponses(responses []Response) (string, error) {
	texts := make([]string, 0, len(responses))
	for _, r := range responses {
		body := make([]string, 0, len(r.Body))
		for _, value := range r.Body {
			text, err := plain(value)
			if err != nil {
				return "", err
			}
			body = append(body, text)
		}
		r.Body = nil
		text, err := plain(r)
		if err != nil {
			return "", err
		}
		texts = append(texts, strings.Replace(text, `"body":null`, "\n      \"body\": "+listed(body, "        ")+"\n      ", 1))
	}
	return listed(texts, "    "), nil
}

// listed returns a JSON list with each entry on a line of its own.
func listed(entries []string, indent string) string {
	if len(entries) == 0 {
		return "[]"
	}
	return "[\n" + indent + strings.Join(entries, ",\n"+indent) + "\n" + indent[2:] + "]"
}

// plain returns a value on one line. Text such as "<id 1>" is not escaped: a person reads it.
func plain(value any) (string, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return "", err
	}
	return string(bytes.TrimSpace(out.Bytes())), nil
}
