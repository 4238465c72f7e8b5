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

// procField is a value of a file of "name: value" lines below /proc; "" where there is no such file or name.
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

// procKilobytes is a value in kB; 0 where there is none.
func procKilobytes(file, name string) int64 {
	number, _, _ := strings.Cut(procField(file, name), " ")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// peakMemory is the most memory that a process ever held, in bytes; 0 where the system does not say. pid is a number or
// "self".
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

// peaks are the most memory that Terraform and the largest of its providers held, in bytes.
type peaks struct{ core, provider int64 }

const watchInterval = 5 * time.Millisecond

// watch notes the peaks of a process and of its children until ctx ends. A process is looked at every few milliseconds,
// so what it takes in its very last ones may be missed.
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

// look takes the peaks of this moment into account. A process that is gone meanwhile counts for nothing.
func (p *peaks) look(pid string) {
	p.core = max(p.core, peakMemory(pid))
	lists, err := filepath.Glob(filepath.Join("/proc", pid, "task", "*", "children"))
	if err != nil {
		return // the pattern is a good one
	}
	for _, list := range lists {
		children, err := os.ReadFile(list)
		if err != nil {
			continue
		}
		for _, child := range strings.Fields(string(children)) {
			// Between its start and its own program a child is its parent's, memory included.
			program, err := os.Readlink(filepath.Join("/proc", child, "exe"))
			if err == nil && strings.HasPrefix(filepath.Base(program), providerProgram) {
				p.provider = max(p.provider, peakMemory(child))
			}
		}
	}
}
