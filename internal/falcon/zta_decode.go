package falcon

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/go-openapi/runtime"
)

var (
	errNoEnvelope   = errors.New("it is no JSON object with a list of resources")
	errForeignHosts = errors.New("it holds more hosts than were asked for")
)

// assessmentsAnswer is one answer with assessments. A thousand of them are some 5 MB, nearly all of it signals, so it is
// decoded record by record and not kept.
type assessmentsAnswer struct {
	signals bool
	status  int
	found   []HostAssessment
	listed  bool                       // there is a list of them, be it empty
	rest    map[string]json.RawMessage // the answer's fields beside the resources
	err     error                      // why it could not be decoded
}

// as is like [answer.as].
func (a *assessmentsAnswer) as(result any) func(*runtime.ClientOperation) {
	return func(op *runtime.ClientOperation) {
		op.Reader = runtime.ClientResponseReaderFunc(func(r runtime.ClientResponse, _ runtime.Consumer) (any, error) {
			a.status, a.err = r.Code(), a.decode(r.Body())
			return result, nil
		})
	}
}

// result is what [partialEnvelope] and [resources] give for other calls, err being that of the call. told says that
// Falcon explained which hosts it left out.
func (a *assessmentsAnswer) result(ctx context.Context, err error) (found []HostAssessment, told bool, _ error) {
	if err != nil {
		e, ok := asNotFound(err)
		if !ok || unknownPath(e) || a.decode(bytes.NewReader(e.body)) != nil {
			return nil, false, err
		}
		return a.found, true, nil
	}
	if a.err != nil {
		return nil, false, (&envelope{Status: a.status}).unreadable(ctx, a.err)
	}
	frame, err := json.Marshal(a.rest)
	if err != nil {
		return nil, false, fmt.Errorf("read the frame of the assessments: %w", err)
	}
	env, err := (&answer{status: a.status, body: frame}).envelope(ctx)
	if err != nil {
		return nil, false, err
	}
	if err := env.err(ctx); err != nil && !allNotFound(env.Errors) {
		return nil, false, err
	}
	if !a.listed && len(env.Errors) == 0 {
		return nil, false, env.unstated(ctx) // a host that has no assessment is named in the errors
	}
	return a.found, len(env.Errors) > 0, nil
}

func (a *assessmentsAnswer) decode(body io.Reader) error {
	a.found, a.listed, a.rest = nil, false, map[string]json.RawMessage{}
	d := json.NewDecoder(body)
	if err := expect(d, '{'); err != nil {
		return err
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		if key == "resources" {
			if err := a.decodeResources(d); err != nil {
				return err
			}
			continue
		}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return err
		}
		a.rest[fmt.Sprint(key)] = raw
	}
	return expect(d, '}')
}

func (a *assessmentsAnswer) decodeResources(d *json.Decoder) error {
	start, err := d.Token()
	switch {
	case err != nil:
		return err
	case start == nil:
		return nil
	case start != json.Delim('['):
		return errNoEnvelope
	}
	a.listed = true
	for d.More() {
		if len(a.found) > 2*assessmentBatch {
			return errForeignHosts
		}
		if err := a.decodeOne(d); err != nil {
			return err
		}
	}
	return expect(d, ']')
}

// decodeOne skips signals that nobody asked for: the decoder makes nothing of fields that its target lacks.
func (a *assessmentsAnswer) decodeOne(d *json.Decoder) error {
	var w struct {
		wireAssessment
		wireSignals
	}
	target := any(&w)
	if !a.signals {
		target = &w.wireAssessment
	}
	if err := d.Decode(target); err != nil {
		return err
	}
	if w.AID == "" {
		return nil // null, or a record of nobody
	}
	host := w.assessment()
	if a.signals {
		host.OSSignals, host.SensorSignals = signals(w.Items.OSSignals), signals(w.Items.SensorSignals)
	}
	a.found = append(a.found, host)
	return nil
}

func expect(d *json.Decoder, delim json.Delim) error {
	t, err := d.Token()
	if err == nil && t != delim {
		err = errNoEnvelope
	}
	return err
}

type wireAssessment struct {
	AID              looseString `json:"aid"`
	CID              looseString `json:"cid"`
	SerialNumber     looseString `json:"system_serial_number"`
	Platform         looseString `json:"event_platform"`
	ProductType      looseString `json:"product_type_desc"`
	Modified         looseString `json:"modified_time"`
	SensorFileStatus looseString `json:"sensor_file_status"`
	Assessment       struct {
		OS           *whole      `json:"os"`
		SensorConfig *whole      `json:"sensor_config"`
		Overall      *whole      `json:"overall"`
		Version      looseString `json:"version"`
	} `json:"assessment"`
}

type wireSignals struct {
	Items struct {
		OSSignals     []wireSignal `json:"os_signals"`
		SensorSignals []wireSignal `json:"sensor_signals"`
	} `json:"assessment_items"`
}

type wireSignal struct {
	ID            looseString `json:"signal_id"`
	Name          looseString `json:"signal_name"`
	Group         looseString `json:"group_name"`
	Criteria      looseString `json:"criteria"`
	MeetsCriteria looseString `json:"meets_criteria"`
}

func (w wireAssessment) assessment() HostAssessment {
	return HostAssessment{
		AID:              string(w.AID),
		CID:              string(w.CID),
		SerialNumber:     string(w.SerialNumber),
		Platform:         string(w.Platform),
		ProductType:      string(w.ProductType),
		Modified:         string(w.Modified),
		SensorFileStatus: string(w.SensorFileStatus),
		OS:               w.Assessment.OS.int64(),
		SensorConfig:     w.Assessment.SensorConfig.int64(),
		Overall:          w.Assessment.Overall.int64(),
		Version:          string(w.Assessment.Version),
	}
}

func signals(wire []wireSignal) []Signal {
	list := make([]Signal, 0, len(wire))
	for _, s := range wire {
		list = append(list, Signal{
			ID:            string(s.ID),
			Name:          string(s.Name),
			Group:         string(s.Group),
			Criteria:      string(s.Criteria),
			MeetsCriteria: string(s.MeetsCriteria),
		})
	}
	return list
}
