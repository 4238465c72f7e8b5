package score

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon/identity"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"
)

// validate reports filters that no user can match, and arguments that would make every plan slow.
func (m userScoresModel) validate(diags *diag.Diagnostics) {
	m.validateRows(diags)
	if isKnown(m.Severity) && (isKnown(m.MinSeverity) || isKnown(m.MaxSeverity)) {
		diags.AddAttributeError(core.Attribute("severity"), "Contradictory severities",
			"severity asks for exactly one severity: set either severity, or min_severity and max_severity.")
	}
	if isKnown(m.MinSeverity) && isKnown(m.MaxSeverity) {
		order := severities()
		if slices.Index(order, m.MinSeverity.ValueString()) > slices.Index(order, m.MaxSeverity.ValueString()) {
			diags.AddAttributeError(core.Attribute("min_severity"), "Contradictory severities", fmt.Sprintf(
				"min_severity (%s) is above max_severity (%s): no user can match.", m.MinSeverity.ValueString(), m.MaxSeverity.ValueString()))
		}
	}
	m.validateScores(diags)
}

func (m userScoresModel) validateScores(diags *diag.Diagnostics) {
	if !isKnown(m.MinScore) || !isKnown(m.MaxScore) {
		return
	}
	low, high := m.MinScore.ValueBigFloat(), m.MaxScore.ValueBigFloat()
	if low.Cmp(high) > 0 {
		diags.AddAttributeError(core.Attribute("min_score"), "Contradictory score range", fmt.Sprintf(
			"min_score (%s) is above max_score (%s): no user can match.", low.Text('g', 10), high.Text('g', 10)))
		return
	}
	least, most, err := m.scores()
	if err != nil {
		diags.AddAttributeError(core.Attribute("min_score"), "Invalid score range", core.Sentence(err.Error()))
		return
	}
	if !identity.ContainsTwoDecimalScore(*least, *most) {
		diags.AddAttributeError(core.Attribute("min_score"), "Contradictory score range", fmt.Sprintf(
			"Falcon shows risk scores with two decimals, and none lies between min_score (%s) and max_score (%s): no user can match.", least, most))
	}
}

func severities() []string {
	return []string{identity.SeverityNormal, identity.SeverityMedium, identity.SeverityHigh}
}

func (m userScoresModel) scores() (least, most *identity.Decimal, err error) {
	if least, err = scoreBound(m.MinScore); err != nil {
		return nil, nil, fmt.Errorf("min_score: %w", err)
	}
	if most, err = scoreBound(m.MaxScore); err != nil {
		return nil, nil, fmt.Errorf("max_score: %w", err)
	}
	return least, most, nil
}
