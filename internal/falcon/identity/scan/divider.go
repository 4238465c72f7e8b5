package scan

import "slices"

// Divider divides a selection into cells by one property of the items, such as their score.
type Divider struct {
	// Cells is the number of cells, which are numbered from 0.
	Cells int
	// From is the condition of the items in a cell or in any later one; it is asked for cells from 1. So every item is in
	// exactly one cell, whatever the API counts as part of a range: a cell is what is in From(i) and not in From(i+1).
	From func(cell int) Condition
	// Estimate, if set, is a condition that is cheaper to count than From and met by about the items in the cell.
	Estimate func(cell int) Condition
}

// selections are what has to be counted to know how many items are in each cell.
func (d Divider) selections(where []Condition) [][]Condition {
	of := d.From
	if d.Estimate != nil {
		of = d.Estimate
	}
	list := make([][]Condition, 0, d.Cells-1)
	for cell := 1; cell < d.Cells; cell++ {
		list = append(list, slices.Concat(where, []Condition{of(cell)}))
	}
	return list
}

// cells returns how many of total items are in each cell. Items come and go between counts, so no difference is relied on.
func (d Divider) cells(total int64, counts []int64) []int64 {
	cells := make([]int64, d.Cells)
	rest := total
	for cell := d.Cells - 1; cell > 0; cell-- {
		count := counts[cell-1]
		if d.Estimate == nil && cell < d.Cells-1 {
			count -= counts[cell]
		}
		cells[cell] = max(count, 0)
		rest -= cells[cell]
	}
	cells[0] = max(rest, 0)
	return cells
}

// between narrows a selection to the cells from one up to, but not including, another.
func (d Divider) between(where []Condition, from, to int) []Condition {
	where = slices.Clone(where)
	if from > 0 {
		where = append(where, d.From(from))
	}
	if to < d.Cells {
		where = append(where, Condition{"not": d.From(to)})
	}
	return where
}

// group joins neighboring cells as long as they have at most limit items together. It returns the end of each group.
func group(cells []int64, limit int64) (ends []int) {
	var size int64
	for i, n := range cells {
		if size += n; size > limit && i > 0 {
			ends = append(ends, i)
			size = n
		}
	}
	return append(ends, len(cells))
}

func sum(counts []int64) (total int64) {
	for _, n := range counts {
		total += n
	}
	return total
}
