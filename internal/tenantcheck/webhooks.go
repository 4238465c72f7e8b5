package tenantcheck

var webhookQuestions []question
