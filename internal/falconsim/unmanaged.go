package falconsim

const consoleUser = "admin@example.com"

// seedUnmanaged adds objects that other people created and Terraform must not change. There are more API clients than the
// default page of ten (wire/api-clients.md#operations).
func (s *Server) seedUnmanaged() {
	names := []string{
		"Asset inventory", "Backup monitor", "Case mailer", "Cloud posture export", "Device trust",
		"Email gateway", "Hunting notebook", "Log shipper", "Patch reports", "SIEM collector", "Ticketing",
	}
	for _, name := range s.recordedClients(names) {
		s.storeClient(s.newID("client"), s.newSecret("secret"), name, "", []string{"alerts:read", "devices:read"}, consoleUser)
	}
	if !s.opts.NoSlackConfig {
		s.storeConfig(s.newSlackConfig())
	}
}
