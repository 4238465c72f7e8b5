package provider

import (
	"fmt"
	"io"
	"log"
	"os"
)

// debugVariables make libraries of the provider print or store requests and responses as they are, with every secret in
// them: go-openapi's runtime (the first two) and terraform-plugin-go, which writes the configuration and the state.
var debugVariables = []string{"DEBUG", "SWAGGER_DEBUG", "TF_LOG_SDK_PROTO_DATA_DIR"}

// SilenceLibraries keeps the libraries from printing requests, whatever the environment asks for. The standard logger is
// theirs alone (the provider logs through tflog): with GODEBUG=http2debug=2, net/http and gRPC write every header and the
// beginning of every message to it. It has to run before the provider is served.
func SilenceLibraries() error {
	log.SetOutput(io.Discard)
	for _, name := range debugVariables {
		if err := os.Unsetenv(name); err != nil {
			return fmt.Errorf("unset %s: %w", name, err)
		}
	}
	return nil
}
