package tenantcheck

func verdicts(*observations) []Verdict { return nil }
