package core

import (
	"reflect"
	"sync"
)

// sharedValues holds one value of each type for all resources and data sources of one configured provider.
type sharedValues struct {
	mu     sync.Mutex
	values map[reflect.Type]any
}

// Shared returns the configured provider's one value of type T. The first caller creates it.
func Shared[T any](d *ProviderData) *T {
	d.values.mu.Lock()
	defer d.values.mu.Unlock()
	key := reflect.TypeFor[T]()
	if value, ok := d.values.values[key].(*T); ok {
		return value
	}
	if d.values.values == nil {
		d.values.values = map[reflect.Type]any{}
	}
	value := new(T)
	d.values.values[key] = value
	return value
}
