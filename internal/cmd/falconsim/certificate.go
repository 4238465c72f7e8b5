package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"maps"
	"math/big"
	"slices"
	"time"
)

// newCertificate returns a certificate for Falcon's addresses and, as PEM, that of the authority that signed it. The authority
// is new and signs nothing else: its key is discarded.
func newCertificate() (certificate tls.Certificate, authority []byte, err error) {
	authorityKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	issued := time.Now()
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "falconsim"},
		NotBefore: issued.Add(-time.Hour), NotAfter: issued.AddDate(0, 1, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "simulated Falcon"}, NotBefore: root.NotBefore, NotAfter: root.NotAfter,
		DNSNames: slices.Sorted(maps.Keys(falconHosts)), KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	rootBytes, err := x509.CreateCertificate(rand.Reader, root, root, &authorityKey.PublicKey, authorityKey)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	leafBytes, err := x509.CreateCertificate(rand.Reader, leaf, root, &key.PublicKey, authorityKey)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	authority = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: rootBytes})
	return tls.Certificate{Certificate: [][]byte{leafBytes}, PrivateKey: key}, authority, nil
}
