package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// shape is a configuration of the data source.
type shape struct{ name, arguments string }

// shapes measures Terraform: plan, apply, and a second plan with the resulting state.
func (b *bench) shapes(ctx context.Context) error {
	t, err := b.scores(ctx)
	if err != nil {
		return err
	}
	const everything = `include = ["accounts", "risk_factors", "roles"]`
	all := b.settings.users
	longest := min(all, 2000) // the longest list that the provider returns
	shapes := []shape{
		{"summary", ""},
		{fmt.Sprintf("list of %s", thousands(min(all, 1000))), "rows = \"list\""},
		{fmt.Sprintf("list of %s, everything included", thousands(longest)), fmt.Sprintf("rows = \"list\"\n  limit = %d\n  %s", longest, everything)},
		{fmt.Sprintf("`rows_json` of %s", thousands(all)), "rows = \"json\"\n  limit = 0\n  max_concurrency = 8"},
		{fmt.Sprintf("`rows_json` of %s, everything included", thousands(all)), "rows = \"json\"\n  limit = 0\n  max_concurrency = 8\n  " + everything},
	}
	w, err := b.newWorkspace(ctx, t, "shapes", "data \"falcon_user_scores\" \"all\" {}\n")
	if err != nil {
		return err
	}
	b.printf("\n## Terraform\n\nData source `falcon_user_scores` on the same tenant of %s users, every response delayed by %s: complete commands, from start to end.\n\n",
		thousands(all), b.pageDelay)
	report := &table{head: []string{"", "plan s", "apply s", "second plan s", "requests of a plan", "provider peak MB", "Terraform peak MB", "state MB", "plan file MB", "plan as JSON MB"}}
	var verdicts []string
	for _, s := range shapes {
		b.say("terraform: %s", s.name)
		row, err := w.measureShape(ctx, s)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		report.row(row...)
		verdict, err := b.checkRows(ctx, t, w)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		if verdict != "" {
			verdicts = append(verdicts, fmt.Sprintf("%s: %s.", s.name, verdict))
		}
	}
	b.printf("%s\nThe rows in the state, against the reference and with Netskope's score worked out from it:\n\n", report)
	for _, v := range verdicts {
		b.printf("- %s\n", v)
	}
	return nil
}

func (w *workspace) measureShape(ctx context.Context, s shape) ([]string, error) {
	for _, name := range []string{"terraform.tfstate", "terraform.tfstate.backup"} {
		if err := os.Remove(w.file(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	if err := w.write(fmt.Sprintf("data \"falcon_user_scores\" \"all\" {\n  %s\n}\n", s.arguments)); err != nil {
		return nil, err
	}
	plan, err := w.run(ctx, "plan", "-out=plan")
	if err != nil {
		return nil, err
	}
	shown, err := w.run(ctx, "show", "-json", "plan")
	if err != nil {
		return nil, err
	}
	apply, err := w.run(ctx, "apply", "-auto-approve")
	if err != nil {
		return nil, err
	}
	again, err := w.run(ctx, "plan", "-detailed-exitcode")
	if err != nil {
		return nil, err
	}
	planFile, err := w.size("plan")
	if err != nil {
		return nil, err
	}
	state, err := w.size("terraform.tfstate")
	if err != nil {
		return nil, err
	}
	return []string{
		s.name, seconds(plan.took), seconds(apply.took), seconds(again.took), thousands(plan.requests),
		megabytes(max(plan.memory.provider, apply.memory.provider, again.memory.provider)), megabytes(max(plan.memory.core, apply.memory.core, again.memory.core)),
		megabytes(state), megabytes(planFile), megabytes(int64(len(shown.output))),
	}, nil
}

// userRow is the part of a row that the reference reads too.
type userRow struct {
	ID        string      `json:"entity_id"`
	Name      string      `json:"display_name"`
	Secondary string      `json:"secondary_display_name"`
	Email     *string     `json:"email"`
	Score     json.Number `json:"risk_score"`
	Percent   int         `json:"risk_percent"`
	Netskope  int         `json:"netskope_score"`
	Archived  bool        `json:"archived"`
}

// stateRows returns the rows in the state, and whether they are all users.
func (w *workspace) stateRows() (rows []userRow, whole bool, err error) {
	text, err := os.ReadFile(w.file("terraform.tfstate"))
	if err != nil {
		return nil, false, err
	}
	var state struct {
		Resources []struct {
			Instances []struct {
				Attributes struct {
					Users     []userRow `json:"users"`
					RowsJSON  string    `json:"rows_json"`
					Truncated bool      `json:"truncated"`
				} `json:"attributes"`
			} `json:"instances"`
		} `json:"resources"`
	}
	if err := json.Unmarshal(text, &state); err != nil {
		return nil, false, err
	}
	if len(state.Resources) != 1 || len(state.Resources[0].Instances) != 1 {
		return nil, false, errors.New("the state does not hold the one data source")
	}
	got := state.Resources[0].Instances[0].Attributes
	if got.RowsJSON != "" {
		err = json.NewDecoder(strings.NewReader(got.RowsJSON)).Decode(&got.Users)
	}
	return got.Users, !got.Truncated, err
}

// checkRows compares the rows in the state to those of the reference; "" if there are none.
func (b *bench) checkRows(ctx context.Context, t *tenant, w *workspace) (string, error) {
	rows, whole, err := w.stateRows()
	if err != nil || len(rows) == 0 {
		return "", err
	}
	reference, err := b.referenceRecords(ctx, t)
	if err != nil {
		return "", err
	}
	var ours []record
	for _, r := range rows {
		if r.Archived || r.Email == nil {
			continue
		}
		score, err := r.Score.Float64()
		if err != nil {
			return "", err
		}
		if r.Netskope != netskopeScore(score) {
			return "", fmt.Errorf("%w: user %s has the score %s and the Netskope score %d", errDiffer, r.ID, r.Score, r.Netskope)
		}
		ours = append(ours, record{ID: r.ID, Name: r.Name, Secondary: r.Secondary, Email: *r.Email, Score: r.Score.String()})
	}
	c := compare(reference, ours)
	if !whole {
		c.onlyFirst = 0 // the limit excludes them
	}
	if !c.same() {
		return "", fmt.Errorf("%w: %s", errDiffer, c)
	}
	return c.String(), nil
}

// referenceRecords returns the records of the section of users, or reads them now.
func (b *bench) referenceRecords(ctx context.Context, t *tenant) ([]record, error) {
	file := filepath.Join(b.dir, variantUsersReference+".json")
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		b.say("%s, to compare with", variantUsersReference)
		if _, err := b.measure(ctx, t, variantUsersReference, file); err != nil {
			return nil, err
		}
	}
	return readRecords(file)
}
