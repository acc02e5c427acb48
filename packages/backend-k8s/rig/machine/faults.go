package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path"
	"strings"
	"time"
)

// A fault as a node driver gets it, with the moment at which it ends.
type fault struct {
	Call    string   `json:"call"`
	Pod     string   `json:"pod"`
	Message string   `json:"message"`
	Seconds *float64 `json:"seconds,omitempty"`
	// Unix milliseconds; 0: never.
	Until int64 `json:"until"`
}

func addFault(args []string) error {
	var one fault
	if err := json.Unmarshal([]byte(args[1]), &one); err != nil {
		return fmt.Errorf("a fault is JSON: %w", err)
	}
	if one.Seconds != nil {
		one.Until = time.Now().UnixMilli() + int64(*one.Seconds*1000)
	}
	line, err := json.Marshal(one)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(args[0], os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err := file.Write(append(line, '\n')); err != nil {
		return err
	}
	return file.Close()
}

func endFaults(args []string) error { return os.WriteFile(args[0], nil, 0o600) }

// A scenario's glob: `[!…]` is Go's `[^…]`.
func matches(glob, name string) bool {
	ok, err := path.Match(strings.ReplaceAll(glob, "[!", "[^"), name)
	return err == nil && ok
}

// What the runtime says instead of doing it for that pod; the newest fault counts.
func faultFor(file, call, pod string) *fault {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	lines := strings.Split(string(text), "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		var one fault
		if json.Unmarshal([]byte(lines[i]), &one) != nil || one.Call != call {
			continue
		}
		if (one.Until == 0 || time.Now().UnixMilli() < one.Until) && (pod == "" || matches(one.Pod, pod)) {
			return &one
		}
	}
	return nil
}
