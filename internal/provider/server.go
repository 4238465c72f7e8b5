package provider

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"

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

// rowsAside are many rows, each encoded by itself, on their way around the
// framework. That holds a list several times over, as values in maps, while it
// compares and encodes it: 1.5 GB for 50,000 users. A row at a time, it needs
// little more than the encoded list itself.
type rowsAside struct {
	attribute string   // "" if there are no rows
	head      []byte   // what comes before the rows in MessagePack
	rows      [][]byte // the rows, in pieces
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
	var head bytes.Buffer
	if err := msgpack.NewEncoder(&head).EncodeArrayLen(n); err != nil {
		return types.ListNull(kind), fmt.Errorf("the length of %s: %w", name, err)
	}
	*aside = rowsAside{attribute: name, head: head.Bytes(), rows: rows}
	return types.ListNull(kind), nil
}

// rowText is like rowList for a list as a JSON text.
func rowText(ctx context.Context, name string, n int, row func(i int) any) (types.String, error) {
	const longText = 0xdb // a text with a length of four bytes follows, in MessagePack
	pieces := make([][]byte, 0, 2*n+2)
	pieces = append(pieces, []byte("["))
	size := 2
	for i := range n {
		encoded, err := json.Marshal(row(i))
		if err != nil {
			return types.StringNull(), fmt.Errorf("row %d of %s: %w", i, name, err)
		}
		if i > 0 {
			pieces, size = append(pieces, []byte(",")), size+1
		}
		pieces, size = append(pieces, encoded), size+len(encoded)
	}
	pieces = append(pieces, []byte("]"))
	aside, ok := ctx.Value(rowsAsideKey{}).(*rowsAside)
	if !ok || size > math.MaxUint32 {
		return types.StringValue(string(bytes.Join(pieces, nil))), nil
	}
	*aside = rowsAside{attribute: name, head: binary.BigEndian.AppendUint32([]byte{longText}, uint32(size)), rows: pieces}
	return types.StringNull(), nil
}

// putBack puts the rows, if there are any, into a result that has null in
// their place.
func (a *rowsAside) putBack(result *tfprotov6.DynamicValue) error {
	if a.attribute == "" || result == nil {
		return nil
	}
	size := len(result.MsgPack) + len(a.head)
	for _, row := range a.rows {
		size += len(row)
	}
	var out bytes.Buffer
	out.Grow(size)
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
		out.Write(a.head)
		for _, row := range a.rows {
			out.Write(row)
		}
	}
	if !found {
		return errors.New("there is no such attribute")
	}
	return nil
}
