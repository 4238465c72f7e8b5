package tenantcheck

var workflowQuestions []question
