package falcon

import (
	"fmt"
	"sync"
)

// NameTwiceError says that this Client creates two objects of the same name. Whether Falcon would refuse the second one is
// not known (wire/open-questions.md#q07); after a lost response the two could not be told apart.
type NameTwiceError struct {
	Kind, Name string
	ID         string // of the first one; "" while it is being created
}

// Error names the object.
func (e *NameTwiceError) Error() string {
	text := fmt.Sprintf("the %s %q is created twice", e.Kind, e.Name)
	if e.ID != "" {
		text += fmt.Sprintf(": the first one has the id %s", e.ID)
	}
	return text
}

// newNames are the names of the API clients that one Client creates, with the ids that they got. The zero value is ready
// for use.
type newNames struct {
	mu  sync.Mutex
	ids map[string]string // "" while the client is being created
}

// claim takes a name for a create, or says that it is taken.
func (n *newNames) claim(name string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if id, taken := n.ids[name]; taken {
		return &NameTwiceError{Kind: kindAPIClient, Name: name, ID: id}
	}
	if n.ids == nil {
		n.ids = map[string]string{}
	}
	n.ids[name] = ""
	return nil
}

// created is called when a create has ended; client is nil after a failure, which frees the name.
func (n *newNames) created(name string, client *APIClient) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if client == nil {
		delete(n.ids, name)
		return
	}
	n.ids[name] = client.ID
}

// forget frees the name of a client that was deleted or renamed.
func (n *newNames) forget(id string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for name, held := range n.ids {
		if held == id {
			delete(n.ids, name)
		}
	}
}
