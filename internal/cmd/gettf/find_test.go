package main

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/go-version"
)

func TestFind(t *testing.T) {
	t.Parallel()
	const installed = "/repo/bin/terraform"

	tests := map[string]struct {
		override   string
		onDisk     map[string]string // name that is looked up -> version it tells; "" makes it fail
		installErr error

		want     string
		wantErr  string
		wantNote string
	}{
		"terraform on PATH comes first": {
			onDisk: map[string]string{"terraform": "1.14.0", "tofu": "1.11.0", installed: "1.11.4"},
			want:   "/usr/bin/terraform",
		},
		"tofu where there is no terraform": {
			onDisk: map[string]string{"tofu": "1.11.0", installed: "1.11.4"},
			want:   "/usr/bin/tofu",
		},
		"a terraform that is too old gives way to tofu": {
			onDisk:   map[string]string{"terraform": "1.10.5", "tofu": "1.12.0"},
			want:     "/usr/bin/tofu",
			wantNote: "/usr/bin/terraform is version 1.10.5, this provider needs 1.11.0 or newer",
		},
		"a release candidate of the minimum will do": {
			onDisk: map[string]string{"terraform": "1.11.0-rc1"},
			want:   "/usr/bin/terraform",
		},
		"what an earlier run fetched": {
			onDisk: map[string]string{installed: "1.11.4"},
			want:   installed,
		},
		"a broken download is fetched again": {
			onDisk:   map[string]string{installed: ""},
			want:     installed,
			wantNote: "does not tell its version",
		},
		"nothing there": {
			want:     installed,
			wantNote: "fetching Terraform " + pinnedVersion,
		},
		"nothing there and no network": {
			installErr: errors.New("no such host"),
			wantNote:   "fetching Terraform " + pinnedVersion,
			wantErr:    "no such host): put terraform or tofu, 1.11.0 or newer, on PATH",
		},
		"the user's choice beats PATH": {
			override: "/opt/tofu",
			onDisk:   map[string]string{"terraform": "1.14.0", "/opt/tofu": "1.11.2"},
			want:     "/opt/tofu",
		},
		"the user's choice is not there": {
			override: "/opt/tofu",
			onDisk:   map[string]string{"terraform": "1.14.0"},
			wantErr:  "TF_ACC_TERRAFORM_PATH names a Terraform that can't be run",
		},
		"the user's choice is too old": {
			override: "/opt/tofu",
			onDisk:   map[string]string{"terraform": "1.14.0", "/opt/tofu": "1.9.0"},
			wantErr:  "/opt/tofu is version 1.9.0",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			versions := map[string]string{}
			var notes bytes.Buffer
			f := finder{
				override: tt.override,
				binDir:   filepath.Dir(installed),
				notes:    &notes,
				lookPath: func(name string) (string, error) {
					v, ok := tt.onDisk[name]
					if !ok {
						return "", &exec.Error{Name: name, Err: exec.ErrNotFound}
					}
					path := name
					if !filepath.IsAbs(path) {
						path = "/usr/bin/" + name
					}
					versions[path] = v
					return path, nil
				},
				version: func(_ context.Context, path string) (*version.Version, error) {
					return version.NewVersion(versions[path])
				},
				install: func(_ context.Context, dir string) (string, error) {
					return filepath.Join(dir, "terraform"), tt.installErr
				},
			}

			got, err := f.find(t.Context())

			switch {
			case tt.wantErr == "" && err != nil:
				t.Fatalf("unexpected error: %v", err)
			case tt.wantErr != "" && (err == nil || !strings.Contains(err.Error(), tt.wantErr)):
				t.Fatalf("error %v, want one that has %q", err, tt.wantErr)
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if tt.wantNote == "" && notes.Len() > 0 || !strings.Contains(notes.String(), tt.wantNote) {
				t.Errorf("notes %q, want %q", notes.String(), tt.wantNote)
			}
		})
	}
}

func TestParseVersion(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ out, want, wantErr string }{
		"terraform":    {out: `{"terraform_version": "1.11.4", "platform": "linux_amd64"}`, want: "1.11.4"},
		"no version":   {out: `{}`, wantErr: "no terraform_version"},
		"no JSON":      {out: "Terraform v1.11.4", wantErr: "answered no JSON"},
		"not a number": {out: `{"terraform_version": "latest"}`, wantErr: "latest"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := parseVersion([]byte(tt.out))
			if tt.wantErr != "" {
				if err == nil || !strings.Contains(err.Error(), tt.wantErr) {
					t.Fatalf("error %v, want one that has %q", err, tt.wantErr)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got.String() != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
