package provider

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/vmihailenco/msgpack/v5"
)

// Server gives the provider as Terraform talks to it, for serving: the
// framework's server, with long lists of rows taken around it (see rowsAside).
func Server(version string) func() tfprotov6.ProviderServer { return serverOf(New(version)()) }

func serverOf(p provider.Provider) func() tfprotov6.ProviderServer {
	framework := providerserver.NewProtocol6(p)
	return func() tfprotov6.ProviderServer {
		plain := framework()
		if whole, ok := plain.(frameworkServer); ok {
			return &server{whole}
		}
		return plain // works the same, with more memory
	}
}

// frameworkServer is all that the framework's server can do. Terraform finds
// what is not part of ProviderServer by asking for these interfaces.
type frameworkServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
	tfprotov6.StateStoreServer
}

type server struct{ frameworkServer }

func (s *server) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	ctx, aside := withRowsAside(ctx)
	resp, err := s.frameworkServer.ReadDataSource(ctx, req)
	if err == nil {
		err = aside.putBack(resp.State)
	}
	return resp, err
}

func (s *server) OpenEphemeralResource(ctx context.Context, req *tfprotov6.OpenEphemeralResourceRequest) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	ctx, aside := withRowsAside(ctx)
	resp, err := s.frameworkServer.OpenEphemeralResource(ctx, req)
	if err == nil {
		err = aside.putBack(resp.Result)
	}
	return resp, err
}

// rowsAside are the rows of a long list, each encoded as the framework encodes
// it, on their way around the framework. That holds a list several times over,
// as values in maps, while it compares and encodes it: 1.5 GB for 50,000 users.
// A row at a time, it needs little more than the encoded list itself.
type rowsAside struct {
	attribute string // "" if there is no such list
	rows      [][]byte
}

type rowsAsideKey struct{}

func withRowsAside(ctx context.Context) (context.Context, *rowsAside) {
	aside := new(rowsAside)
	return context.WithValue(ctx, rowsAsideKey{}, aside), aside
}

// rowList is the list of n rows for the attribute of this name at the top of a
// result. Where the rows can be put aside the list is null, and the server puts
// them into the result afterwards.
func rowList(ctx context.Context, name string, kind types.ObjectType, n int, row func(i int) map[string]attr.Value) (types.List, error) {
	aside, ok := ctx.Value(rowsAsideKey{}).(*rowsAside)
	if !ok {
		values := make([]attr.Value, 0, n)
		for i := range n {
			values = append(values, types.ObjectValueMust(kind.AttrTypes, row(i)))
		}
		return types.ListValueMust(kind, values), nil
	}
	wire := kind.TerraformType(ctx)
	rows := make([][]byte, 0, n)
	for i := range n {
		value, err := types.ObjectValueMust(kind.AttrTypes, row(i)).ToTerraformValue(ctx)
		if err != nil {
			return types.ListNull(kind), fmt.Errorf("row %d of %s: %w", i, name, err)
		}
		encoded, err := tfprotov6.NewDynamicValue(wire, value)
		if err != nil {
			return types.ListNull(kind), fmt.Errorf("row %d of %s: %w", i, name, err)
		}
		rows = append(rows, encoded.MsgPack)
	}
	aside.attribute, aside.rows = name, rows
	return types.ListNull(kind), nil
}

// putBack puts the rows, if there are any, into a result that has null in
// their place.
func (a *rowsAside) putBack(result *tfprotov6.DynamicValue) error {
	if a.attribute == "" || result == nil {
		return nil
	}
	size := len(result.MsgPack)
	for _, row := range a.rows {
		size += len(row)
	}
	var out bytes.Buffer
	out.Grow(size + 5) // the length of the list may take 5 bytes
	if err := a.merge(&out, result.MsgPack); err != nil {
		return fmt.Errorf("could not put the rows of %s into the result: %w", a.attribute, err)
	}
	result.MsgPack = out.Bytes()
	return nil
}

func (a *rowsAside) merge(out *bytes.Buffer, result []byte) error {
	from, to := msgpack.NewDecoder(bytes.NewReader(result)), msgpack.NewEncoder(out)
	n, err := from.DecodeMapLen()
	if err != nil {
		return err
	}
	if err := to.EncodeMapLen(n); err != nil {
		return err
	}
	found := false
	for range n {
		name, err := from.DecodeString()
		if err != nil {
			return err
		}
		value, err := from.DecodeRaw()
		if err != nil {
			return err
		}
		if err := to.EncodeString(name); err != nil {
			return err
		}
		if name != a.attribute {
			out.Write(value)
			continue
		}
		found = true
		if err := to.EncodeArrayLen(len(a.rows)); err != nil {
			return err
		}
		for _, row := range a.rows {
			out.Write(row)
		}
	}
	if !found {
		return errors.New("there is no such attribute")
	}
	return nil
}
