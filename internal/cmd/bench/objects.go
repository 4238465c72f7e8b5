package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"

	"github.com/falcon-integrations/terraform-provider-falcon/internal/falcon"
)

// terraformParallelism is Terraform's default number of objects that it refreshes at a time.
const terraformParallelism = 10

// object is one object of the section of the refresh.
type object struct{ kind, id string }

const (
	kindWorkflow  = "workflow"
	kindAPIClient = "API client"
	kindWebhook   = "webhook configuration"
)

// objectsOf lists the objects that Terraform manages, from the console.
func objectsOf(ctx context.Context, t *tenant) ([]object, error) {
	var list []object
	for kind, path := range map[string]string{kindWorkflow: "/workflows", kindAPIClient: "/api-clients", kindWebhook: "/plugin-configs"} {
		var found []struct {
			ID       string `json:"id"`
			ConfigID string `json:"config_id"`
			Name     string `json:"name"`
		}
		if err := t.console(ctx, http.MethodGet, path, nil, &found); err != nil {
			return nil, err
		}
		for _, o := range found {
			if managed(o.Name) {
				list = append(list, object{kind, o.ID + o.ConfigID})
			}
		}
	}
	return list, nil
}

// objectsEach reads every object with a separate request, as many at a time as Terraform does.
func objectsEach(ctx context.Context, t *tenant, s *session) ([]record, error) {
	if err := s.signIn(ctx); err != nil {
		return nil, err
	}
	return eachObject(ctx, t, func(ctx context.Context, o object) error {
		path, query := "/plugins/combined/configs/v1", url.Values{"limit": {"100"}}
		switch o.kind {
		case kindWorkflow:
			path, query = "/workflows/combined/definitions/v1", url.Values{"filter": {"id:'" + o.id + "'"}}
		case kindAPIClient:
			path, query = "/api-clients/entities/api-clients/v1", url.Values{"ids": {o.id}}
		}
		var response struct {
			Resources []any `json:"resources"`
		}
		err := s.send(ctx, http.MethodGet, path, query, nil, &response)
		if err == nil && len(response.Resources) == 0 {
			err = fmt.Errorf("%s %s is not found", o.kind, o.id)
		}
		return err
	})
}

// objectsShared reads the same objects with our client, which shares requests, as many at a time.
func objectsShared(ctx context.Context, t *tenant, client *falcon.Client) ([]record, error) {
	return eachObject(ctx, t, func(ctx context.Context, o object) (err error) {
		switch o.kind {
		case kindWorkflow:
			_, err = client.Workflow(ctx, o.id)
		case kindAPIClient:
			_, err = client.APIClient(ctx, o.id)
		default:
			_, err = client.PluginConfig(ctx, o.id)
		}
		return err
	})
}

func eachObject(ctx context.Context, t *tenant, read func(context.Context, object) error) ([]record, error) {
	objects, err := objectsOf(ctx, t)
	if err != nil {
		return nil, err
	}
	var workers sync.WaitGroup
	queue := make(chan object)
	errs := make(chan error, len(objects))
	for range terraformParallelism {
		workers.Go(func() {
			for o := range queue {
				errs <- read(ctx, o)
			}
		})
	}
	for _, o := range objects {
		queue <- o
	}
	close(queue)
	workers.Wait()
	close(errs)
	for e := range errs {
		err = errors.Join(err, e)
	}
	records := make([]record, len(objects))
	for i, o := range objects {
		records[i].ID = o.id
	}
	return records, err
}
