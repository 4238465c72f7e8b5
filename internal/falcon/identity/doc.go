// Package identity reads users, their risk scores, and domains from Falcon Identity Protection, through its GraphQL API
// (wire/identity.md#transport). Its queries are sent by [falcon.Client.GraphQL], which knows about tokens, retries, and the
// query-cost budget; package falcon does not import this one.
//
// client.go has the client, query.go the queries, filter.go and page.go the conversions from and to the API, read.go,
// summary.go, lookup.go, and domains.go the operations. Many users are read by package scan; dividers.go says by which
// properties they are divided.
package identity
