package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// procField returns a value from a file of "name: value" lines below /proc; "" if the file or the name does not exist.
func procField(file, name string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	for line := range bytes.Lines(text) {
		key, value, _ := strings.Cut(string(line), ":")
		if strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// procKilobytes returns a value in kB; 0 for none.
func procKilobytes(file, name string) int64 {
	number, _, _ := strings.Cut(procField(file, name), " ")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// peakMemory returns the peak memory of a process in bytes; 0 if the system does not report it. pid is a number or "self".
func peakMemory(pid string) int64 {
	return procKilobytes(filepath.Join("/proc", pid, "status"), "VmHWM") << 10
}

func loadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(strings.Fields(string(text))[:1], " ")
}

// peaks is the peak memory of Terraform, of the largest of its providers, and of all of them together, in bytes.
type peaks struct{ core, provider, together int64 }

const watchInterval = 5 * time.Millisecond

// watch records the peaks of a process and its children until ctx ends. It samples every few milliseconds, so it may miss
// the last ones of a process.
func watch(ctx context.Context, pid int) <-chan peaks {
	done := make(chan peaks, 1)
	go func() {
		var p peaks
		tick := time.NewTicker(watchInterval)
		defer tick.Stop()
		for ctx.Err() == nil {
			p.look(strconv.Itoa(pid))
			select {
			case <-tick.C:
			case <-ctx.Done():
			}
		}
		done <- p
	}()
	return done
}

// look takes one sample. It ignores a process that has ended.
func (p *peaks) look(pid string) {
	p.core = max(p.core, peakMemory(pid))
	lists, err := filepath.Glob(filepath.Join("/proc", pid, "task", "*", "children"))
	if err != nil {
		return // the pattern is valid
	}
	var together int64
	for _, list := range lists {
		children, err := os.ReadFile(list)
		if err != nil {
			continue
		}
		for _, child := range strings.Fields(string(children)) {
			// Between fork and exec a child has its parent's memory.
			program, err := os.Readlink(filepath.Join("/proc", child, "exe"))
			if err == nil && strings.HasPrefix(filepath.Base(program), providerProgram) {
				p.provider = max(p.provider, peakMemory(child))
				together += procKilobytes(filepath.Join("/proc", child, "status"), "VmRSS") << 10
			}
		}
	}
	p.together = max(p.together, together)
}
