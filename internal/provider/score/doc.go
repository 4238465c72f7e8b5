// Package score has the data sources and ephemeral resources that read risk: Zero Trust Assessment scores of hosts
// (falcon_host_score, falcon_host_scores, falcon_host_score_summary), Identity Protection scores of users (falcon_user_score,
// falcon_user_scores) and domains (falcon_domains, falcon_domain_assessment), and the function netskope_score. It only reads.
//
// Each data source has a file of its own with its model, schema and Read. The two lists of scores are larger:
//
//	host_scores_data_source.go, user_scores_data_source.go   model, schema and Read
//	ephemeral.go                                             the same lists as ephemeral resources
//	host_scores_read.go, user_scores_read.go                 which requests a read sends, and the conversion of its result
//	user_scores_validate.go                                  filters that no user can match
//	host_row.go, user_row.go                                 a row, as a value and as JSON
//	host_summary.go, user_summary.go                         the summary
//	rows.go                                                  the arguments rows and limit, and building lists and JSON
//	numbers.go                                               exact decimals
//	domains.go                                               errors for unknown domains
//
// The requests to Falcon are in internal/falcon (hosts) and internal/falcon/identity (users and domains).
package score
