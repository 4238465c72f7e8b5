package core

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

// APIClientType is the resource type of API clients.
const APIClientType = "falcon_api_client"

// addExistsError reports that a name is taken, and how to adopt the object.
// typeName is the resource type, such as falcon_api_client.
func addExistsError(diags *diag.Diagnostics, typeName string, exists *falcon.ExistsError) {
	detail := fmt.Sprintf("%s named %q already exists", sentenceStart(exists.Kind), exists.Name)
	if len(exists.IDs) > 0 {
		detail += " (id " + strings.Join(exists.IDs, ", ") + ")"
	}
	if exists.Err == nil {
		detail += ". Nothing was sent."
	} else {
		detail += ": " + Sentence(exists.Err.Error())
	}
	detail += "\n\n" + replacementHelp(exists.Kind) + "\n\n" + ImportHelp(typeName, exists.IDs) + "\n\nOtherwise choose another name."
	diags.AddAttributeError(Attribute("name"), "Name already taken", detail)
}

// replacementHelp covers the case that the object that this resource replaces holds the name. The provider cannot detect
// it: Terraform does not pass the replaced object to the create of the new one.
func replacementHelp(kind string) string {
	return fmt.Sprintf("If the name is held by the object that this resource replaces, do not import that one: with create_before_destroy, its own or one inherited "+
		"from a resource that depends on it, the new %[1]s is created while the old one still has the name. Remove create_before_destroy, or change the name together with what replaces the %[1]s. "+
		"If the object is being destroyed in the same run under another address, use a moved block instead, or apply again.", kind)
}

// ImportHelp returns the command that imports an existing object.
func ImportHelp(typeName string, ids []string) string {
	id := "ID"
	if len(ids) > 0 {
		id = ids[0]
	}
	return fmt.Sprintf("To manage an existing object from here, import it (put your own resource name for \"this\"):\n\n  terraform import %s.this %s", typeName, id)
}

// sentenceStart returns a kind of object with its article, capitalized.
func sentenceStart(kind string) string {
	switch kind[:1] {
	case "A", "a", "e", "i", "o", "u":
		return "An " + kind
	}
	return "A " + kind
}

// AddCreateError reports a failed create, with the import command if an object of the name exists or may exist.
func AddCreateError(diags *diag.Diagnostics, typeName, summary string, err error) {
	var exists *falcon.ExistsError
	var unsettled *falcon.UnsettledError
	var twice *falcon.DuplicateNameError
	switch {
	case errors.As(err, &exists):
		addExistsError(diags, typeName, exists)
	case errors.As(err, &twice):
		diags.AddAttributeError(Attribute("name"), "Name used twice", Sentence(twice.Error())+
			" Two resources of this configuration have the same name, or one module is used twice. Give each its own name.")
	case errors.As(err, &unsettled):
		diags.AddError(summary, unsettledHelp(typeName, unsettled))
	default:
		diags.AddError(summary, Sentence(err.Error()))
	}
}

// unsettledHelp says what to do about an object that may exist, or may still appear.
func unsettledHelp(typeName string, e *falcon.UnsettledError) string {
	detail := Sentence(e.Error())
	if len(e.IDs) == 0 {
		detail += fmt.Sprintf("\n\nIf there is no %s named %q after a few minutes, apply again: it is then created.", e.Kind, e.Name)
	}
	detail += "\n\n" + ImportHelp(typeName, e.IDs)
	if typeName == APIClientType {
		detail += "\n\nIts secret is lost with the response: after the import, change secret_rotation to get a new one."
	}
	return detail
}
