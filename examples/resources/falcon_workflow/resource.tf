# The document lies beside the configuration, just as the console exported it.
resource "falcon_workflow" "severe_detections" {
  definition = file("${path.module}/severe-detections.yaml")
}
