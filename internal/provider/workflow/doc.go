// Package workflow has what Terraform manages and reads of Fusion SOAR workflows: the resource, data source and list
// resource falcon_workflow, the data sources falcon_workflow_trigger, falcon_workflow_action and falcon_workflow_document, the action
// falcon_run_workflow and the function workflow_document.
//
// A definition is parsed once where it enters, and is a *fusion.Document from there to Falcon and back.
//
// The type model and the type of the resource are in resource.go. Apart from these, a file refers only to the files below it:
//
//	resource.go             model, schema and CRUD of the resource
//	plan.go                 plans the document and what depends on it
//	list.go                 list resource for terraform query
//	data_source.go          data source for one workflow
//	tenant_bound.go         its attributes for another tenant
//	portable_data_source.go data source for a document with references
//	tenant_names.go         reads what a document needs of the tenant
//	move.go                 moves from the official provider's resource
//	default_names.go        default names of actions, kept in private state
//	plan_checks.go          checks of a plan that need the tenant
//	catalog_rules.go        workflow checks that need the tenant's catalog
//	rules.go                workflow checks: ignore_rules, and how problems are reported
//	errors.go               errors of a create or update
//	validation_errors.go    Falcon's validation errors: the attribute, and the node that each is about
//	convert.go              between the model and Falcon's workflow
//	notify.go               the block notify_webhook: model, schema, and how its document is composed
//	document_type.go        the type of definition, in which two texts can be the same workflow
//	action_data_source.go   data source for an action of the catalog
//	trigger_data_source.go  data source for a trigger of the catalog
//	lookup.go               workflows and actions by name, with the nearest names in the error
//
//	run_action.go           action that runs a workflow
//	run_parameters.go       checks the parameters of a run
//	run_progress.go         messages about a run
//
// document_function.go stands alone.
//
// How a document is parsed, compared and composed, and what the rules check, is in internal/fusion. Which requests create
// and update a workflow, and how lost responses and concurrent changes are settled, is in internal/falcon. Webhook
// configurations are in internal/provider/webhook.
package workflow
