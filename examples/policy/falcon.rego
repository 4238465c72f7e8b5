# METADATA
# description: Rules for the plan of a configuration with falcon_ resources. Each element of deny is a reason to reject it.
package falcon

import rego.v1

# Existing objects count too, so that a plan without changes is checked as well.
objects contains resource if {
	some resource in input.resource_changes
	resource.mode == "managed"
	resource.change.after != null
}

clients contains resource if {
	some resource in objects
	resource.type == "falcon_api_client"
}

workflows contains resource if {
	some resource in objects
	resource.type == "falcon_workflow"
}

name_of(resource) := object.get(resource.change.after, "name", "")

# An attribute is unknown as a whole, or some of its elements are.
unknown(resource, attribute) if {
	value := resource.change.after_unknown[attribute]
	walk(value, [_, true])
}

# The input is a complete plan. Anything else would have nothing to reject.

deny contains "the input is not the output of: terraform show -json PLAN" if not input.planned_values

deny contains "the plan ended with an error" if input.errored

# Every API client has only those write scopes that are listed for it, or for all.

deny contains message if {
	some resource in clients
	some scope in resource.change.after.scopes
	endswith(scope, ":write")
	not write_scope_allowed(name_of(resource), scope)
	message := sprintf("%s: the write scope %s is not listed for %q", [resource.address, scope, name_of(resource)])
}

write_scope_allowed(name, scope) if {
	some key in [name, "*"]
	scope in data.falcon_policy.write_scopes[key]
}

deny contains message if {
	some resource in clients
	unknown(resource, "scopes")
	message := sprintf("%s: the scopes are known only after the apply, so they cannot be checked", [resource.address])
}

# No API client has the scope of a retired product.

deny contains message if {
	some resource in clients
	some scope in resource.change.after.scopes
	split(scope, ":")[0] in data.falcon_policy.retired_products
	message := sprintf("%s: the product of the scope %s is retired", [resource.address, scope])
}

# Every webhook is signed with a key from Terraform. The key itself is in no plan. Its version is null if there was never one.

deny contains message if {
	some resource in objects
	resource.type == "falcon_webhook"
	object.get(resource.change.after, "hmac_secret_wo_version", null) == null
	not unknown(resource, "hmac_secret_wo_version")
	message := sprintf("%s: hmac_secret_wo was never set, so the key that signs its deliveries is not known", [resource.address])
}

# Every workflow is enabled, except those that are listed.

deny contains message if {
	some resource in workflows
	resource.change.after.enabled == false
	not name_of(resource) in data.falcon_policy.disabled_workflows
	message := sprintf("%s: the workflow %q is not enabled", [resource.address, name_of(resource)])
}

deny contains message if {
	some resource in workflows
	unknown(resource, "enabled")
	message := sprintf("%s: whether the workflow is enabled is known only after the apply", [resource.address])
}
