package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

func noArguments() providerModel {
	return providerModel{
		ClientID: types.StringNull(), ClientSecret: types.StringNull(), AccessToken: types.StringNull(),
		Cloud: types.StringNull(), BaseURL: types.StringNull(), MemberCID: types.StringNull(),
		MaxRetries: types.Int64Null(), WebhookWrites: types.StringNull(),
	}
}

func TestResolveConfig(t *testing.T) {
	t.Parallel()
	const simulator = "http://127.0.0.1:8080"
	credentials := map[string]string{"FALCON_CLIENT_ID": "env-id", "FALCON_CLIENT_SECRET": "env-secret"}
	with := func(more map[string]string) map[string]string {
		out := map[string]string{}
		for _, m := range []map[string]string{credentials, more} {
			for k, v := range m {
				out[k] = v
			}
		}
		return out
	}
	for _, tt := range []struct {
		name string
		set  func(*providerModel)
		env  map[string]string
		want falcon.Config
		at   string // attribute of the expected error
		says string
		warn string // of the expected warning
	}{
		{
			name: "environment alone", env: credentials,
			want: falcon.Config{ClientID: "env-id", ClientSecret: "env-secret", Cloud: core.Autodiscover, MaxRetries: 5, WebhookWrites: "try"},
		},
		{
			name: "every variable",
			env: with(map[string]string{
				"FALCON_CLOUD": "us-2", "FALCON_MEMBER_CID": "0123456789ABCDEF0123456789abcdef-1A",
				"FALCON_MAX_RETRIES": "0", "FALCON_WEBHOOK_WRITES": "never",
			}),
			want: falcon.Config{ClientID: "env-id", ClientSecret: "env-secret", Cloud: "us-2", MemberCID: "0123456789ABCDEF0123456789abcdef-1A", MaxRetries: 0, WebhookWrites: "never"},
		},
		{
			name: "a token in the block silences the credentials of the environment",
			set: func(m *providerModel) {
				m.AccessToken, m.Cloud = types.StringValue("token"), types.StringValue("eu-1")
			},
			env:  credentials,
			want: falcon.Config{AccessToken: "token", Cloud: "eu-1", MaxRetries: 5, WebhookWrites: "try"},
		},
		{
			name: "credentials in the block silence a token of the environment",
			set:  func(m *providerModel) { m.ClientID = types.StringValue("id") },
			env:  with(map[string]string{"FALCON_ACCESS_TOKEN": "token"}),
			want: falcon.Config{ClientID: "id", ClientSecret: "env-secret", Cloud: core.Autodiscover, MaxRetries: 5, WebhookWrites: "try"},
		},
		{
			name: "a base URL in the block silences the cloud of the environment",
			set:  func(m *providerModel) { m.BaseURL = types.StringValue("https://falcon.example") },
			env:  with(map[string]string{"FALCON_CLOUD": "us-2"}),
			want: falcon.Config{ClientID: "env-id", ClientSecret: "env-secret", BaseURL: "https://falcon.example", MaxRetries: 5, WebhookWrites: "try"},
		},
		{
			name: "a cloud in the block silences the base URL of the environment",
			set:  func(m *providerModel) { m.Cloud = types.StringValue("us-2") },
			env:  with(map[string]string{"FALCON_BASE_URL": "https://falcon.example"}),
			want: falcon.Config{ClientID: "env-id", ClientSecret: "env-secret", Cloud: "us-2", MaxRetries: 5, WebhookWrites: "try"},
		},
		{
			name: "the simulator replaces a cloud in the block",
			set:  func(m *providerModel) { m.Cloud = types.StringValue("us-2") },
			env:  with(map[string]string{"FALCON_BASE_URL": simulator, "FALCON_SIMULATOR": simulator}),
			want: falcon.Config{ClientID: "env-id", ClientSecret: "env-secret", BaseURL: simulator, MaxRetries: 5, WebhookWrites: "try"},
			warn: "the cloud us-2 is ignored",
		},
		{
			name: "the simulator replaces a cloud of the environment",
			env:  with(map[string]string{"FALCON_CLOUD": "us-2", "FALCON_SIMULATOR": simulator}),
			want: falcon.Config{ClientID: "env-id", ClientSecret: "env-secret", BaseURL: simulator, MaxRetries: 5, WebhookWrites: "try"},
			warn: "the cloud us-2 is ignored",
		},
		{
			name: "the simulator's own base URL in the block",
			set:  func(m *providerModel) { m.BaseURL = types.StringValue(simulator + "/") },
			env:  with(map[string]string{"FALCON_SIMULATOR": simulator}),
			want: falcon.Config{ClientID: "env-id", ClientSecret: "env-secret", BaseURL: simulator, MaxRetries: 5, WebhookWrites: "try"},
		},
		{
			name: "another base URL in the block than the simulator's",
			set:  func(m *providerModel) { m.BaseURL = types.StringValue("https://api.crowdstrike.com") },
			env:  with(map[string]string{"FALCON_BASE_URL": simulator, "FALCON_SIMULATOR": simulator}),
			at:   "base_url", says: "base_url in the provider block is https://api.crowdstrike.com",
		},
		{
			name: "another base URL in the environment than the simulator's",
			env:  with(map[string]string{"FALCON_BASE_URL": "https://api.crowdstrike.com", "FALCON_SIMULATOR": simulator}),
			at:   "base_url", says: "FALCON_BASE_URL is https://api.crowdstrike.com",
		},
		{
			name: "a simulator that is not an address", env: with(map[string]string{"FALCON_SIMULATOR": "yes"}),
			says: "Invalid environment variable FALCON_SIMULATOR",
		},
		{name: "nothing", at: "client_id", says: "FALCON_CLIENT_ID"},
		{name: "no secret", env: map[string]string{"FALCON_CLIENT_ID": "x"}, at: "client_secret", says: "FALCON_CLIENT_SECRET"},
		{
			name: "token and credentials in the environment", env: with(map[string]string{"FALCON_ACCESS_TOKEN": "t", "FALCON_CLOUD": "us-1"}),
			at: "access_token", says: "FALCON_ACCESS_TOKEN and FALCON_CLIENT_ID",
		},
		{
			name: "token and credentials in the block",
			set: func(m *providerModel) {
				m.AccessToken, m.ClientID = types.StringValue("t"), types.StringValue("x")
			},
			at: "client_id", says: "access_token and client_id",
		},
		{
			name: "base URL and cloud in the environment", env: with(map[string]string{"FALCON_BASE_URL": "https://x.example", "FALCON_CLOUD": "us-1"}),
			at: "base_url", says: "FALCON_BASE_URL and FALCON_CLOUD",
		},
		{
			name: "a token does not say its cloud", env: map[string]string{"FALCON_ACCESS_TOKEN": "t"},
			at: "cloud", says: "us-gov-2",
		},
		{
			name: "a token cannot be autodiscovered", env: map[string]string{"FALCON_ACCESS_TOKEN": "t", "FALCON_CLOUD": "autodiscover"},
			at: "cloud", says: "base_url",
		},
		{
			name: "unknown credential", set: func(m *providerModel) { m.ClientID = types.StringUnknown() }, env: credentials,
			at: "client_id", says: "after apply",
		},
		{
			name: "unknown cloud", set: func(m *providerModel) { m.Cloud = types.StringUnknown() }, env: credentials,
			at: "cloud", says: "FALCON_CLOUD",
		},
		{
			name: "unknown member CID", set: func(m *providerModel) { m.MemberCID = types.StringUnknown() }, env: credentials,
			at: "member_cid", says: "FALCON_MEMBER_CID",
		},
		{name: "misspelt cloud", env: with(map[string]string{"FALCON_CLOUD": "us-9"}), at: "cloud", says: "us-2"},
		{name: "foreign http", env: with(map[string]string{"FALCON_BASE_URL": "http://falcon.example"}), at: "base_url", says: "FALCON_BASE_URL"},
		{name: "retries out of range", env: with(map[string]string{"FALCON_MAX_RETRIES": "21"}), at: "max_retries", says: "0 to 20"},
		{name: "retries no number", env: with(map[string]string{"FALCON_MAX_RETRIES": "many"}), at: "max_retries", says: "whole number"},
		{name: "writes misspelt", env: with(map[string]string{"FALCON_WEBHOOK_WRITES": "no"}), at: "webhook_writes", says: "never"},
		{name: "member CID malformed", env: with(map[string]string{"FALCON_MEMBER_CID": "abc"}), at: "member_cid", says: "32 hexadecimal"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := noArguments()
			if tt.set != nil {
				tt.set(&m)
			}
			var diags diag.Diagnostics
			got := resolveConfig(m, func(name string) string { return tt.env[name] }, &diags)
			if tt.at == "" && tt.says != "" {
				if errs := diags.Errors(); len(errs) != 1 || !strings.Contains(errs[0].Summary(), tt.says) {
					t.Errorf("got %v, want one error with %q", diags, tt.says)
				}
				return
			}
			if tt.at == "" {
				if diags.HasError() {
					t.Fatalf("unexpected errors: %v", diags)
				}
				if warnings := diags.Warnings(); (len(warnings) == 1) != (tt.warn != "") || tt.warn != "" && !strings.Contains(warnings[0].Detail(), tt.warn) {
					t.Errorf("warnings %v, want %q", warnings, tt.warn)
				}
				got.Log, got.HTTPTransport = nil, nil
				if got.ClientID != tt.want.ClientID || got.ClientSecret != tt.want.ClientSecret || got.AccessToken != tt.want.AccessToken ||
					got.Cloud != tt.want.Cloud || got.BaseURL != tt.want.BaseURL || got.MemberCID != tt.want.MemberCID ||
					got.MaxRetries != tt.want.MaxRetries || got.WebhookWrites != tt.want.WebhookWrites {
					t.Errorf("got %+v, want %+v", got, tt.want)
				}
				return
			}
			wantErrorAt(t, diags, path.Root(tt.at), tt.says)
		})
	}
}

// wantErrorAt fails unless there is an error at the attribute whose text holds says.
func wantErrorAt(t *testing.T, diags diag.Diagnostics, at path.Path, says string) {
	t.Helper()
	for _, d := range diags.Errors() {
		if p, ok := d.(diag.DiagnosticWithPath); ok && p.Path().Equal(at) && strings.Contains(d.Summary()+d.Detail(), says) {
			return
		}
	}
	t.Errorf("no error at %s that says %q, got: %v", at, says, diags)
}

func TestResolvedConfigNeverRepeatsASecret(t *testing.T) {
	t.Parallel()
	m := noArguments()
	m.ClientSecret, m.AccessToken = types.StringValue("hush-secret"), types.StringValue("hush-token")
	var diags diag.Diagnostics
	resolveConfig(m, func(string) string { return "" }, &diags)
	if !diags.HasError() {
		t.Fatal("want an error")
	}
	for _, d := range diags {
		if strings.Contains(d.Summary()+d.Detail(), "hush") {
			t.Errorf("a secret is in %q", d.Detail())
		}
	}
}

func TestWebhookURL(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ url, says string }{
		{"https://receiver.example/hook", ""},
		{"http://127.0.0.1:8080/hook", ""},
		{"http://[::1]:1/", ""},
		{"http://localhost/x", ""},
		{"receiver.example/hook", "is not a valid URL"},
		{"ftp://receiver.example", "is not a valid URL"},
		{"https://", "is not a valid URL"},
		{"https://receiver.example:65535/", ""},
		{"https://receiver.example:65536/", "ports are from 1 to 65535"},
		{"https://receiver.example:0/", "ports are from 1 to 65535"},
		{"https://...", "not a valid URL"},
		{"https://.../hook", "not a valid URL"},
		{"http://receiver.example/hook", "unencrypted"},
		{"https://me:pass@receiver.example/", "user name"},
	} {
		err := core.WebhookURL().(core.StringCheck).Check(tt.url)
		if (tt.says == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: got %v, want %q", tt.url, err, tt.says)
		}
	}
}

func TestCloudNames(t *testing.T) {
	t.Parallel()
	for _, good := range append(falcon.Clouds(), core.Autodiscover) {
		if err := core.ValidateCloud(good); err != nil {
			t.Error(err)
		}
	}
	err := core.ValidateCloud("us2")
	if err == nil || !strings.Contains(err.Error(), `Did you mean "us-2"?`) {
		t.Errorf("got %v", err)
	}
}
