package tenantcheck

var apiClientQuestions []question
