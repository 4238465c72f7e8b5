package tenantcheck

var scoreQuestions []question
