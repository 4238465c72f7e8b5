// Package tenantcheck finds out what a Falcon tenant can do and which open questions about Falcon's API it settles. The program
// falcon-check prints its report.
//
// A check is a list of steps, one for each area of the API (api_clients.go, workflows.go, ...). A step sends requests through one
// [falcon.Client], which signs in, waits and redacts as in the provider. Under the client is an observer: it stores each response
// under the name of the probe that asked for it (observations). Steps only ask. What the responses mean is decided afterwards, from
// the observations alone:
//
//   - questions.go and the tables of the areas: one entry per open question that can be settled, with a function from the
//     observations to the reading and its evidence. A question is settled only if the observations exclude every other reading;
//     otherwise its answer says what would be needed.
//   - verdicts.go: what works, of the integrations and of each resource and data source.
//   - write*.go: what -write does. sandbox.go has the objects that it creates, sandbox_find.go how they are found by name and proven
//     to be ours, and sandbox_clean.go how they are removed. An object is entered before the request that creates it, a create is
//     sent once, and the removal does not end with the caller's context.
//   - facts.go: what a simulator needs to behave like this tenant.
//
// What does not belong here: flags and printing to a terminal (internal/cmd/falcon-check) and the simulator. Ids, titles and
// readings of questions are those of wire/open-questions.md; a test compares them with falconsim.
package tenantcheck
