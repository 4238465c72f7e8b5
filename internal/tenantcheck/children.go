package tenantcheck

var childrenQuestions []question
