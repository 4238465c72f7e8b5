// Package falconsim simulates a Falcon tenant: it serves the part of the CrowdStrike Falcon API that this provider uses over
// HTTP, keeps its state in memory, and refuses what Falcon refuses.
//
// It is written from the facts in internal/falcon/wire alone and shares no code with the provider's own client, so that a
// misreading of Falcon is not repeated on both sides of a test. The simulator does what those pages label live, recorded, or
// specified. What they leave open is a [Question]: [Options.Readings] chooses the behavior, and the code that decides it has a
// comment "GUESS Qnn".
//
// This package has what needs HTTP or the state of a tenant. Its files are named after the objects of the API:
//
//   - X.go has the operations of the API on X, and X_console.go what a person does with X in the console. The console is
//     served under /_sim and has an exported method on [Server] for each operation, for tests.
//   - server.go, routes.go, request.go, envelope.go, token.go, scopes.go, and rate_limits.go are the way of every request.
//   - faults.go has the faults that tests inject, and request_log.go what they assert on.
//   - readings.go has the open questions.
//
// What depends on neither is in packages of its own, which do not import this one: definition (workflow documents, the catalog
// that they are made of, and the release rules), hosts (hosts and their Zero Trust Assessment), identity (the GraphQL API of
// Identity Protection), fql (filters), and random (repeatable values for seeded objects).
package falconsim
