package webhook

// What tests outside the package need.
const (
	CreateFailed = createFailed
	InConsole    = inConsole
	NotInstalled = notInstalled
)
