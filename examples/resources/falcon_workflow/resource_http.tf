# Sends the new scores of a host in a request of its own: no Store app, no webhook configuration, no signature.
resource "falcon_workflow" "score_changed" {
  name = "Score Changed"

  notify_webhook = {
    trigger = "score_changed"
    http    = { url = "https://receiver.example/falcon" }
  }
}

# A body of its own. Fusion's ${…} is $${…} in Terraform.
resource "falcon_workflow" "severe_detection" {
  name = "Severe detection"

  notify_webhook = {
    event     = "Investigatable/EPP"
    condition = "data['Trigger.Detection.Severity'] > 3"
    http = {
      url     = "https://receiver.example/detections"
      headers = { X-Tenant = "$${data['Trigger.CID']}" }
      body = jsonencode({
        text = "Detection on $${data['Trigger.Detection.EPP.Sensor.Hostname']}"
        id   = "$${data['Trigger.Detection.DetectionID']}"
      })
      success_codes = [200, 202]
    }
  }
}
