package provider_test

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core/coretest"
)

// tokenWatch is a proxy in front of the simulator that records every access token and every API client secret in the traffic.
type tokenWatch struct {
	mu   sync.Mutex
	seen map[string]string // secret to what it is
}

func (w *tokenWatch) note(resp *http.Response) error {
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if err := resp.Body.Close(); err != nil {
		return err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	var answer struct {
		AccessToken string `json:"access_token"`
		Resources   []any  `json:"resources"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return nil // an export is YAML
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if answer.AccessToken != "" {
		w.seen[answer.AccessToken] = "access token"
	}
	for _, r := range answer.Resources {
		if object, ok := r.(map[string]any); ok {
			if secret, ok := object["client_secret"].(string); ok && secret != "" {
				w.seen[secret] = "client secret"
			}
		}
	}
	return nil
}

// All output of a run is searched for every secret that existed in it, with the logs at TRACE and every environment variable
// set that makes a library of the provider print more. Only the state may contain the secret of the created client.
func TestAccSecrets_nowhere(t *testing.T) {
	t.Parallel()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("Acceptance tests skipped unless env 'TF_ACC' set")
	}
	sim := acctest.NewSim(t, falconsim.Options{Readings: falconsim.WebhookWrites()})
	watch := &tokenWatch{seen: map[string]string{sim.ClientSecret(): "provider's client secret", coretest.TestKey: "HMAC key"}}
	target, err := url.Parse(sim.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ModifyResponse = watch.note
	dir := t.TempDir()
	between := &interloper{t: t, dir: dir, next: proxy}
	front := httptest.NewUnstartedServer(between)
	front.EnableHTTP2 = true // its library prints most
	front.StartTLS()
	t.Cleanup(front.Close)
	stranger := httptest.NewServer(http.HandlerFunc(between.strange))
	t.Cleanup(stranger.Close)
	between.elsewhere = stranger.URL

	wrapped := wrappedProvider(t, "GODEBUG=http2debug=2", "GRPC_GO_LOG_SEVERITY_LEVEL=info", "GRPC_GO_LOG_VERBOSITY_LEVEL=99", "GRPC_BINARY_LOG_FILTER=*")
	w := acctest.NewTerraformWithProgram(t, dir, wrapped, append(debugEnvironment(dir),
		"FALCON_BASE_URL="+front.URL, "FALCON_CLIENT_ID="+sim.ClientID(), "FALCON_CLIENT_SECRET="+sim.ClientSecret(), "TF_VAR_hmac_secret="+coretest.TestKey,
		"TF_VAR_webhook_url=https://receiver.example/hook", "SSL_CERT_FILE="+certificateFile(t, front))...)
	w.Record = filepath.Join(dir, "printed.out")
	w.Add("integrations/zscaler_adaptive_access", func(name string) bool { return strings.HasSuffix(name, ".tf") })

	between.crashAt.Store(new(http.MethodPost + " " + acctest.ConfigsPath))  // its body is the HMAC key
	w.RunExit(1, "apply", "-input=false", "-auto-approve", "-parallelism=1") // nothing else is under way then
	if len(filesWith(t, dir, "SIGQUIT: quit")) == 0 || between.crashAt.Load() != nil {
		t.Error("the provider did not crash, or left no crash output")
	}
	w.Run("plan", "-input=false", "-out=setup.tfplan")
	w.Run("apply", "-input=false", "setup.tfplan")
	w.Run("plan", "-input=false", "-detailed-exitcode")
	acctest.Inject(t, sim, falconsim.Fault{Path: "/api-clients/", Status: http.StatusForbidden, Body: `{"errors":[{"code":403,"message":"access denied, scope not permitted"}]}`})
	w.RunExit(1, "plan", "-input=false")
	sim.ClearFaults()
	between.leadsAway.Store(true)
	w.RunExit(1, "plan", "-input=false")
	between.leadsAway.Store(false)

	for secret, what := range watch.seen {
		for _, file := range filesWith(t, dir, secret) {
			if what == "client secret" && (strings.HasPrefix(file, "terraform.tfstate") || file == "crash.log") {
				continue
			}
			t.Errorf("the %s is in %s", what, file)
		}
	}
	if len(watch.seen) < 4 {
		t.Errorf("only %d secrets existed in this run: the test looks for too little", len(watch.seen))
	}
	w.Run("destroy", "-input=false", "-auto-approve")
}

// interloper is a proxy between the provider and Falcon.
type interloper struct {
	t    *testing.T
	dir  string
	next http.Handler
	// crashAt is the request, as method and path, at which the provider crashes once.
	crashAt atomic.Pointer[string]
	// leadsAway redirects every request to elsewhere.
	leadsAway atomic.Bool
	elsewhere string
}

func (i *interloper) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if i.leadsAway.Load() {
		http.Redirect(w, r, i.elsewhere+r.URL.Path, http.StatusPermanentRedirect) //nolint:gosec // the test leads away on purpose
		return
	}
	if at := i.crashAt.Load(); at != nil && *at == r.Method+" "+r.URL.Path {
		i.crashAt.Store(nil)
		if _, err := io.Copy(io.Discard, r.Body); err != nil { // a server sees that the client is gone once it has read the body
			i.t.Error(err)
		}
		i.crash()
		<-r.Context().Done()
		return
	}
	i.next.ServeHTTP(w, r)
}

// strange records the requests that a host other than Falcon receives.
func (i *interloper) strange(_ http.ResponseWriter, r *http.Request) {
	text, err := httputil.DumpRequest(r, true)
	if err == nil {
		err = os.WriteFile(filepath.Join(i.dir, "seen-elsewhere.http"), text, 0o600)
	}
	if err != nil {
		i.t.Error(err)
	}
}

// crash makes the provider of this run dump the stacks of all its goroutines and exit, as Go programs do on SIGQUIT.
func (i *interloper) crash() {
	environs, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil || len(environs) == 0 {
		i.t.Errorf("no processes to be seen: %v", err)
	}
	for _, file := range environs {
		exe, err := os.Readlink(filepath.Join(filepath.Dir(file), "exe"))
		if err != nil || filepath.Base(exe) != "terraform-provider-falcon" {
			continue // another user's process, or one that has ended
		}
		environ, err := os.ReadFile(file)
		if err != nil || !bytes.Contains(environ, []byte("TMPDIR="+i.dir)) {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		if err != nil {
			i.t.Error(err)
			continue
		}
		provider, err := os.FindProcess(pid)
		if err == nil {
			err = provider.Signal(syscall.SIGQUIT)
		}
		if err != nil {
			i.t.Error(err)
		}
	}
}

// filesWith returns the files below dir that contain the text, except the provider itself.
func filesWith(t *testing.T, dir, text string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || strings.HasPrefix(entry.Name(), "terraform-provider-") {
			return err
		}
		raw, err := os.ReadFile(path) //nolint:gosec // below the test's own folder
		if err != nil {
			return err
		}
		if bytes.Contains(raw, []byte(text)) {
			name, err := filepath.Rel(dir, path)
			if err != nil {
				return err
			}
			found = append(found, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// providerDir holds the provider binary, once a test needs it.
var providerDir = filepath.Join(os.TempDir(), "falcon-provider-"+strconv.Itoa(os.Getpid()))

func TestMain(m *testing.M) {
	// Thousands of tenants live for milliseconds: collecting their garbage less often saves a quarter of the time.
	debug.SetGCPercent(400)
	code := m.Run()
	if err := os.RemoveAll(providerDir); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

var buildProvider = sync.OnceValues(func() ([]byte, error) {
	return exec.Command("go", "build", "-o", filepath.Join(providerDir, "terraform-provider-falcon"), acctest.RepoPath()).CombinedOutput()
})

// providerProgram returns the folder of the provider's own program, which is built once.
func providerProgram(t *testing.T) string {
	t.Helper()
	if out, err := buildProvider(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return providerDir
}

// debugEnvironment are the variables of the provider's libraries and of Terraform that make them print or store more.
func debugEnvironment(dir string) []string {
	return []string{
		"TF_LOG=TRACE", "TF_LOG_PATH=" + filepath.Join(dir, "trace.log"),
		"DEBUG=1", "SWAGGER_DEBUG=1", "TF_LOG_SDK_PROTO_DATA_DIR=" + dir, "DEBUG_HTTP2_GOROUTINES=1", "GOPROTODEBUG=nolazy",
		"TF_LOG_SDK=TRACE", "TF_LOG_SDK_PROTO=TRACE", "TF_LOG_SDK_FRAMEWORK=TRACE", "TF_LOG_PROVIDER=TRACE", "TF_LOG_PROVIDER_FALCON=TRACE",
		"TF_LOG_CORE=TRACE", "AGEDEBUG=plugin",
	}
}

// wrappedProvider is the provider with variables that Terraform itself must not have: with GODEBUG=http2debug=2 it prints
// what it says to its plugins.
func wrappedProvider(t *testing.T, env ...string) (dir string) {
	t.Helper()
	binary := providerProgram(t)
	dir = t.TempDir()
	script := "#!/bin/sh\nexec env '" + strings.Join(env, "' '") + "' '" + filepath.Join(binary, "terraform-provider-falcon") + "' \"$@\"\n"
	if err := os.WriteFile(filepath.Join(dir, "terraform-provider-falcon"), []byte(script), 0o700); err != nil { //nolint:gosec // a program
		t.Fatal(err)
	}
	return dir
}

// certificateFile is the certificate of a test server, for SSL_CERT_FILE.
func certificateFile(t *testing.T, server *httptest.Server) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "server.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(file, block, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
