package identity

import (
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon/identity/scan"
)

const (
	scoreCells = 32
	// dateYears and dateCells cover the time in which most accounts are created.
	dateYears, dateCells = 12, 64
)

// userDividers are what users are divided by. Scores come first: their range is known, and Falcon counts them with a plain
// comparison. Most users without risk have the same score, so creation dates are next. After a migration many users have
// the same date, too. Names are last, because Falcon calls searches by pattern slow; account names have Latin letters even
// where display names do not.
func userDividers(now time.Time) []scan.Divider {
	return []scan.Divider{
		{Cells: scoreCells, From: func(cell int) condition {
			return scoreBounds(new(newDecimal(int64(cell), scoreCells)), nil)
		}},
		{Cells: dateCells, From: func(cell int) condition {
			start := now.AddDate(-dateYears, 0, 0)
			step := now.Sub(start) / (dateCells - 1)
			return condition{"accountCreationStartTime": start.Add(time.Duration(cell-1) * step).UTC().Format(time.RFC3339)}
		}},
		letterDivider("primaryDisplayNamePattern", "abcdefghijklmnopqrstuvwxyz"),
		letterDivider("samAccountNamePattern", "abcdefghijklmnopqrstuvwxyz0123456789"),
	}
}

// letterDivider divides by first letters. Names that begin with none of them are in the first cell. A user with several
// accounts has several names: the last letter counts.
func letterDivider(filter, letters string) scan.Divider {
	beginWith := func(letters string) condition {
		patterns := make([]condition, 0, len(letters))
		for _, letter := range letters {
			patterns = append(patterns, condition{filter: string(letter) + "*"})
		}
		return condition{"any": patterns}
	}
	return scan.Divider{
		Cells:    len(letters) + 1,
		From:     func(cell int) condition { return beginWith(letters[cell-1:]) },
		Estimate: func(cell int) condition { return beginWith(letters[cell-1 : cell]) },
	}
}
