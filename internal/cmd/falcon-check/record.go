package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/tenantcheck"
)

// checkRecordPath returns an error if a record cannot be written to a path: better before the check than after it.
func checkRecordPath(path string) error {
	if path == "" {
		return nil
	}
	info, err := os.Stat(filepath.Dir(path))
	if err != nil || !info.IsDir() {
		return fmt.Errorf("-record %s: %s is not a directory", path, filepath.Dir(path))
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("-record %s is not a file", path)
	}
	return nil
}

// record writes the record of a report that is complete.
func (p program) record(report *tenantcheck.Report, path string) error {
	facts := report.Record()
	if err := facts.Save(path); err != nil {
		return err
	}
	fmt.Fprintf(p.messages, "Wrote %s with %d readings. It has no value of your tenant, but read it before you send it.\n", path, len(facts.Readings))
	return nil
}
