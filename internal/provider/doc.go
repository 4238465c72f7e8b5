// Package provider implements the provider block: its arguments, the environment variables behind them, signing in, and the
// list of resources, data sources, ephemeral resources, list resources, actions and functions.
//
// The types themselves are in one package per entity (apiclient, webhook, workflow, score, integration), and what they share
// is in core. The Falcon API is in internal/falcon. Tests in this package cover several entities at once: faults, open
// questions, secrets, interruptions, the examples.
package provider
