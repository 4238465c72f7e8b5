package tenantcheck

import "testing"

func TestIsTerm(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"config_id": true, "_fields": true, "signature_header_name": true, "hmac_secret_key": true, "webhook_config_id": true,
		"Trigger.Category.ZeroTrust.EventType.HostScoreChange.OSScore": true, "Trigger.Detection.NGSIEM.SourceIPs": true,
		"Trigger.Detection.EPP.Process.SHA256": true, "PhishingEmail/MicrosoftO365": true, "Case > Case Created": true,
		"Cloud security assessment > Configuration (IOM) configuration": true, "api-client-mgmt:read": true, "d4c-registration:write": true,
		"nodeRegistry": true, "": false, "__": false,
		"acme_secret": false, "web-01": false, "Trigger.Case.AcmeField": false, "scorecardx": false, "config id's": false,
		"10.0.0.1": false, "alice@example.com": false, "0123456789abcdef0123456789abcdef": false, "<key 1>": false, "<id>": false,
		"webserver": false, "hostnameweb": false, "c29tZXRoaW5n": false,
	} {
		if got := isTerm(name); got != want {
			t.Errorf("%q: %t, want %t", name, got, want)
		}
	}
}

// Names that consist of words of the API are still not keys if they have the form of a host name or of a title.
func TestIsKey(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]bool{
		"config_id": true, "riskScore": true, "_fields": true, "web-server": false, "file server": false, "web.server": false, "group:read": false, "": false, "Case/Created": false,
	} {
		if isKey(key) != want {
			t.Errorf("%q: %t, want %t", key, !want, want)
		}
	}
	for path, want := range map[string]bool{"Trigger.Case.Name": true, "Trigger.Case.web-server": false, "Trigger.Case.File Server": false} {
		if isPath(path) != want {
			t.Errorf("%q: %t, want %t", path, !want, want)
		}
	}
}

func TestMessageShape(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]string{
		"access denied, scope not permitted":                                "access denied, scope not permitted",
		"A workflow by this name already exists. Try a new name.":           "A workflow by this name already exists. Try a new name.",
		"Failed to generate access token for clientID=0123abcd.":            "Failed to generate access token for <value>",
		"definition with id 0123456789abcdef not found":                     "definition with id <value> not found",
		"definition with name Acme Payroll not found":                       "definition with name <value> not found",
		"Internal Server Error: Please provide trace-id='ab-cd' to support": "Internal Server Error: Please provide <value> to support",
		"Invalid FQL: fql: acme.host is an unknown property":                "Invalid FQL: fql: <value> is an unknown property",
		`property "x" contains unknown variable "data['alice']"`:            "property <value> contains unknown variable <value>",
		"404: Page Not Found":                                               "<value> Page Not Found",
		"limit 501 exceeds the maximum of 500":                              "limit <value> exceeds the maximum of <value>",
		"the host srv01.acme.example at 10.1.2.3 is not allowed":            "the host <value> at <value> is not allowed",
		"'unclosed name of a tenant":                                        "<value>",
		"name Import file already exists":                                   "name <value> already exists", // its own name, made of plain words
		"user fAiLeD":                                                       "user <value>",
		"client-host is not allowed":                                        "<value> is not allowed",
		"":                                                                  "",
	} {
		if got := messageShape(message, []string{"Import file"}); got != want {
			t.Errorf("%q: %q, want %q", message, got, want)
		}
	}
}
