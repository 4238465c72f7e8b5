// Package identity simulates the GraphQL API of Identity Protection: users, endpoints, domains, and security assessments.
//
//   - schema.graphqls is the part of the published schema that is served. not_simulated.txt has the names that are left out, so
//     that the error for one differs from the error for a name that does not exist.
//   - query.go and run.go parse, check, and execute a query; value.go writes its result; introspection.go describes the schema.
//   - entities.go, assessment.go, filter.go, filters.go, and fields.go have the root fields, their filters, and the fields of
//     objects.
//   - tenant.go, index.go, user.go, and seed.go have the users and endpoints; budget.go has the query-cost budget.
//
// Scopes, HTTP statuses, and headers are in package falconsim: identity.go.
package identity
