package definition

import (
	"strings"
	"testing"
)

// TestPublishedActions has every action whose id is published, with the version constraint that documents use and its class.
func TestPublishedActions(t *testing.T) {
	t.Parallel()
	tenant := NewTenant(Settings{CID: "cid", Reading: func(string) string { return "a" }})
	for _, line := range []string{
		"4f1af1ae4c13dc1e3bcd725f8dc0f63b ~1", "aadbf530e35fc452a032f5f8acaaac2a ~1", "07413ef9ba7c47bf5a242799f59902cc ~1", "07413ef9ba7c47bf5a242799f59902cc ~0",
		"702d15788dbbffdf0b68d8e2f3599aa4 ~1 CreateVariable", "6c6eab39063fa3b72d98c82af60deb8a ~1 UpdateVariable",
		"04c59ceb6dff9e6cd89e5f5cf13121ab ~1", "0ec68880256f6192b9abef766d31fb04 ~1", "180cccafdc5993b665ca0da37fb4b85e ~0",
		"184239ceb8a046cfb159228abd7cc67e ~0", "5092e629ba5f421abc057b72ea123c59 ~0", "ffcb9fe62801450e8b47c2ee1ba6c50b ~0", "ce0386aacfb64bc5a3a6a4a85c07217b ~0", "b2087ff84aa1471ea209076fd4852c25 ~0",
		"087d2584952545cfa43535a0f79cab94 ~0", "70a7aba2e977494996e16d277f8c0e83 ~0", "4e173250822e4806b11d8b91fe57b16f~61b2803acb3cf068ce8412ddd47d530e ~0",
		"fe8acd4b4b2a30759745b2fcc6335306 ~1", "bd97b8cdd275c4aa09564189f725ae24 ~1", "7cd6f7bde9eef6a98d851d8270e4f1f4 ~1",
		"7bddab2fa0d5c5c90fdb49e0f3eef380 ~1", "91e6224248076bdea0e79b51f8b8b13a ~1", "68ffa99af40c84b36462daa076f535d0 ~0",
		"6265dc947cc2252f74a5f25261ac36a9 ~0", "d6731c10b24834e2e0f4bd9d390a29c8 ~0",
		"4e173250822e4806b11d8b91fe57b16f~bc2df090c5f5e74635ee1e00aa9b7322 ~0",
		"1ba474f407d9228fc8fa02cdce8ae8ef ~1 Inline.HTTPRequest", "50b8a7cc77ea4ebb9d0bbe96d8def095 ~1 Inline.HTTPRequest",
		"ad9b77de3da84531b79740e5b4076571 ~1 Inline.HTTPRequest",
		"cdf5c3e0d69f156eaaf56c1f5d3f1b66 ~1 Inline.QueryEvent", "7fb9eb10b23943efaf1e6082b0ac0338 ~1 Inline.Python",
		"bec9fbeb4999d207937854fd56088107 ~0", "68ffa99af40c84b36462daa076f535d0 ~1", "6265dc947cc2252f74a5f25261ac36a9 ~1",
		"19c7e2af0a24f468be7797fe180c8329 ~1", "d6731c10b24834e2e0f4bd9d390a29c8 ~1", "7b77cb5d5ff2651cc51c7c4c610d54d1 ~0",
		"6de8a462880ad419680ed5c291b9413f ~0", "beb56cc40d334583671ca91e6e390056 ~0", "4918bf9d85ecc06388eca16543bdbbdc ~1",
		"a16f4fdd1b244b0bfeecd47e25dbe0e0 ~1", "f6f68f316170550b2777aec3dc3c85e1 ~2", "ace50afa2ea8438162f098b621f790fb ~1",
		"51c4db34ab30465f796d7550f3e3e97b ~1", "3fa82584a1c9103b21fb80477102a05b ~1", "668bf0d0b832510e21d7c00386d277ea ~1",
		"bdfecafafdb44919a458fcf51d6b93a7_98dec86072334d24b37dd798098cfd63 ~0",
	} {
		parts := append(strings.Fields(line), "")
		known, _ := tenant.Activity(parts[0])
		if !known.accepts(parts[1]) || known.Class != parts[2] {
			t.Errorf("%s: %+v", line, known)
		}
	}
	ids := map[string]bool{}
	for _, a := range tenant.Activities {
		if ids[a.ID] {
			t.Errorf("%s is twice in the catalog", a.ID)
		}
		ids[a.ID] = true
	}
}
