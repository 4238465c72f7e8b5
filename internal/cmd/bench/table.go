package main

import (
	"fmt"
	"strings"
	"time"
)

// table is printed as Markdown with aligned columns.
type table struct {
	head []string
	rows [][]string
}

func (t *table) row(cells ...string) { t.rows = append(t.rows, cells) }

func (t *table) String() string {
	width := make([]int, len(t.head))
	for _, row := range append([][]string{t.head}, t.rows...) {
		for i, cell := range row {
			width[i] = max(width[i], len([]rune(cell)))
		}
	}
	var out strings.Builder
	line := func(cells []string) {
		for i, cell := range cells {
			pad := strings.Repeat(" ", width[i]-len([]rune(cell)))
			if i == 0 {
				cell, pad = cell+pad, ""
			}
			out.WriteString("| " + pad + cell + " ")
		}
		out.WriteString("|\n")
	}
	line(t.head)
	for i := range t.head {
		rule := strings.Repeat("-", width[i]+1) + ":"
		if i == 0 {
			rule = strings.Repeat("-", width[i]+2)
		}
		out.WriteString("|" + rule)
	}
	out.WriteString("|\n")
	for _, row := range t.rows {
		line(row)
	}
	return out.String()
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f", d.Seconds()) }

// megabytes rounds a number of bytes; "–" if it is not known.
func megabytes(bytes int64) string {
	switch {
	case bytes <= 0:
		return "–"
	case bytes < 1e6:
		return fmt.Sprintf("%.3f", float64(bytes)/1e6)
	}
	return fmt.Sprintf("%.1f", float64(bytes)/1e6)
}

func times(ratio float64) string { return fmt.Sprintf("%.1f×", ratio) }

// thousands formats a number with commas.
func thousands[N int | int64 | float64](n N) string {
	digits := fmt.Sprintf("%.0f", float64(n))
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
