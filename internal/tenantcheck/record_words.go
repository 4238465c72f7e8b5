package tenantcheck

import (
	"regexp"
	"strings"
)

// wordSet is a set of lowercase words.
type wordSet map[string]bool

func words(text string) wordSet {
	set := wordSet{}
	for word := range strings.FieldsSeq(text) {
		set[word] = true
	}
	return set
}

// has reports whether a word, or the singular of it, is in the set.
func (w wordSet) has(word string) bool {
	word = strings.ToLower(word)
	if stem, plural := strings.CutSuffix(word, "ies"); plural && w[stem+"y"] {
		return true
	}
	return w[word] || w[strings.TrimSuffix(word, "s")] || w[strings.TrimSuffix(word, "es")]
}

// termWords are the words of which the names in Falcon's API are made: keys of responses, properties of actions, fields of triggers,
// and ids of scopes. They come from the models of gofalcon and from the pages of internal/falcon/wire. A name with any other word may
// be the tenant's own, and is replaced.
//
// Names of people and of products of other vendors are left out on purpose. So are digits, which are part of most host names.
var termWords = words(`
	support average num estimated column accessible 	export execute trust oauth2 aged load ancestor arch args array boolean builtin business cel continue partial credit cron delimiter
	department directive disable empty encoding exposed grant health helper inactive incoming outgoing integer iteration ip4 ip6 kept
	learned linked lockout mask membership most nonrecoverable operating pending position repeatable repo retryable resume responder
	receive reboot redirecting sequential shared sleep spn stale static strength submodel syntax undefined unmanaged view wait watched
	else each git goal weak vulnerable windows linux workstation ng has if is or x y or compound snapshot ticket tested sca mac meets
	reference pod	access account action active activity actor address administrator affected after agent aggregate aid ai alert algorithm all alloc
	allow analyst annotation any api app application archived are argument artifact assessment asset assigned assignee associated async
	at attachment attack attempt attribute audit auth authentication authorization authorizations automation available aws azure base
	basic before behavior block body bound bounds bucket budget build by calculated call campaign cancel canceled case catalog category
	cause cc ccid change changed checksum child children cid class classification client cloud cluster code collection collector
	combined command comment completed complete completion component condition confidence config configuration configured connection
	constraint consumed consumer container containment content control correlation cost count country created creation credential criteria
	criticality crowd crowdstrike cspm current cursor custom customer cvss cycle d4c data date day deduplicate default defined definition
	delete deleted delivery denied deny dependency deployment deprecated deprovision depth desc description destination detail detect
	detected detection device digest disabled disconnected discover discriminator display disruptive dns document domain download draft
	duration edge edr effect eligible email emailed enabled enable end endpoint engine enrichment entitlement entity enum epp error evaluated
	event evidence example excluded exclusion execution expires expiration exposure expression extended extension external factor failed
	failure falcon falconx family fdr feature field file filepath filename filter fim finding finished firewall first flag flight flow
	folder form format foundry fql from function functionality future gateway generated global graph graphql group hash has header
	hidden high hit hmac hook host hostname hour hub humio hygiene id identifier identity idp image importance impact in incident include
	include indicator ineligible info information initial input installation installed installer instance integration integrity intel
	intelligence intercept internal interval investigatable investigation invoked invocation ioa ioc iom ip ipv4 ipv6 is issue issued item
	job json k8s kernel key kill kind known kubernetes label language last latest legacy level library license lifetime likelihood limit
	line link list local location log login logo logon loop low mac machine major malquery management manager map mapped mark marked
	max maximum md5 medium member message meta metadata method mgmt min minimum minor minute missing mitre ml mobile mock mode model
	modified modify module monitored monitoring month more mssp msg multi multiple mutable name namespace native network new next ngsiem no
	node none not note notification notify null number object observed occurrence ods of offset old on open operation operator option order
	organization origin original os other ou outcome output over overall owner packages page pagination param parameter parent parent part
	party password path pattern payload percent percentage permission phishing ping placeholder plan platform playbook plugin policy portable
	posture powered prem prefix previous primary principal priority privilege privileged process product profile progress promote
	properties property protection protocol provider provision proxy public published quarantine query queue quick quota range rank rate
	raw read reason real received recipient recommendation recon reduced reference region register registered registration registry related
	relation release remaining remediation remote removed reply report repository request required resolution resolved resource response
	restricted result results retention retired retries retry revision rfm risk role root route row rtr rule run runtime safe sam sample
	sandbox sanitize scan schedule scheduled schema scope score script search second secondary secret section security seen selected
	selection self semantic sensor sent sequence serial server service session setting severity sha sha1 sha256 shown sid siem sign signal
	signature signing single size skip sort source spec speed spotlight stage start started state statement status step store storage
	stream streaming string structure sub subdomain subject submitted subtype success sum summary supported suppression system tactic tag
	tailored target task technique template tenant terminated test text third thirdparty threat threshold time timeout timeline timestamp
	timezone title to token total trace tree triage trigger triggered trust type ui uid uncontained unique unit unknown unresolved update
	updated updater upn upload upper lower uri url use used user usermgmt username uses usecase using utc uuid validation value variable
	vendor verdict verified version visibility vulnerability warning webhook web when window with within without workflow write writes
	xdr year yaml zero zone zta quickscanpro osscore uniq visited seen samplestore kubernetes consumed points remaining good severity
	scan investigate inventory preferences account accounts bulk case cases usb o365 microsoft app admission admin trending
	exceeded recipientlist messages prevention real-time center bios chassis manufacturer cpu gcid desktop functionalities device machine
	identifierlist automox likelihoods distinguished surface malicious parenthood grandparent image filename command lines triggering
	secondaries dn ad active directory entra okta policyname registration falconaudit cs inline http`)

// messageWords are the words of the error messages that are known (internal/falcon/wire), and the plain words of such sentences.
// What is not among them may be a name, and is replaced.
var messageWords = words(`
	host user device agent configuration assessment 	a about above accepted access action activities activity additional after already allowed an and another any api app application are
	argument argued array as at authenticate authentication authorization authorized bad be bearer because been before below between body
	but by call can cannot case character characters check child class client code column comma complete condition conditions config
	configuration conflict constraint contain contained contains content could create created credential credentials current
	data default defined definition definitions delete deleted denied deprecated did disabled disjoint do does domain duplicate
	either email empty enable enabled end entity error errors event exceed exceeded exceeds execution execute exclusive exist existing exists
	expected expired expression fail failed field fields file filter first flow following for forbidden format found fql from function
	gateway generate given graphql greater group has have header id identifier identity ids if import in incorrect input insufficient internal
	into invalid is issue it its json key large last least length less level license licensed limit line list long longer loop macro
	malformed many map mapping marked match matching maximum may member message method minimum missing more most must name named names
	needs network new next no node non not nothing null number object of off offset on once one only operation operator option or order other
	outgoing overload page parameter parameters parse parser parsing path permission permissions permitted please plugin
	pointer policy position possible property properties provide provided query quota range rate raw re read reached reference refused
	rejected remove repeat repo request requests required requires resource resources response retry run running save saved schedule
	scheduled schema scope scopes search second secret select sent sequence server service set short should signal size small sort
	start state status string support supported syntax system template term text than that the their then there these this time timed
	timeout timer to token too top trace trigger triggered triggers try type unable unauthorized unavailable unexpected union unknown
	unmarshal unprocessable unsupported until update updated upgrade url use used user using valid validate validation value values
	variable version view was webhook were when where which while with without workflow workflows write wrong yaml yml you your zero
	cost budget demand reenable re-enable acceptable offered expression supplied syntax go into type value looking beginning invalid
	permitted ip csrf found page internal bytes timer_event_definition on-demand json: yaml: fql: go-yaml re-enable trace-id`)

// separators are between the words of a name, such as "Case > Case Created".
var separators = regexp.MustCompile(`[_\-./: >()]+`)

// isTerm reports whether a name consists of known words: config_id, Trigger.Category.ZeroTrust, api-client-mgmt:read.
func isTerm(name string) bool {
	if name == "" || len(name) > 160 {
		return false
	}
	found := false
	for _, part := range separators.Split(name, -1) {
		if part != "" && !isWord(part) {
			return false
		}
		found = found || part != ""
	}
	return found
}

// Forms of the keys of JSON objects and of the paths of fields. Host names have hyphens, and names that people choose have spaces.
var (
	keyForm  = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	pathForm = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.]*$`)
)

// isKey reports whether the key of an object is one of the API's.
func isKey(key string) bool { return keyForm.MatchString(key) && isTerm(key) }

// isPath reports whether the path of a field is one of the API's.
func isPath(path string) bool { return pathForm.MatchString(path) && isTerm(path) }

// isWord reports whether a part of a name is a known word, or known words in camel case: OverallScore, OSScore, SourceIPs.
func isWord(part string) bool {
	if termWords.has(part) {
		return true
	}
	rest := part
	for rest != "" {
		piece := firstWord(rest)
		if piece == "" {
			return false
		}
		rest = rest[len(piece):]
	}
	return true
}

// firstWord returns the longest known word at the start of a name in camel case, and "" if there is none. It ends before an uppercase
// letter: score is not a word of scorecard.
func firstWord(name string) string {
	for end := len(name); end > 1; end-- {
		if end < len(name) && !isUpper(name[end]) {
			continue
		}
		if termWords.has(name[:end]) {
			return name[:end]
		}
	}
	return ""
}

func isUpper(b byte) bool { return b >= 'A' && b <= 'Z' }
