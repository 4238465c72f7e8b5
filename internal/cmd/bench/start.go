package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
)

// starts is how often the provider is started; the medians are printed.
const starts = 5

// start measures the program of the provider: the time from its start to its schema, its memory then, and its size.
func (b *bench) start(ctx context.Context) error {
	provider, err := b.mirror(ctx)
	if err != nil {
		return err
	}
	info, err := os.Stat(provider)
	if err != nil {
		return err
	}
	b.say("starting the provider")
	var ready, schema []time.Duration
	var memory []int64
	var size int
	for range starts {
		s, err := startProvider(ctx, provider, b.dir)
		if err != nil {
			return err
		}
		ready, schema, memory, size = append(ready, s.ready), append(schema, s.schema), append(memory, s.memory), s.size
	}
	b.printf("\n## Start of the provider\n\nMedians of %d starts, without Terraform.\n\n", starts)
	report := &table{head: []string{"", ""}}
	report.row("process to handshake", fmt.Sprintf("%d ms", median(ready).Milliseconds()))
	report.row("process to schema", fmt.Sprintf("%d ms", median(schema).Milliseconds()))
	report.row("peak memory with the schema served", megabytes(median(memory))+" MB")
	report.row("schema", megabytes(int64(size))+" MB")
	report.row("binary, stripped as in a release", megabytes(info.Size())+" MB")
	b.printf("%s", report)
	return nil
}

func median[T time.Duration | int64](list []T) T {
	slices.Sort(list)
	return list[len(list)/2]
}

type started struct {
	ready, schema time.Duration
	memory        int64
	size          int // of the schema, in bytes
}

// startProvider does what Terraform does with a provider: it starts it, reads the address that it prints, and requests the
// schema.
func startProvider(ctx context.Context, program, dir string) (s started, err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program)                        //nolint:gosec // the bench's own build
	cmd.Env = append(os.Environ(), plugin.EnvUnixSocketDir+"="+dir) // keeps the socket out of /tmp
	client := plugin.NewClient(&plugin.ClientConfig{
		// The cookie that Terraform's providers expect.
		HandshakeConfig: plugin.HandshakeConfig{
			MagicCookieKey: "TF_PLUGIN_MAGIC_COOKIE", MagicCookieValue: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
		},
		VersionedPlugins: map[int]plugin.PluginSet{6: {"provider": connection{}}},
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		Logger:           hclog.NewNullLogger(),
		Cmd:              cmd,
	})
	defer client.Kill()
	began := time.Now()
	if _, err := client.Start(); err != nil {
		return s, err
	}
	s.ready = time.Since(began)
	protocol, err := client.Client()
	if err != nil {
		return s, err
	}
	dispensed, err := protocol.Dispense("provider")
	if err != nil {
		return s, err
	}
	conn, ok := dispensed.(*grpc.ClientConn)
	if !ok {
		return s, fmt.Errorf("go-plugin returned a %T", dispensed)
	}
	var schema []byte
	err = conn.Invoke(ctx, "/tfplugin6.Provider/GetProviderSchema", []byte{}, &schema, grpc.ForceCodec(rawBytes{}), grpc.MaxCallRecvMsgSize(64<<20))
	s.size, s.schema, s.memory = len(schema), time.Since(began), peakMemory(strconv.Itoa(cmd.Process.Pid))
	return s, err
}

// connection is a plugin of go-plugin whose client is the connection itself.
type connection struct{ plugin.NetRPCUnsupportedPlugin }

func (connection) GRPCServer(*plugin.GRPCBroker, *grpc.Server) error { return nil }

func (connection) GRPCClient(_ context.Context, _ *plugin.GRPCBroker, conn *grpc.ClientConn) (any, error) {
	return conn, nil
}

// rawBytes passes the bytes of messages through, because terraform-plugin-go keeps the types of the protocol internal.
type rawBytes struct{}

func (rawBytes) Name() string { return "raw" }

func (rawBytes) Marshal(v any) ([]byte, error) {
	if b, ok := v.([]byte); ok {
		return b, nil
	}
	return nil, fmt.Errorf("cannot send a %T", v)
}

func (rawBytes) Unmarshal(data []byte, v any) error {
	b, ok := v.(*[]byte)
	if !ok {
		return fmt.Errorf("cannot receive into a %T", v)
	}
	*b = data
	return nil
}
