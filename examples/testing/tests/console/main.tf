# One request to the simulator's console: what a person would do in Falcon, or what happens to a host. GET /_sim lists the requests.

variable "method" {
  type    = string
  default = "GET"
}

variable "path" {
  type = string
}

variable "body" {
  type    = any
  default = {}
}

resource "terraform_data" "call" {
  triggers_replace = timestamp() # each run sends its request

  provisioner "local-exec" {
    command = "curl --fail-with-body --silent --show-error --create-dirs --request $METHOD --data \"$BODY\" --output ${local.folder}/${self.id}.json $FALCON_BASE_URL/_sim$TARGET"
    environment = {
      METHOD = var.method
      BODY   = jsonencode(var.body)
      TARGET = var.path
    }
  }
}

locals {
  folder = "${path.module}/.terraform"
}

output "answer" {
  value = jsondecode(file("${local.folder}/${terraform_data.call.id}.json"))
}
