package workflow

import "github.com/falcon-integrations/terraform-provider-falcon/internal/provider/core"

// PlanCheckTime is for tests outside the package.
const PlanCheckTime = core.PlanCheckTime
