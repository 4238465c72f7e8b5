# The document is a file in the same folder, as the console exported it.
resource "falcon_workflow" "severe_detections" {
  definition = file("${path.module}/severe-detections.yaml")
}
