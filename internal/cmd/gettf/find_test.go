package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/go-version"
)

func TestFind(t *testing.T) {
	t.Parallel()
	const installed, built = "/repo/bin/terraform", "/repo/bin/tofu"

	tests := map[string]struct {
		override   string
		onDisk     map[string]string // name that is looked up -> version it tells; "" makes it fail
		installErr error
		buildErr   error
		refused    bool
		canceled   bool

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
		"what an earlier run downloaded": {
			onDisk: map[string]string{installed: "1.11.4"},
			want:   installed,
		},
		"a broken download is replaced": {
			onDisk:   map[string]string{installed: ""},
			want:     installed,
			wantNote: "does not report its version",
		},
		"nothing there": {
			want:     installed,
			wantNote: "downloading Terraform " + pinnedVersion,
		},
		"an OpenTofu that an earlier run built": {
			onDisk: map[string]string{built: "1.12.0"},
			want:   built,
		},
		"a download comes before a build": {
			onDisk: map[string]string{installed: "1.11.4", built: "1.12.0"},
			want:   installed,
		},
		"nothing there and no download": {
			installErr: errors.New("no such host"),
			want:       built,
			wantNote:   "five to ten minutes and 3 GB",
		},
		"nothing there, no download, and no build": {
			installErr: errors.New("no such host"),
			buildErr:   errors.New("no modules"),
			wantNote:   "GETTF_BUILD=never makes it an error",
			wantErr:    "(no such host) and cannot build OpenTofu (no modules): put terraform or tofu, 1.11.0 or newer, on PATH",
		},
		"nothing there, no download, and the build is refused": {
			installErr: errors.New("no such host"),
			refused:    true,
			wantNote:   "downloading Terraform " + pinnedVersion,
			wantErr:    "(no such host), and GETTF_BUILD=never does not allow a build of OpenTofu: put terraform or tofu",
		},
		"interrupted during the download": {
			installErr: context.Canceled,
			canceled:   true,
			wantNote:   "downloading Terraform " + pinnedVersion,
			wantErr:    "context canceled",
		},
		"the user's choice beats PATH": {
			override: "/opt/tofu",
			onDisk:   map[string]string{"terraform": "1.14.0", "/opt/tofu": "1.11.2"},
			want:     "/opt/tofu",
		},
		"the user's choice is not there": {
			override: "/opt/tofu",
			onDisk:   map[string]string{"terraform": "1.14.0"},
			wantErr:  "TF_ACC_TERRAFORM_PATH names a Terraform that cannot be run",
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
			versions := map[string]string{built: "1.12.0"}
			var notes bytes.Buffer
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			builds := 0
			f := finder{
				override:     tt.override,
				buildRefused: tt.refused,
				binDir:       filepath.Dir(installed),
				notes:        &notes,
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
					if tt.canceled {
						cancel()
					}
					return filepath.Join(dir, "terraform"), tt.installErr
				},
				build: func(_ context.Context, dir string) (string, error) {
					builds++
					return filepath.Join(dir, tofuName), tt.buildErr
				},
			}

			got, err := f.find(ctx)

			switch {
			case tt.wantErr == "" && err != nil:
				t.Fatalf("unexpected error: %v", err)
			case tt.wantErr != "" && (err == nil || !strings.Contains(err.Error(), tt.wantErr)):
				t.Fatalf("error %v, want one that has %q", err, tt.wantErr)
			}
			if mayBuild := tt.installErr != nil && !tt.refused && !tt.canceled; (builds == 1) != mayBuild || builds > 1 {
				t.Errorf("%d builds", builds)
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
		"not JSON":     {out: "Terraform v1.11.4", wantErr: "is not JSON"},
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

// tofuOutput is what the test binary prints when it runs as OpenTofu.
const tofuOutput = `{"terraform_version": "1.12.0"}`

func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == tofuName {
		fmt.Println(tofuOutput)
		return
	}
	os.Exit(m.Run())
}

// Without a CLI on PATH, the OpenTofu that was built into the folder is used, and nothing is downloaded or built.
func TestRunUsesBuiltTofu(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bin, empty := t.TempDir(), t.TempDir()
	tofu := filepath.Join(bin, tofuName)
	if err := os.Symlink(program, tofu); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", empty)
	t.Setenv(overrideVar, "")
	t.Setenv(buildVar, "never")
	var out, notes bytes.Buffer
	if err := run(t.Context(), []string{"-dir", bin}, &out, &notes); err != nil {
		t.Fatal(err)
	}
	if out.String() != tofu+"\n" || notes.Len() > 0 {
		t.Errorf("output %q, notes %q", out.String(), notes.String())
	}
}

func TestRunRefuses(t *testing.T) {
	for name, args := range map[string][]string{"no command": {"-report", "it"}, "stray argument": {"x"}, "unknown flag": {"-x"}} {
		var out, notes bytes.Buffer
		if err := run(t.Context(), args, &out, &notes); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	t.Setenv(buildVar, "no")
	var out, notes bytes.Buffer
	if err := run(t.Context(), nil, &out, &notes); err == nil || !strings.Contains(err.Error(), "GETTF_BUILD must be never") {
		t.Errorf("GETTF_BUILD=no: %v", err)
	}
}

// The build has the module's folder, the target, and no C compiler. A failure names the build and shows what go printed.
func TestTofuBuilder(t *testing.T) {
	t.Parallel()
	var notes bytes.Buffer
	_, err := tofuBuilder(filepath.Join(t.TempDir(), "nowhere"), &notes)(t.Context(), t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "building OpenTofu") || !strings.Contains(notes.String(), "nowhere") {
		t.Errorf("error %v, notes %q", err, notes.String())
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A server that drops packets costs seconds.
func TestProbe(t *testing.T) {
	t.Parallel()
	respond := func(status int) roundTrip {
		return func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: status, Status: http.StatusText(status), Body: http.NoBody}, nil
		}
	}
	for name, test := range map[string]struct {
		transport roundTrip
		wantErr   string
		takes     time.Duration
	}{
		"reachable": {transport: respond(200)},
		"blocked":   {transport: respond(403), wantErr: "downloads.example responded with Forbidden"},
		"no name":   {transport: func(*http.Request) (*http.Response, error) { return nil, errors.New("no such host") }, wantErr: "no such host"},
		"dropped packets": {transport: func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}, wantErr: "downloads.example did not respond within 8s", takes: probeTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				err := probe(t.Context(), test.transport, "https://downloads.example/sums")
				if (err != nil) != (test.wantErr != "") || err != nil && !strings.Contains(err.Error(), test.wantErr) {
					t.Errorf("error %v, want %q", err, test.wantErr)
				}
				if took := time.Since(start); took != test.takes {
					t.Errorf("it took %s", took)
				}
			})
		})
	}
}
