package identity

import (
	"slices"
	"strings"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falconsim/hosts"
)

// businessRole is the business role of every human user.
const businessRole = "REGULAR"

func (e *entity) typeName() string {
	if e.host != nil {
		return "EndpointEntity"
	}
	return "UserEntity"
}

func (e *entity) fieldValue(x *Query, f *selectedField) any {
	switch f.name {
	case "accounts":
		return objects(e.Accounts, func(a *Account) graphObject { return a })
	case "archived":
		return e.Archived
	case "associations", "linkedAccountIds", "staticIpAddresses":
		return []string{}
	case "creationTime":
		return e.Created
	case "earliestSeenTraffic":
		return e.Created
	case "emailAddresses":
		return e.EmailAddresses
	case "entityId":
		return e.EntityID
	case "hasADDomainAdminRole":
		return e.hasRole("DomainLevelAdminRole") || e.hasRole("ForestLevelAdminRole")
	case "hasRole":
		return e.matchesRole(f.args)
	case "impactScore":
		return rounded(e.impact(), 2)
	case "inactive":
		return e.Inactive
	case "learned":
		return e.Learned
	case "markTime":
		if e.Watched {
			return e.Created
		}
		return nil
	case "mostRecentActivity":
		return e.LastActivity
	case "primaryDisplayName":
		return e.PrimaryDisplayName
	case "riskFactors":
		return e.shownRiskFactors(f.args)
	case "riskScore":
		return rounded(e.RiskScore, 2) // two decimals (wire/identity.md#scores)
	case "riskScoreSeverity":
		return severityOf(e.RiskScore)
	case "riskScoreWithoutLinkedAccounts":
		return rounded(e.RiskScore, 4)
	case "roles":
		return objects(e.Roles, func(role *string) graphObject { return entityRole(*role) })
	case "secondaryDisplayName":
		return e.SecondaryDisplayName
	case "shared":
		return e.Shared
	case "stale":
		return e.Stale
	case "type":
		return e.kind()
	case "watched":
		return e.Watched
	}
	if e.host != nil {
		return e.endpointField(x, f.name)
	}
	return nil
}

func (e *entity) endpointField(x *Query, name string) any {
	switch name {
	case "agentId":
		return e.host.AgentID
	case "agentVersion":
		return hosts.AgentVersion
	case "cid":
		return x.cid
	case "guestAccountEnabled", "unmanaged":
		return false
	case "hostName":
		return e.host.Hostname
	case "operatingSystemInfo":
		return (*systemInfo)(e.host)
	case "ztaScore":
		if !e.host.NotAssessed {
			return e.host.Overall
		}
	}
	return nil
}

// impact is high for administrators. How Falcon computes it is not published.
func (e *entity) impact() float64 {
	if e.hasRole("AdminAccountRole") {
		return 0.92
	}
	return 0.1
}

// matchesRole reports whether the entity has a role that fits all arguments of hasRole. Roles of a simulated tenant are
// confirmed and have no path and no probability.
func (e *entity) matchesRole(args map[string]any) bool {
	if args["fullPath"] != nil || args["probability"] != nil || args["confirmed"] == false {
		return false
	}
	kind, _ := args["type"].(string)
	return kind == "" && len(e.Roles) > 0 || e.hasRole(kind)
}

func (e *entity) shownRiskFactors(args map[string]any) any {
	factors := e.RiskFactors
	if args["types"] != nil {
		types := listOf(args["types"])
		factors = slices.DeleteFunc(slices.Clone(factors), func(f RiskFactor) bool { return !slices.Contains(types, f.Type) })
	}
	return objects(factors, func(f *RiskFactor) graphObject { return f })
}

func (*RiskFactor) typeName() string { return "EntityRiskFactorImpl" }

func (r *RiskFactor) fieldValue(_ *Query, f *selectedField) any {
	switch f.name {
	case "score":
		return r.Score
	case "severity":
		return r.Severity
	}
	return r.Type
}

// entityRole is a role by its name in EntityRoleType.
type entityRole string

// typeName returns the object type of the role. If the name is that of an interface, the object type ends in Impl.
func (r entityRole) typeName() string { return roleObject(string(r)) }

func (r entityRole) fieldValue(_ *Query, f *selectedField) any {
	switch f.name {
	case "type":
		return string(r)
	case "confirmed":
		return true
	case "builtin":
		return r == "BuiltinAdministratorRole"
	case "businessRole":
		return businessRole
	case "impersonator", "pdc":
		return false
	case "authorizingContainingEntitiesIds", "authorizingGroupIds":
		return []string{}
	}
	return nil
}

func (a *Account) typeName() string {
	switch a.Source {
	case "ACTIVE_DIRECTORY":
		return "ActiveDirectoryAccountDescriptor"
	case "AZURE":
		return "AzureSsoUserAccountDescriptor"
	}
	return "SsoUserAccountDescriptorImpl"
}

func (a *Account) fieldValue(_ *Query, f *selectedField) any {
	switch f.name {
	case "archived":
		return a.Archived
	case "cn":
		return textOrNull(a.SamAccountName)
	case "containingGroupIds", "flattenedContainingGroupIds":
		return []string{}
	case "creationTime":
		return a.Created
	case "dataSource":
		return a.Source
	case "dataSourceConfigurationIdentifier", "dataSourceParticipantIdentifier", "objectGuid":
		return a.ObjectGUID
	case "dataSourceLoginIdentifier", "upn":
		return textOrNull(a.UPN)
	case "department":
		return textOrNull(a.Department)
	case "dn":
		return a.distinguishedName()
	case "domain":
		return textOrNull(a.Domain)
	case "enabled":
		return a.Enabled
	case "expirationTime":
		return a.Expires
	case "lastUpdateTime":
		return a.Updated
	case "lockoutTime":
		if a.Locked {
			return a.Updated
		}
		return nil
	case "mostRecentActivity":
		return a.LastActivity
	case "objectSid":
		return a.ObjectSID
	case "ou":
		return textOrNull(a.OU)
	case "passwordAttributes":
		if a.Source == "ACTIVE_DIRECTORY" {
			return &a.Password
		}
		return nil
	case "samAccountName":
		return a.SamAccountName
	case "servicePrincipalNames":
		return append([]string{}, a.SPNs...)
	case "tenant":
		return textOrNull(a.Tenant)
	case "title":
		return textOrNull(a.Title)
	case "userAccountControl":
		return a.control()
	case "userAccountControlFlags":
		return a.controlFlags()
	}
	return nil
}

func (a *Account) distinguishedName() string {
	_, unit, _ := strings.Cut(a.OU, "/")
	return "CN=" + a.SamAccountName + ",OU=" + unit + ",DC=" + strings.ReplaceAll(strings.ToLower(a.Domain), ".", ",DC=")
}

// controlFlag is a bit of userAccountControl.
type controlFlag struct {
	name string
	bit  int
	set  func(*Account) bool
}

var controlFlags = []controlFlag{
	{"ACCOUNTDISABLE", 0x2, func(a *Account) bool { return !a.Enabled }},
	{"LOCKOUT", 0x10, func(a *Account) bool { return a.Locked }},
	{"NORMAL_ACCOUNT", 0x200, func(a *Account) bool { return !strings.HasSuffix(a.SamAccountName, "$") }},
	{"WORKSTATION_TRUST_ACCOUNT", 0x1000, func(a *Account) bool { return strings.HasSuffix(a.SamAccountName, "$") }},
	{"DONT_EXPIRE_PASSWORD", 0x10000, func(a *Account) bool { return a.Password.NeverEnds }},
}

func (a *Account) control() int {
	bits := 0
	for _, flag := range controlFlags {
		if flag.set(a) {
			bits |= flag.bit
		}
	}
	return bits
}

func (a *Account) controlFlags() []string {
	flags := []string{}
	for _, flag := range controlFlags {
		if a.Source == "ACTIVE_DIRECTORY" && flag.set(a) {
			flags = append(flags, flag.name)
		}
	}
	return flags
}

func (*Password) typeName() string { return "ActiveDirectoryPasswordAttributes" }

func (p *Password) fieldValue(_ *Query, f *selectedField) any {
	switch f.name {
	case "aged":
		return p.Aged
	case "exposed":
		return p.Exposed
	case "lastChange":
		return p.LastChange
	case "mayExpire":
		return !p.NeverEnds
	case "strength":
		if p.Weak {
			return "WEAK"
		}
		return "STRONG"
	}
	return nil
}

// systemInfo is a host as an OperatingSystemInfo.
type systemInfo hosts.Host

func (*systemInfo) typeName() string { return "OperatingSystemInfo" }

func (i *systemInfo) fieldValue(_ *Query, f *selectedField) any {
	switch f.name {
	case "displayName", "name":
		return i.OSVersion
	case "family":
		return familyOf((*hosts.Host)(i))
	case "target":
		if i.ProductType == "Workstation" {
			return "WORKSTATION"
		}
		return "SERVER"
	case "vulnerability":
		return "NONE"
	}
	return nil
}

func textOrNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// objects returns the items of a list as objects of the graph.
func objects[T any](items []T, show func(*T) graphObject) []graphObject {
	list := make([]graphObject, len(items))
	for i := range items {
		list[i] = show(&items[i])
	}
	return list
}
