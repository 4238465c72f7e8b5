package provider

import (
	"fmt"
	"io"
	"log"
	"os"
)

// debugVariables make libraries print or store requests and responses, including all secrets: go-openapi's runtime (the
// first two) and terraform-plugin-go, which writes the configuration and the state.
var debugVariables = []string{"DEBUG", "SWAGGER_DEBUG", "TF_LOG_SDK_PROTO_DATA_DIR"}

// SilenceLibraries prevents libraries from printing requests, whatever the environment variables are. It discards the
// standard logger, to which net/http and gRPC write every header and the beginning of every message with
// GODEBUG=http2debug=2; the provider itself logs through tflog. Call it before the provider is served.
func SilenceLibraries() error {
	log.SetOutput(io.Discard)
	for _, name := range debugVariables {
		if err := os.Unsetenv(name); err != nil {
			return fmt.Errorf("unset %s: %w", name, err)
		}
	}
	return nil
}
