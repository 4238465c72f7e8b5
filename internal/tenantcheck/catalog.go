package tenantcheck

var catalogQuestions []question
