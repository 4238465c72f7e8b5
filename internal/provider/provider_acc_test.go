package provider_test

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/acctest"
)

const (
	tenantBlock = "data \"falcon_tenant\" \"this\" {}\n"
)

func TestAccProvider_signIn(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		options falconsim.Options
		fault   *falconsim.Fault
		config  func(*falconsim.Running) string
		says    string
	}{
		{
			name: "unknown client id",
			config: func(sim *falconsim.Running) string {
				return acctest.ProviderConfigFor(sim, strings.Repeat("0", 32), "x")
			},
			says: `(?s)client_id\s+= "0{32}".*Falcon\s+does\s+not\s+know\s+the\s+client_id\s+"0{32}"`,
		},
		{
			// It may be a secret: neither the texts nor the line of the configuration show it.
			name:   "something else than a client id",
			config: func(sim *falconsim.Running) string { return acctest.ProviderConfigFor(sim, "not-an-id", "x") },
			says:   `(?s)in provider "falcon":\s+\d+: provider "falcon" \{[^=]*clientID=\(redacted\)`,
		},
		{
			name:   "wrong secret",
			config: func(sim *falconsim.Running) string { return acctest.ProviderConfigFor(sim, sim.ClientID(), "wrong") },
			says:   `(?s)\d+:\s+client_id\s+= .*rejected\s+the\s+client_secret`,
		},
		{
			name: "address not allowed",
			fault: &falconsim.Fault{
				Path: acctest.TokenPath, Status: http.StatusForbidden,
				Body: `{"meta":{"trace_id":"t-1"},"errors":[{"code":403,"message":"access denied, authorization failed"}]}`,
			},
			config: acctest.ProviderConfig,
			says:   `(?s)IP\s+address\s+is\s+not\s+on\s+the\s+API's\s+allow\s+list`,
		},
		{
			name:  "a proxy's page instead of Falcon",
			fault: &falconsim.Fault{Path: acctest.TokenPath, Kind: falconsim.FaultHTML, Status: http.StatusBadGateway},
			config: func(sim *falconsim.Running) string {
				return withArgument(acctest.ProviderConfig(sim), "max_retries = 0")
			},
			says: `(?s)web\s+page.*proxy`,
		},
		{
			name:    "the wrong cloud",
			options: falconsim.Options{Redirect: "https://api.us-2.crowdstrike.com", RedirectCloud: "us-2"},
			config:  acctest.ProviderConfig,
			says:    `(?s)base_url\s+=.*cloud\s+us-2`,
		},
		{
			name: "Falcon is down",
			config: func(*falconsim.Running) string {
				return fmt.Sprintf("provider \"falcon\" {\n base_url = \"http://%s\"\n client_id = \"a\"\n client_secret = \"b\"\n max_retries = 0\n}\n", closedAddress(t))
			},
			says: `(?s)Unable to sign in to Falcon.*refused`,
		},
		{
			name: "a misspelt cloud",
			config: func(*falconsim.Running) string {
				return "provider \"falcon\" {\n cloud = \"us2\"\n client_id = \"a\"\n client_secret = \"b\"\n}\n"
			},
			says: `(?s)Unknown Falcon cloud.*Did you mean "us-2"`,
		},
		{
			name: "http to a foreign host",
			config: func(*falconsim.Running) string {
				return "provider \"falcon\" {\n base_url = \"http://falcon.example\"\n client_id = \"a\"\n client_secret = \"b\"\n}\n"
			},
			says: `Invalid base URL`,
		},
		{
			name: "two ways at once",
			config: func(*falconsim.Running) string {
				return "provider \"falcon\" {\n cloud = \"us-1\"\n access_token = \"t\"\n client_id = \"a\"\n}\n"
			},
			says: `(?s)Contradictory provider arguments.*access_token and client_id`,
		},
		{
			name: "an unknown argument",
			config: func(sim *falconsim.Running) string {
				return fmt.Sprintf("resource \"terraform_data\" \"id\" {\n input = \"x\"\n}\nprovider \"falcon\" {\n base_url = %q\n client_id = terraform_data.id.output\n client_secret = \"b\"\n}\n", sim.URL)
			},
			says: `(?s)Unknown provider argument.*client_id`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.NewSim(t, tt.options)
			if tt.fault != nil {
				acctest.Inject(t, sim, *tt.fault)
			}
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				Steps:                    []resource.TestStep{{Config: tt.config(sim) + tenantBlock, ExpectError: regexp.MustCompile(tt.says)}},
			})
		})
	}
}

// withArgument adds an argument to a provider block.
func withArgument(config, argument string) string {
	return strings.Replace(config, "{\n", "{\n  "+argument+"\n", 1)
}

// closedAddress is a loopback address at which nothing listens.
func closedAddress(t *testing.T) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := listener.Close(); err != nil {
			t.Error(err)
		}
	}()
	return listener.Addr().String()
}

func TestAccProvider_accessToken(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: fmt.Sprintf("provider \"falcon\" {\n base_url = %q\n access_token = %q\n}\n", sim.URL, takeToken(t, sim)) + tenantBlock,
			Check:  resource.TestCheckResourceAttr("data.falcon_tenant.this", "cid", sim.CID()),
		}},
	})
	if n := acctest.CountRequests(sim, http.MethodPost, acctest.TokenPath); n != 1 {
		t.Errorf("%d token calls were made, want the test's own alone", n)
	}
}

func takeToken(t *testing.T, sim *falconsim.Running) string {
	t.Helper()
	form := url.Values{"client_id": {sim.ClientID()}, "client_secret": {sim.ClientSecret()}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, sim.URL+acctest.TokenPath, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var token struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&token); err != nil || token.AccessToken == "" {
		t.Fatalf("no token: %v", err)
	}
	return token.AccessToken
}

func TestAccProvider_memberCID(t *testing.T) {
	t.Parallel()
	const child = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	sim := acctest.NewSim(t, falconsim.Options{MemberCIDs: []string{child}})
	config := func(cid string) string {
		return withArgument(acctest.ProviderConfig(sim), fmt.Sprintf("member_cid = %q", cid)) + tenantBlock
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: config(child), Check: resource.TestCheckResourceAttr("data.falcon_tenant.this", "cid", child)},
			{Config: config(strings.Repeat("b", 32)), ExpectError: regexp.MustCompile(`(?s)member_cid\s+=.*is\s+not\s+the\s+CID\s+of\s+a\s+child\s+tenant`)},
			{Config: config(child)},
		},
	})
}

// The provider stops waiting for a Falcon that does not respond when the configured timeout ends.
func TestAccProvider_slow(t *testing.T) {
	t.Parallel()
	sim := acctest.NewSim(t, falconsim.Options{})
	acctest.Inject(t, sim, falconsim.Fault{Path: "/sensors/queries/installers/ccid/v1", Kind: falconsim.FaultDelay, Delay: time.Minute})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config:      acctest.ProviderConfig(sim) + "data \"falcon_tenant\" \"this\" {\n  timeouts = { read = \"200ms\" }\n}\n",
			ExpectError: regexp.MustCompile(`(?s)deadline|time`),
		}},
	})
}
