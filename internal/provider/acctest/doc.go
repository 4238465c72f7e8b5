// Package acctest is the kit for tests that run the provider against a simulated tenant. Unit tests inside an entity
// package cannot import it, because it imports the provider; their helpers are in core/coretest.
//
// # Which driver
//
// There are three ways to run the provider. Use the first one that can show the behavior:
//
//   - [WithFakeClock] calls the provider through plugin protocol 6 and passes its requests to the simulator in process,
//     on the fake clock of testing/synctest. Backoff, rate limits and timeouts take no time, goroutines that are left
//     behind fail the test, and any request can be made to fail. A [Harness] is the tenant; [Harness.Start] starts one
//     run of the provider, which is a [Protocol].
//   - [NewProtocol] calls the provider in the same way, but over HTTP to a simulator that [NewSim] starts. Use it for
//     what needs no clock and no failing requests.
//   - Terraform or OpenTofu itself takes seconds. Use terraform-plugin-testing with [Factories] and [ProviderConfig] for
//     the life of a resource, once per resource rather than once per row of a table, and [NewTerraform] for what that
//     library cannot do: examples, saved plans, generated configuration, queries, signals. Such tests are named TestAcc...
//     and run with TF_ACC=1.
//
// # What can go wrong
//
// [Faults] lists everything that can happen to a request: refused and dropped connections, timeouts, rate limits, refusals,
// proxies, truncated and altered bodies. [Transport.SetFault] selects which request meets which fault, [FaultAt] one
// request, and [FindFault] a fault by its name. An [Operation] is what one run of Terraform does to one object;
// [Operation.RunUnderFault] runs it with a fault and checks that the next run completes it and leaves nothing behind.
// Simulators that were started with NewSim have faults of their own: [Inject].
//
// # Scenarios
//
// A [Scenario] is the life of one object as a table of [Step]: configuration, expected plan, expected state, number of
// write requests. [RunScenarios] runs such a table on the fake clock, with a new run of the provider for every step and a
// second plan that must be empty.
//
// # What to assert
//
// Count requests ([CountRequests], [Harness.CountRequests]), not time. Compare what the tenant holds afterwards
// ([Harness.DescribeManaged]). [Harness.CheckDiagnostics] rejects diagnostics that contain secrets, control characters or
// the text of a Go error.
package acctest
