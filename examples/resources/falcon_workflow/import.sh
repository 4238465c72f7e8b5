# A workflow is imported by its id
terraform import falcon_workflow.severe_detections 0123456789abcdef0123456789abcdef

# or by its name.
terraform import falcon_workflow.severe_detections 'name:Notify the team of severe detections'
