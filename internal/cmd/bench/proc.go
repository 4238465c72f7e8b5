package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// procField is a value of a file of "name: value" lines below /proc; "" where there is no such file or name.
func procField(file, name string) string {
	text, err := os.ReadFile(file) //nolint:gosec // a file below /proc
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

// watcher notes the peak memory of all processes of some programs while it runs. A process is looked at every few
// milliseconds, so what it takes in its very last ones may be missed.
type watcher struct {
	cancel context.CancelFunc
	done   sync.WaitGroup
	peaks  map[string]int64 // by program
}

const watchInterval = 5 * time.Millisecond

func watch(ctx context.Context, programs ...string) *watcher {
	ctx, cancel := context.WithCancel(ctx)
	w := &watcher{cancel: cancel, peaks: map[string]int64{}}
	for i, path := range programs {
		if target, err := filepath.EvalSymlinks(path); err == nil {
			programs[i] = target
		}
		w.peaks[programs[i]] = 0
	}
	w.done.Go(func() {
		tick := time.NewTicker(watchInterval)
		defer tick.Stop()
		known := map[string]string{}
		for ctx.Err() == nil {
			w.look(known)
			select {
			case <-tick.C:
			case <-ctx.Done():
			}
		}
	})
	return w
}

// look goes through the processes; known holds the program of each that was seen before, "" for another one.
func (w *watcher) look(known map[string]string) {
	entries, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return
	}
	for _, entry := range entries {
		pid := filepath.Base(entry)
		program, seen := known[pid]
		if !seen {
			// Between fork and exec a process shows its parent's program, so only a match is final.
			link, err := os.Readlink(filepath.Join(entry, "exe"))
			if _, wanted := w.peaks[link]; err != nil || !wanted {
				continue
			}
			program, known[pid] = link, link
		}
		w.peaks[program] = max(w.peaks[program], peakMemory(pid))
	}
}

// stop ends the watch and gives the peaks in bytes, in the order of the programs; 0 for one that was not seen.
func (w *watcher) stop(programs ...string) []int64 {
	w.cancel()
	w.done.Wait()
	list := make([]int64, len(programs))
	for i, path := range programs {
		if target, err := filepath.EvalSymlinks(path); err == nil {
			path = target
		}
		list[i] = w.peaks[path]
	}
	return list
}
