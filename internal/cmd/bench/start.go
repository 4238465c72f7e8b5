package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// starts is how often the provider is started; the medians are printed.
const starts = 5

// start measures the provider as a program: from its start to its schema, its memory then, and its size.
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

// startProvider does what Terraform does with a provider: start it, read the address that it prints, ask for the schema.
func startProvider(ctx context.Context, program, dir string) (s started, err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program) //nolint:gosec // the bench's own build
	// The first two are go-plugin's handshake as Terraform's providers expect it; the third keeps the socket out of /tmp.
	cmd.Env = append(os.Environ(), "TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
		"PLUGIN_PROTOCOL_VERSIONS=6", "PLUGIN_UNIX_SOCKET_DIR="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return s, err
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return s, err
	}
	defer func() {
		if killed := cmd.Process.Kill(); killed != nil {
			err = errors.Join(err, killed)
		}
		var exit *exec.ExitError
		if ended := cmd.Wait(); ended != nil && !errors.As(ended, &exit) {
			err = errors.Join(err, ended)
		}
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return s, fmt.Errorf("the provider prints no address: %w", err)
	}
	s.ready = time.Since(began)
	parts := strings.Split(strings.TrimSpace(line), "|") // 1|6|unix|/path|grpc|
	if len(parts) < 5 || parts[4] != "grpc" {
		return s, fmt.Errorf("the provider's first line is %q", line)
	}
	s.size, err = askSchema(ctx, parts[2], parts[3])
	s.schema, s.memory = time.Since(began), peakMemory(fmt.Sprint(cmd.Process.Pid))
	return s, err
}

// askSchema calls GetProviderSchema with its empty request and gives the size of the answer. gRPC is HTTP/2 with a
// message that has its length in front, so that one call needs no gRPC library.
func askSchema(ctx context.Context, network, address string) (int, error) {
	var protocols http.Protocols
	protocols.SetUnencryptedHTTP2(true)
	transport := &http.Transport{
		Protocols: &protocols,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, address)
		},
	}
	defer transport.CloseIdleConnections()
	const prefix = 5 // one byte for compression, four for the length
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://provider/tfplugin6.Provider/GetProviderSchema", bytes.NewReader(make([]byte, prefix)))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/grpc")
	req.Header.Set("TE", "trailers")
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return 0, err
	}
	text, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return 0, err
	}
	if status := resp.Trailer.Get("Grpc-Status"); status != "0" || len(text) < prefix {
		return 0, fmt.Errorf("the provider gives no schema: gRPC status %q %s", status, resp.Trailer.Get("Grpc-Message"))
	}
	size := int(binary.BigEndian.Uint32(text[1:prefix]))
	if size != len(text)-prefix {
		return 0, fmt.Errorf("the schema should have %d bytes and has %d", size, len(text)-prefix)
	}
	return size, nil
}
