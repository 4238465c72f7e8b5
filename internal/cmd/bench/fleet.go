package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// fleetCIDs are the customer ids of the children.
func (s settings) fleetCIDs() []string {
	cids := make([]string, s.children)
	for i := range cids {
		cids[i] = fmt.Sprintf("%032x", 0xbe0c0000+i)
	}
	return cids
}

// fleetConfig returns a configuration with a provider and the same objects for every child: half of them API clients, half
// workflows.
func (s settings) fleetConfig() string {
	var config strings.Builder
	each := s
	each.clients = s.childObjects / 2
	each.workflows, each.configs = s.childObjects-each.clients, 0
	for i, cid := range s.fleetCIDs() {
		provider := fmt.Sprintf("  provider = falcon.child_%d\n", i)
		fmt.Fprintf(&config, "provider \"falcon\" {\n  alias      = \"child_%d\"\n  member_cid = %q\n}\n\n", i, cid)
		objects := strings.NewReplacer(
			`"falcon_workflow" "w" {`+"\n", fmt.Sprintf("\"falcon_workflow\" \"w%d\" {\n%s", i, provider),
			`"falcon_api_client" "c" {`+"\n", fmt.Sprintf("\"falcon_api_client\" \"c%d\" {\n%s", i, provider),
			`"falcon_webhook" "p" {`+"\n", fmt.Sprintf("\"falcon_webhook\" \"p%d\" {\n%s", i, provider),
		).Replace(each.manyObjects())
		config.WriteString(objects + "\n")
	}
	return config.String()
}

// fleetRequests counts the requests since forget.
type fleetRequests struct{ signIns, others, refused int }

func (t *tenant) fleetRequests(ctx context.Context) (n fleetRequests, err error) {
	var list []struct {
		Path   string `json:"path"`
		Status int    `json:"status"`
	}
	if err := t.console(ctx, http.MethodGet, "/requests", nil, &list); err != nil {
		return n, err
	}
	for _, r := range list {
		switch {
		case r.Status == http.StatusTooManyRequests:
			n.refused++
		case r.Path == tokenPath:
			n.signIns++
		default:
			n.others++
		}
	}
	return n, nil
}

// fleet measures a plan over the child tenants of a Flight Control parent, under Falcon's limits.
func (b *bench) fleet(ctx context.Context) (err error) {
	args := []string{"-hosts", "1", "-account-limit", "6000"}
	for _, cid := range b.fleetCIDs() {
		args = append(args, "-member-cid", cid)
	}
	t, err := b.startSimulator(ctx, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.stop()) }()
	w, err := b.newWorkspace(ctx, t, "fleet", b.fleetConfig())
	if err != nil {
		return err
	}
	if err := t.delay(ctx, b.callDelay); err != nil {
		return err
	}
	b.printf("\n## Child tenants\n\n%d child tenants with %d objects each, half API clients, half workflows, every response delayed by %s. The account's limit is 6,000 requests per minute, and that of the address 300 sign-ins.\n\n",
		b.children, b.childObjects, b.callDelay)
	report := &table{head: []string{"", "sign-ins", "other requests", "per child", "refused (429)", "s", "providers peak MB together", "Terraform peak MB"}}
	for _, command := range []struct {
		title string
		args  []string
	}{
		{"`terraform apply`, everything created", []string{"apply", "-auto-approve"}},
		{"`terraform plan`, nothing changed", []string{"plan", "-detailed-exitcode"}},
	} {
		b.say("%s", command.title)
		r, err := w.run(ctx, command.args...)
		if err != nil {
			return err
		}
		n, err := t.fleetRequests(ctx)
		if err != nil {
			return err
		}
		report.row(command.title, thousands(n.signIns), thousands(n.others), fmt.Sprintf("%.1f", float64(n.signIns+n.others)/float64(b.children)),
			thousands(n.refused), seconds(r.took), megabytes(r.memory.together), megabytes(r.memory.core))
	}
	b.printf("%s", report)
	return nil
}
