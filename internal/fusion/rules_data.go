package fusion

// says returns a part of a document with an action that prints text.
func says(text string) string {
	return "actions:\n  Print: {" + printText + "{text_data: \"" + text + "\"}}"
}

// onNGSIEM is says with the trigger of NG-SIEM detections.
func onNGSIEM(text string) string {
	return "trigger: {type: Signal, event: Investigatable/NGSIEM, version_constraint: ~1, next: [Print]}\n" + says(text)
}

// after is says after another action.
func after(keys, text string) string {
	return "actions:\n  First: {" + keys + ", next: [Print]}\n  Print: {" + printText + "{text_data: \"" + text + "\"}}"
}

// referenceRules are about references to data.
var referenceRules = []Rule{
	{
		ID: "R50", Level: Advice, Title: "References have the form ${data['Node.field']}",
		Fix:  "Write `${data['Node.field']}`, or `${data[?'Node.field'].orValue('')}` if the value may be missing.",
		Bad:  says("$(data['Workflow.Execution.ID'])"),
		Good: says("${data['Workflow.Execution.ID']}"),
	},
	{
		ID: "R51", Level: Advice, Title: "${Trigger.…} is a whole value",
		Fix:  "Inside a longer string, write `${data['Trigger.…']}`.",
		Bad:  says("CID ${Trigger.CID}"),
		Good: says("CID ${data['Trigger.CID']}"),
	},
	{
		ID: "R52", Level: Release, Live: true, Title: "Variables are declared",
		Fix:  "Declare the variable in the `variable_schema` of a Create variable action, or set it in a `WorkflowCustomVariable` block.",
		Bad:  says("${data['WorkflowCustomVariable.host']}"),
		Good: after("id: 702d15788dbbffdf0b68d8e2f3599aa4, class: CreateVariable, version_constraint: ~1, properties: {variable_schema: {type: object, properties: {host: {type: string}}}}", "${data['WorkflowCustomVariable.host']}"),
	},
	{
		ID: "R53", Level: Release, Live: true, Title: "An index is outside the quotes",
		Fix:  "Write `${data['Node.results'][0].field}`.",
		Bad:  after(eventQuery, "${data['First.results.0.host']}"),
		Good: after(eventQuery, "${data['First.event_count'] > 0 ? data['First.results'][0].host : ''}"),
	},
	{
		ID: "R54", Level: Release, Live: true, Catalog: true, Title: "The trigger has the field",
		Fix:  "Use a field of the trigger; the message suggests similar ones, and the data source `falcon_workflow_trigger` lists all.",
		Bad:  onNGSIEM("${data['Trigger.Detection.NGSIEM.RemoteIP']}"),
		Good: onNGSIEM("${data['Trigger.Detection.Name']}"),
	},
	{
		ID: "R55", Level: Release, Live: true, Title: "NG-SIEM detections have no Product and no Description",
		Fix:  "Write the product, `NGSIEM`, as a constant. Both fields exist on the event `Investigatable`.",
		Bad:  onNGSIEM("${data['Trigger.Detection.Product']}"),
		Good: onNGSIEM("${data['Trigger.Detection.Name']}"),
	},
	{
		ID: "R56", Level: Release, Live: true, Title: "NG-SIEM detections have no MITRE fields",
		Fix:  "Read the tactic and technique from the results of an event query. The catalog lists the fields, but Falcon rejects them.",
		Bad:  onNGSIEM("${data['Trigger.Detection.MitreAttack.Tactic']}"),
		Good: onNGSIEM("${data['Trigger.Detection.Name']}"),
	},
	{
		ID: "R57", Level: Release, Live: true, Title: "NG-SIEM detections have no Trigger.Category.Investigatable",
		Fix:  "Use the fields under `Trigger.Detection`. For a pinned `Investigatable/EPP`, this is only a warning.",
		Bad:  onNGSIEM("${data['Trigger.Category.Investigatable.Name']}"),
		Good: onNGSIEM("${data['Trigger.Detection.Name']}"),
	},
	{
		ID: "R58", Level: Release, Live: true, Title: "A pinned action has short output paths",
		Fix:  "Leave the namespace out: `Node.devices` instead of `Node.Device.query.devices`.",
		Bad:  after("id: 68ffa99af40c84b36462daa076f535d0, version_constraint: ~1", "${data['First.Device.query.devices']}"),
		Good: after("id: 68ffa99af40c84b36462daa076f535d0, version_constraint: ~1", "${data['First.devices']}"),
	},
	{
		ID: "R59", Level: Release, Live: true, Title: "FaaS is capitalized",
		Fix:  "Write `FaaS`: field names are case-sensitive.",
		Bad:  after("id: 0123456789abcdef0123456789abcdef", "${data['First.faas.nlpassistantapi.completion']}"),
		Good: after("id: 0123456789abcdef0123456789abcdef", "${data['First.FaaS.nlpassistantapi.completion']}"),
	},
	{
		ID: "R60", Level: Advice, Title: "After a join, outputs of branches are read through variables",
		Fix: "Store the value in a variable in its branch, and read the variable after the join.",
		Bad: "trigger: {type: On demand, next: [One, Two]}\nactions:\n  One: {id: 0123456789abcdef0123456789abcdef, next: [Print]}\n" +
			"  Two: {id: 0123456789abcdef0123456789abcdef, next: [Print]}\n  Print: {" + printText + "{text_data: \"${data['One.name']}\"}}",
		Good: after("id: 0123456789abcdef0123456789abcdef", "${data['First.name']}"),
	},
	{
		ID: "R61", Level: Advice, Title: "Outputs of a Foundry API integration have the long path",
		Fix:  "Write `Node.API_Integration.Custom_<Name>.<operation>.body`.",
		Bad:  after("id: api_integrations.Okta.listUsers", "${data['First.body']}"),
		Good: after("id: 0123456789abcdef0123456789abcdef", "${data['First.API_Integration.Custom_Okta.listUsers.body']}"),
	},
}

// expressionRules are about CEL.
var expressionRules = []Rule{
	{
		ID: "R62", Level: Release, Title: "A list is not compared with a string",
		Fix:  "Test the list with `.size() > 0`, or use one of its items.",
		Bad:  onNGSIEM("${data['Trigger.Detection.NGSIEM.SourceIPs'] != '' ? 'a' : 'b'}"),
		Good: onNGSIEM("${data['Trigger.Detection.NGSIEM.SourceIPs'].size() > 0 ? 'a' : 'b'}"),
	},
	{
		ID: "R63", Level: Advice, Title: "has() takes a field",
		Fix:  "Write `has(data['Node.x'].field)`, or `data[?'Node.x'].hasValue()`.",
		Bad:  after("id: 0123456789abcdef0123456789abcdef", "${has(data['First.body']) ? 'a' : 'b'}"),
		Good: after("id: 0123456789abcdef0123456789abcdef", "${has(data['First.body'].name) ? 'a' : 'b'}"),
	},
	{
		ID: "R65", Level: Advice, Title: "CEL expressions use supported syntax",
		Fix:  "Use `data[?'…'].orValue(…)` instead of `??` and patterns without lookaround, and test the size of a list before `[0]`.",
		Bad:  after("id: 0123456789abcdef0123456789abcdef", "${data['First.name'] ?? 'none'}"),
		Good: after("id: 0123456789abcdef0123456789abcdef", "${data[?'First.name'].orValue('none')}"),
	},
}

const cloudHTTP = "id: 1ba474f407d9228fc8fa02cdce8ae8ef, class: Inline.HTTPRequest, version_constraint: ~1, properties: "

const getURL = "request_http_method: GET, request_url: 'https://api.corp.internal/v1', request_content_type: NONE"

// httpRules are about HTTP requests.
var httpRules = []Rule{
	{
		ID: "R66", Level: Release, Title: "An HTTP request has a method and a content type",
		Fix:  "Set `request_http_method` and `request_content_type` in `http_transaction`.",
		Bad:  one("Get", cloudHTTP+"{http_transaction: {request_url: 'https://api.corp.internal/v1', request_http_method: GET}}"),
		Good: one("Get", cloudHTTP+"{http_transaction: {"+getURL+"}}"),
	},
	{
		ID: "R67", Level: Release, Live: true, Title: "Response fields have a schema",
		Fix:  "Describe the response in `_cs_inline_output_schema` of `http_transaction`, as JSON. `response_status_code` and `raw_response_body` need no schema.",
		Bad:  after(cloudHTTP+"{http_transaction: {"+getURL+"}}", "${data['First.user.name']}"),
		Good: after(cloudHTTP+"{http_transaction: {"+getURL+", _cs_inline_output_schema: '{\"type\":\"object\"}'}}", "${data['First.user.name']}"),
	},
	{
		ID: "R68", Level: Release, Live: true, Title: "Paths of response fields do not contain .HTTP.body.",
		Fix:  "Write the direct path: `Node.user.name`.",
		Bad:  after(cloudHTTP+"{http_transaction: {"+getURL+", _cs_inline_output_schema: '{\"type\":\"object\"}'}}", "${data['First.HTTP.body.user.name']}"),
		Good: after(cloudHTTP+"{http_transaction: {"+getURL+", _cs_inline_output_schema: '{\"type\":\"object\"}'}}", "${data['First.user.name']}"),
	},
	{
		ID: "R70", Level: Advice, Title: "Credential ids have 32 hexadecimal digits",
		Fix:  "Create the credential in the console and use its id, or remove `definition_id`: a cloud request may have no credential.",
		Bad:  one("Get", cloudHTTP+"{definition_id: MY_CREDENTIAL, http_transaction: {"+getURL+"}}"),
		Good: one("Get", cloudHTTP+"{definition_id: 0123456789abcdef0123456789abcdef, http_transaction: {"+getURL+"}}"),
	},
	{
		ID: "R71", Level: Advice, Live: true, Title: "A CrowdStrike HTTP Request has an absolute URL without a query string, and a credential",
		Fix: "Use the full URL of the region, move the query string to `request_query`, and set the credential.",
		Bad: one("Get", crowdHTTP+"{config_id: 0123456789abcdef0123456789abcdef, http_transaction: {request_http_method: GET, request_content_type: NONE, request_url: '/alerts/queries/alerts/v2?limit=1'}}"),
		Good: one("Get", crowdHTTP+"{config_id: 0123456789abcdef0123456789abcdef, http_transaction: {request_http_method: GET, request_content_type: NONE, "+
			"request_url: 'https://api.us-2.crowdstrike.com/alerts/queries/alerts/v2', request_query: {a: {name: limit, value: '1'}}}}"),
	},
}

const crowdHTTP = "id: ad9b77de3da84531b79740e5b4076571, class: Inline.HTTPRequest, version_constraint: ~1, properties: "

// eventQuery has the keys of an event query.
const eventQuery = "id: cdf5c3e0d69f156eaaf56c1f5d3f1b66, class: Inline.QueryEvent, version_constraint: ~1, " +
	"inline_configuration: {config: {search_query: '#event_simpleName=ProcessRollup2 | tail(5)', repo_or_view: search-all, start: 7d, end: now}}"

func queryFor(text, properties string) string {
	return "actions:\n  Search:\n    id: cdf5c3e0d69f156eaaf56c1f5d3f1b66\n    class: Inline.QueryEvent\n    version_constraint: ~1\n" + properties +
		"    inline_configuration:\n      config: {search_query: '" + text + "', repo_or_view: search-all, start: 7d, end: now}"
}

// queryRules are about event queries.
var queryRules = []Rule{
	{
		ID: "R73", Level: Release, Live: true, Title: "A query is in inline_configuration",
		Fix:  "Set `search_query`, `repo_or_view`, `start` and `end` in `inline_configuration.config`, not `query`, `repo` and `time_range` in `properties`.",
		Bad:  one("Search", "id: cdf5c3e0d69f156eaaf56c1f5d3f1b66, class: Inline.QueryEvent, version_constraint: ~1, properties: {query: '#repo=base_sensor', repo: search-all, time_range: 7d}"),
		Good: one("Search", eventQuery),
	},
	{
		ID: "R74", Level: Release, Live: true, Title: "A query has a text, a repository, a start and an end",
		Fix: "Set all of `search_query`, `repo_or_view`, `start` (such as `7d`) and `end` (such as `now`). `logscale_search_start_time` does not replace them.",
		Bad: one("Search", "id: cdf5c3e0d69f156eaaf56c1f5d3f1b66, class: Inline.QueryEvent, version_constraint: ~1, "+
			"inline_configuration: {config: {search_query: '#repo=base_sensor', repo_or_view: search-all}}"),
		Good: one("Search", eventQuery),
	},
	{
		ID: "R75", Level: Release, Live: true, Title: "The output of a query is results",
		Fix:  "Read `${data['Node.results'][0].field}`; `raw_results`, `event_count` and `file_csv` exist too.",
		Bad:  after(eventQuery, "${data['First.events'].size()}"),
		Good: after(eventQuery, "${data['First.results'].size()}"),
	},
	{
		ID: "R76", Level: Advice, Title: "Every ?argument of a query has a property",
		Fix:  "Add a property with the name of the argument: the default `*` matches everything.",
		Bad:  queryFor("#repo=base_sensor aid=?agent", ""),
		Good: queryFor("#repo=base_sensor aid=?agent", "    properties: {agent: \"${data['Trigger.CID']}\"}\n"),
	},
	{
		ID: "R77", Level: Advice, Live: true, Title: "A detection is found by Ngsiem.alert.id",
		Fix:  "Compare `Ngsiem.alert.id`: it contains the detection id of the trigger.",
		Bad:  queryFor("Ngsiem.detection.id=?id", "    properties: {id: \"${data['Trigger.Detection.DetectionID']}\"}\n"),
		Good: queryFor("Ngsiem.alert.id=?id", "    properties: {id: \"${data['Trigger.Detection.DetectionID']}\"}\n"),
	},
	{
		ID: "R78", Level: Advice, Title: "Alerts by severity come from the alerts API",
		Fix:  "Use a CrowdStrike HTTP Request to `/alerts/queries/alerts/v2`: the repository may have no alerts.",
		Bad:  queryFor("#repo=xdr_indicatorsrepo severity>50", ""),
		Good: queryFor("#repo=base_sensor event_platform=Win", ""),
	},
}
