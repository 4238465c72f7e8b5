package identity

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/hosts"
	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/random"
)

// directory is a domain of the simulated company and the data source that has it.
type directory struct {
	name, source string
	perMille     int // of the users
}

// tenantDirectories are the domains of every tenant. Domains are shown in uppercase (wire/identity.md#entities).
var tenantDirectories = []directory{
	{"CORP.EXAMPLE.COM", "ACTIVE_DIRECTORY", 600},
	{"EMEA.EXAMPLE.COM", "ACTIVE_DIRECTORY", 300},
	{"LAB.EXAMPLE.COM", "ACTIVE_DIRECTORY", 100},
	{"EXAMPLE.OKTA.COM", "OKTA", 0},
}

// azureTenant is the tenant of users that are only in Azure.
const azureTenant = "example.onmicrosoft.com"

var (
	firstNames = []string{"Ada", "Bruno", "Chiara", "Dmitri", "Elif", "Farid", "Greta", "Hana", "Ivan", "Jamila",
		"Kofi", "Lena", "Mateo", "Nadia", "Oskar", "Priya", "Quentin", "Rosa", "Sven", "Tala"}
	lastNames = []string{"Abebe", "Berg", "Castillo", "Dubois", "Eriksen", "Fischer", "Garcia", "Haddad", "Ito", "Jansen",
		"Kaya", "Lindgren", "Moreau", "Novak", "Okafor", "Petrov", "Quispe", "Rossi", "Silva", "Tanaka"}
	departments  = []string{"Engineering", "Finance", "Sales", "Support", "IT", ""}
	titles       = []string{"Engineer", "Analyst", "Manager", "Director", "Consultant", ""}
	riskyFactors = []string{"WEAK_PASSWORD_POLICY", "AGED_PASSWORD", "STALE_ACCOUNT", "EXPOSED_PASSWORD", "INACTIVE_ACCOUNT", "DUPLICATE_PASSWORD", "STEALTHY_PRIVILEGES", "SHARED_USER"}
	adminRoles   = []string{"DomainAdminsRole", "AdminAccountRole", "BackupOperatorsAdminRole", "EnterpriseAdminsRole"}
)

// seedUser returns a user. The users are a mixture that covers what makes reading users hard: no email address, several, or one
// shared with another user; archived and disabled users; accounts in two domains or in none; many scores of exactly 0, and
// scores that rounding moves across a bound.
func seedUser(seed int64, i int) *User {
	d := random.NewStream(seed, "user", i)
	first, last := random.Pick(d, firstNames), random.Pick(d, lastNames)
	login := fmt.Sprintf("%s.%s.%d", first, last, i+1)
	created := random.SeededAt.AddDate(0, 0, -1-d.Below(3000)).Add(time.Duration(d.Below(86_400_000)) * time.Millisecond)
	u := &User{
		EntityID:           d.UUID(),
		PrimaryDisplayName: first + " " + last,
		RiskScore:          seedScore(d),
		Learned:            d.Chance(10),
		Watched:            d.Chance(5),
		Shared:             d.Chance(10),
		Created:            created,
		LastActivity:       random.SeededAt.Add(-time.Duration(d.Below(120*86_400)) * time.Second),
		Roles:              []string{"HumanUserAccountRole"},
	}
	u.Archived = d.Chance(60)
	switch {
	case i == 0:
		u.PrimaryDisplayName, login, u.Archived = "Administrator", "Administrator", false
		u.Roles = []string{"BuiltinAdministratorRole", "DomainAdminsRole"}
	case d.Chance(40):
		u.Roles = []string{"ProgrammaticUserAccountRole"}
	case d.Chance(20):
		u.Roles = append(u.Roles, random.Pick(d, adminRoles))
	}
	age := random.SeededAt.Sub(u.LastActivity)
	u.Inactive, u.Stale = age > 21*24*time.Hour, age > 90*24*time.Hour // wire/identity.md#users
	if d.Chance(15) {
		u.LastActivity = time.Time{}
	}
	u.EmailAddresses = seedEmails(d, login, i)
	u.Accounts = seedAccounts(d, u, login)
	u.SecondaryDisplayName = secondaryName(u, login)
	if u.RiskScore > 0 {
		for range 1 + d.Below(3) {
			score := math.Round(u.RiskScore*d.Fraction()*100) / 100
			u.RiskFactors = append(u.RiskFactors, RiskFactor{Type: random.Pick(d, riskyFactors), Severity: severityOf(score), Score: score})
		}
	}
	return u
}

// seedScore returns no risk for one user in five, a score within half a hundredth of a whole hundredth for one in fifty, and
// otherwise a score that is more often low than high.
func seedScore(d *random.Stream) float64 {
	kind, spread := d.Below(100), d.Fraction()
	switch {
	case kind < 20:
		return 0
	case kind < 22:
		return math.Min(1, float64(d.Below(101))/100+0.004)
	case kind < 24:
		return float64(d.Below(101)) / 100
	}
	return spread * spread
}

func seedEmails(d *random.Stream, login string, i int) []string {
	address := strings.ToLower(login) + "@example.com"
	switch n := d.Below(1000); {
	case n < 50:
		return []string{}
	case n < 130:
		return []string{address, strings.ToLower(login) + "@mail.example.com"}
	case n < 135:
		return []string{fmt.Sprintf("shared.mailbox.%d@example.com", i%7)}
	}
	return []string{address}
}

func seedAccounts(d *random.Stream, u *User, login string) []Account {
	if d.Chance(30) && login != "Administrator" {
		return []Account{seedAccount(d, u, Account{Source: "AZURE", Tenant: azureTenant, UPN: strings.ToLower(login) + "@" + azureTenant})}
	}
	dir := tenantDirectories[0]
	for n, i := d.Below(1000), 0; i < len(tenantDirectories) && n >= 0; i++ {
		dir = tenantDirectories[i]
		n -= dir.perMille
	}
	if login == "Administrator" {
		dir = tenantDirectories[0]
	}
	accounts := []Account{seedAccount(d, u, directoryAccount(d, dir.name, login))}
	switch n := d.Below(100); {
	case n < 3 && dir != tenantDirectories[2]:
		accounts = append(accounts, seedAccount(d, u, directoryAccount(d, tenantDirectories[2].name, login)))
	case n < 8:
		okta := tenantDirectories[3]
		accounts = append(accounts, seedAccount(d, u, Account{Source: okta.source, Tenant: okta.name, UPN: strings.ToLower(login) + "@example.com"}))
	}
	return accounts
}

func directoryAccount(d *random.Stream, domain, login string) Account {
	return Account{
		Source: "ACTIVE_DIRECTORY", Domain: domain, SamAccountName: login,
		UPN:       strings.ToLower(login + "@" + domain),
		ObjectSID: fmt.Sprintf("S-1-5-21-%d-%d-%d-%d", d.Word(), d.Word(), d.Word(), 1000+d.Below(1_000_000)),
		OU:        domain + "/" + random.Pick(d, []string{"Users", "Staff", "Service Accounts"}),
	}
}

func seedAccount(d *random.Stream, u *User, a Account) Account {
	a.ObjectGUID = d.UUID()
	a.Department, a.Title = random.Pick(d, departments), random.Pick(d, titles)
	a.Enabled = !u.Archived && !d.Chance(50)
	a.Archived = u.Archived
	a.Locked = d.Chance(5)
	a.Created, a.LastActivity = u.Created, u.LastActivity
	a.Updated = u.Created.Add(time.Duration(d.Fraction() * float64(random.SeededAt.Sub(u.Created))))
	if d.Chance(20) {
		a.Expires = random.SeededAt.AddDate(0, 0, d.Below(365))
	}
	a.Password = Password{
		Weak: d.Chance(30), Exposed: d.Chance(15), Aged: d.Chance(80), NeverEnds: d.Chance(60),
		LastChange: random.SeededAt.AddDate(0, 0, -d.Below(400)),
	}
	if u.Roles[0] == "ProgrammaticUserAccountRole" && a.Source == "ACTIVE_DIRECTORY" {
		a.SPNs = []string{"HTTP/" + strings.ToLower(a.SamAccountName+"."+a.Domain)}
	}
	return a
}

// secondaryName returns the unique name, DOMAIN\login in Active Directory (wire/identity.md#users).
func secondaryName(u *User, login string) string {
	if a := u.Accounts[0]; a.Domain != "" {
		return a.Domain + `\` + login
	}
	return u.Accounts[0].UPN
}

// endpointOf returns the entity of a host. Only Windows hosts are in the directory.
func endpointOf(seed int64, h *hosts.Host) *entity {
	d := random.NewStream(seed, "endpoint/"+h.AgentID, 0)
	e := &entity{host: h, User: User{
		EntityID:             d.UUID(),
		PrimaryDisplayName:   h.Hostname,
		SecondaryDisplayName: h.Hostname,
		RiskScore:            seedScore(d),
		EmailAddresses:       []string{},
		Roles:                []string{"WorkstationRole"},
		Created:              h.FirstSeen,
		LastActivity:         h.LastSeen,
	}}
	switch h.ProductType {
	case "Server":
		e.Roles = []string{"ServerRole"}
	case "Domain Controller":
		e.Roles = []string{"DomainControllerRole"}
	}
	if h.Platform == "Windows" {
		account := directoryAccount(d, tenantDirectories[0].name, h.Hostname+"$")
		account.UPN, account.OU = "", account.Domain+"/Computers"
		account.ObjectGUID, account.Enabled = d.UUID(), true
		account.Created, account.Updated, account.LastActivity = h.FirstSeen, h.LastSeen, h.LastSeen
		e.Accounts = []Account{account}
		e.SecondaryDisplayName = account.Domain + `\` + h.Hostname
	}
	return e
}
