package tenantcheck

func factsOf(*observations) Facts { return Facts{} }
