package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim"
)

var (
	guideCurl = regexp.MustCompile(`(?m)^curl (?:-X ([A-Z]+) )?"\$(sim|FALCON_BASE_URL)(/[^"]*)"(?: -d '([^']*)'| --data-binary @workflow\.yaml)?$`)
	guideYAML = regexp.MustCompile("(?s)```yaml\n(.*?)```")
	guideFlag = regexp.MustCompile("[`\\[ ]-([a-z][a-z-]+)")
)

func simulatorGuide(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "templates", "guides", "simulator.md.tmpl"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Every curl command of the guide works.
func TestGuideCommands(t *testing.T) {
	t.Parallel()
	guide := simulatorGuide(t)
	document := guideYAML.FindStringSubmatch(guide)
	if document == nil {
		t.Fatal("the guide has no workflow document")
	}
	const child = "0123456789abcdef0123456789abcdef"
	running, err := falconsim.Start(falconsim.Options{MemberCIDs: []string{child}})
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	commands := guideCurl.FindAllStringSubmatch(guide, -1)
	if written := strings.Count(guide, "\ncurl "); len(commands) != written || written < 20 {
		t.Errorf("%d of %d curl commands are understood", len(commands), written)
	}
	for i, command := range commands {
		method, base, target, body := command[1], running.URL, command[3], command[4]
		if method == "" {
			method = http.MethodGet
		}
		if command[2] == "sim" {
			base += "/_sim"
		}
		if strings.Contains(command[0], "@workflow.yaml") {
			body = document[1]
		}
		id := running.ClientID()
		switch {
		case strings.HasPrefix(target, "/hosts/"):
			id = running.Hosts()[0].AgentID
		case strings.HasPrefix(target, "/workflows/"):
			if id, err = running.CreateWorkflow([]byte(fmt.Sprintf("name: workflow %d\ntrigger: {type: On demand}", i)), false); err != nil {
				t.Fatal(err)
			}
		}
		target = strings.ReplaceAll(strings.ReplaceAll(target, "/ID", "/"+id), "$child", child)
		request, err := http.NewRequestWithContext(t.Context(), method, base+target, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(response.Body)
		if err != nil || response.Body.Close() != nil || response.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %s", command[0], response.StatusCode, text)
		}
	}
	if err := running.Close(); err != nil {
		t.Error(err)
	}
}

// The guide names only flags that exist.
func TestGuideFlags(t *testing.T) {
	t.Parallel()
	var help strings.Builder
	if err := run(t.Context(), []string{"-h"}, nil, io.Discard, &help); err == nil {
		t.Fatal("no help")
	}
	curl := regexp.MustCompile(`(?m)^curl .*$`)
	for _, flag := range guideFlag.FindAllStringSubmatch(curl.ReplaceAllString(simulatorGuide(t), ""), -1) {
		if !strings.Contains(help.String(), "\n  -"+flag[1]) {
			t.Errorf("falconsim has no flag -%s", flag[1])
		}
	}
}
