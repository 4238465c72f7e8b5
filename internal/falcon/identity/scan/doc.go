// Package scan reads a long listing in parts, at the same time, and proves that nothing was missed.
//
// The cursor of each page is needed to request the next one, so a listing of 45 pages takes 45 requests one after another,
// however many may be in flight. Parts of it are read independently of each other:
//
//	first page, counts of the first divider's cells                     1 request
//	      │
//	      ▼
//	cells   █▅▃▂▂▂▁▁▁▁   how many users have a score from 0 to 0.03, to 0.06, and so on
//	parts   │└┘└─┘└──┘   neighboring cells joined up to a limit of pages
//	        ││  │   │
//	        └─► still too large: divided by the next divider            1 request for each
//	         ▼  ▼   ▼
//	       pages, each part read as soon as it is known, in the order of keys
//	      │
//	      ▼
//	counts of all parts and of the whole                                1 request for 63 parts
//	      │
//	      ├─ each part has its count, all together have that of the whole: complete
//	      ├─ a count differs, because an item moved: read those parts again, up to 5 times
//	      └─ they do not settle: read the whole listing in the order of its keys, where nothing can move
//
// A cell is what is in From(i) and not in From(i+1). The two neighbors of a boundary use the same condition, one of them
// negated, so no item is in both or in neither, whatever the API counts as part of a range.
//
// The limit is so high that each request in flight gets about two parts: larger parts have fuller pages, smaller ones
// leave no worker waiting at the end.
//
// What each piece is worth is measured by TestRounds, on the fake clock: 44,582 users in 45 pages, 8 requests in flight,
// 300 ms for each request as in cmd/bench, without the request for the token. The public plugin's way of reading them,
// which cmd/bench has as its reference, takes 92 requests one after another: 27.6 s.
//
//	Tenant                        Time     × reference   Without the piece
//	usual                         2.7 s    10.2          13.5 s without parts
//	35% created on one day        3.0 s     9.2
//	all created on one day        2.7 s    10.2
//	one day and one score         3.6 s     7.7
//	only dates differ             3.0 s     9.2          14.7 s without creation dates
//	only scores differ            6.9 s     4.0          14.7 s without scores
//	only names differ             4.5 s     6.1          14.7 s without display names
//	only account names differ     3.6 s     7.7          14.7 s without account names
//	nothing differs              15.0 s     1.8
//
// A usual tenant needs scores and creation dates. The later dividers are for tenants in which the earlier ones do not divide,
// such as after a migration. Reading parts while others are still being divided saves one
// request's time (300 ms) in a usual tenant.
//
// These pieces were tried and removed, because none of them made the usual tenant faster: reading each part from both its
// ends (7 s faster where nothing differs), finding the best groups of cells by dynamic programming, searching for dates
// in three rounds, counting by date and by name at the same time and taking the better one, and sending counts before
// pages.
package scan
