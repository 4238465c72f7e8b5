package tenantcheck

import (
	"fmt"
	"net/http"
	"slices"
)

// clientWriteQuestions are those about API clients that only writing settles.
var clientWriteQuestions = []question{
	{"Q01", write, settleSecretKey},
	{"Q05", write, nullDescription},
	{"Q06", write, missingClientWrites},
	{"Q07", write, func(o *observations) finding {
		return o.byStatus("write.client.again", areaClients, created(http.StatusConflict, "a", "b"))
	}},
	{"Q08", write, func(o *observations) finding { return o.goneFinding("write.client.gone", areaClients) }},
	{"Q09", write, func(o *observations) finding { return o.shownFinding("write.client.shown", areaClients) }},
}

// newClient is the API client in a response.
func (o *observations) newClient(probe string) (map[string]any, bool) {
	r, _ := o.last(probe)
	if !r.ok() || len(r.objects()) != 1 {
		return nil, false
	}
	return r.objects()[0], true
}

// onlyKey is the one of several keys that an object has; "" if it has none or more than one.
func onlyKey(object map[string]any, keys ...string) string {
	var has []string
	for _, key := range keys {
		if _, ok := object[key]; ok {
			has = append(has, key)
		}
	}
	if len(has) != 1 {
		return ""
	}
	return has[0]
}

func settleSecretKey(o *observations) finding {
	client, ok := o.newClient("write.client.create")
	if !ok {
		return o.unasked(areaClients)
	}
	key := onlyKey(client, "client_secret", "secret")
	evidence := fmt.Sprintf("the response to the creation has the key %q", key)
	if reset, ok := o.newClient("write.client.reset"); ok {
		if other := onlyKey(reset, "client_secret", "secret"); other != key {
			return open(fmt.Sprintf("%s, that to the reset %q", evidence, other))
		}
		evidence += ", and so has that to the reset"
	}
	if reading := map[string]string{"client_secret": "a", "secret": "b"}[key]; reading != "" {
		return settled(reading, evidence)
	}
	return open("the response to the creation has neither key, or both")
}

func nullDescription(o *observations) finding {
	r, ok := o.last("write.client.null")
	if !ok {
		return o.unasked(areaClients)
	}
	if r.status == http.StatusBadRequest && o.accepted("write.client.rename") {
		return settled("c", "status 400 for a description of null, where a text is accepted")
	}
	client, read := o.newClient("write.client.read")
	if _, changed := o.delayOf("write.client.changed"); !changed || !read {
		return open(fmt.Sprintf("status %d, and the change was not shown", r.status))
	}
	switch description, shown := client["description"]; {
	case description == sandboxNote:
		return settled("b", "the description is unchanged after null")
	case !shown || description == nil || description == "":
		return settled("a", "the description is empty after null")
	}
	return open("the description is another one after null")
}

func missingClientWrites(o *observations) finding {
	var statuses []int
	for _, probe := range []string{"write.missing.update", "write.missing.reset", "write.missing.delete"} {
		r, ok := o.last(probe)
		if !ok {
			return o.unasked(areaClients)
		}
		statuses = append(statuses, r.status)
	}
	evidence := fmt.Sprintf("status %d for an update, %d for a reset, %d for a deletion", statuses[0], statuses[1], statuses[2])
	for reading, want := range map[string][]int{"a": {400, 400, 400}, "b": {404, 404, 404}, "c": {400, 400, 202}} {
		if slices.Equal(statuses, want) {
			return settled(reading, evidence)
		}
	}
	return open(evidence + ", which fits no reading")
}
