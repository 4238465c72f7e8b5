// Package webhook has what Terraform manages of the CrowdStrike Webhook Store app: the resource, data source and list
// resource falcon_webhook and the function webhook_signature.
//
// CrowdStrike publishes a request that lists the configurations of the app and none that writes them
// (internal/falcon/wire/webhooks.md#writing). The resource therefore adopts an existing configuration that equals the
// plan, or tries the unpublished request, or shows the user what to enter in the Falcon console.
//
// The type model and the type of the resource are in resource.go. Apart from these, a file refers only to the files below it:
//
//	resource.go      model, schema and CRUD of the resource
//	plan.go          what a plan reports: adopted, created or refused; the version of the HMAC secret
//	list.go          list resource for terraform query
//	data_source.go   data source for the configurations of all Store apps
//	adopt.go         finds the configuration that a create adopts
//	write.go         sends a create or an update, or explains how to make it in the console
//	messages.go      errors and warnings, and the steps in the console
//	change.go        what an update has to change
//	convert.go       between the model and Falcon's configuration
//	registry.go      which resources of this run have, adopt or delete which configuration
//	secret.go        detects a new HMAC secret without storing it
//	private.go       private state
//	configs.go       lists of Falcon's configurations
//	validators.go    validators of the resource's arguments
//
// signature_function.go stands alone.
//
// The requests to Falcon, and how their outcome is read from the list of configurations, are in internal/falcon. The
// choice webhook_writes, the validator of webhook URLs and everything else that other entities share are in
// internal/provider/core. Workflows that call a webhook are in internal/provider/workflow.
package webhook
