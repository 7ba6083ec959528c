// Keys, signed notes, checkpoints and cosignatures: c2sp.org/signed-note, c2sp.org/tlog-checkpoint
// and c2sp.org/tlog-cosignature (Ed25519). Opening notes is golang.org/x/mod/sumdb/note.
package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Signature types of c2sp.org/signed-note.
const (
	typeEd25519     = 0x01
	typeCosignature = 0x04
)

var decimal = regexp.MustCompile(`^(0|[1-9][0-9]*)$`)

// emptyRoot is the root of RFC 6962 for no leaves; tlog.TreeHash gives zeros there.
var emptyRoot = tlog.Hash(sha256.Sum256(nil))

// decodeBase64 accepts the one encoding that RFC 4648 section 4 allows an encoder to write.
func decodeBase64(s string) ([]byte, error) {
	data, err := base64.StdEncoding.DecodeString(s)
	if err != nil || base64.StdEncoding.EncodeToString(data) != s {
		return nil, errors.New("not base64")
	}
	return data, nil
}

func decodeHash(s string) (tlog.Hash, error) {
	var hash tlog.Hash
	data, err := decodeBase64(s)
	if err != nil || len(data) != tlog.HashSize {
		return hash, errors.New("not the base64 of 32 bytes")
	}
	copy(hash[:], data)
	return hash, nil
}

// decodeSize reads a decimal without leading zeros, up to what tlog can count.
func decodeSize(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || !decimal.MatchString(s) {
		return 0, fmt.Errorf("expected a decimal from 0 to 2^63-1 without leading zeros, actual %q", s)
	}
	return n, nil
}

// keyID is the recommended key ID of c2sp.org/signed-note.
func keyID(name string, signatureType byte, public ed25519.PublicKey) uint32 {
	sum := sha256.Sum256(append(append([]byte(name+"\n"), signatureType), public...))
	return binary.BigEndian.Uint32(sum[:4])
}

// parseKey reads a verifier key text NAME+HEX8+BASE64(type || key) of the type.
func parseKey(vkey string, signatureType byte) (string, ed25519.PublicKey, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return "", nil, usagef("verifier key %q: expected NAME+ID+KEY", vkey)
	}
	key, err := decodeBase64(parts[2])
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != signatureType {
		return "", nil, usagef("verifier key %q: expected the base64 of type 0x%02x and 32 bytes", vkey,
			signatureType)
	}
	name, public := parts[0], ed25519.PublicKey(key[1:])
	want := fmt.Sprintf("%08x", keyID(name, signatureType, public))
	if !strings.EqualFold(parts[1], want) {
		return "", nil, usagef("verifier key %q: expected ID %s, actual %q", vkey, want, parts[1])
	}
	return name, public, nil
}

func logVerifier(vkey string) (note.Verifier, error) {
	if _, _, err := parseKey(vkey, typeEd25519); err != nil {
		return nil, err
	}
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return nil, usagef("verifier key %q: %v", vkey, err)
	}
	return verifier, nil
}

// cosigner is a note.Verifier of c2sp.org/tlog-cosignature.
type cosigner struct {
	name   string
	public ed25519.PublicKey
}

func (c *cosigner) Name() string    { return c.name }
func (c *cosigner) KeyHash() uint32 { return keyID(c.name, typeCosignature, c.public) }

func (c *cosigner) Verify(body, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	seconds := binary.BigEndian.Uint64(signature)
	return seconds <= math.MaxInt64 &&
		ed25519.Verify(c.public, cosignedMessage(seconds, body), signature[8:])
}

func cosignedMessage(seconds uint64, body []byte) []byte {
	return append([]byte(fmt.Sprintf("cosignature/v1\ntime %d\n", seconds)), body...)
}

func cosignerVerifier(vkey string) (note.Verifier, error) {
	name, public, err := parseKey(vkey, typeCosignature)
	if err != nil {
		return nil, err
	}
	// The rule for names is not exported; a log key of that name goes through it.
	twin, err := note.NewEd25519VerifierKey(name, public)
	if err == nil {
		_, err = note.NewVerifier(twin)
	}
	if err != nil {
		return nil, usagef("verifier key %q: malformed name", vkey)
	}
	return &cosigner{name, public}, nil
}

// openNote verifies a note that every one of the keys must have signed.
func openNote(data []byte, keys ...note.Verifier) (*note.Note, error) {
	known := note.VerifierList(keys...)
	opened, err := note.Open(data, known)
	if err != nil {
		return nil, explainNote(err, keys)
	}
	if err := checkEachLine(opened.Text, data, known); err != nil {
		return nil, err
	}
	for _, key := range keys {
		if _, ok := signatureOf(opened, key); !ok {
			return nil, fmt.Errorf("no signature by %s", keyText(key))
		}
	}
	return opened, nil
}

func explainNote(err error, keys []note.Verifier) error {
	var unverified *note.UnverifiedNoteError
	if !errors.As(err, &unverified) {
		return err
	}
	return fmt.Errorf("no signature by %s, the note has %d by other keys", keyText(keys[0]),
		len(unverified.Note.UnverifiedSigs))
}

func keyText(key note.Verifier) string {
	return fmt.Sprintf("%s+%08x", key.Name(), key.KeyHash())
}

// checkEachLine is there because note.Open looks only at the first line of a key, while
// c2sp.org/signed-note wants every signature of a known key verified.
func checkEachLine(text string, data []byte, known note.Verifiers) error {
	lines := strings.Split(strings.TrimSuffix(string(data[len(text)+1:]), "\n"), "\n")
	for i, line := range lines {
		if _, err := decodeBase64(line[strings.LastIndexByte(line, ' ')+1:]); err != nil {
			return fmt.Errorf("signature line %d: %v", i+1, err)
		}
		_, err := note.Open([]byte(text+"\n"+line+"\n"), known)
		var unverified *note.UnverifiedNoteError
		if err != nil && !errors.As(err, &unverified) {
			return fmt.Errorf("signature line %d: %v", i+1, err)
		}
	}
	return nil
}

// signatureOf gives the first signature of the key, without its key ID.
func signatureOf(opened *note.Note, key note.Verifier) ([]byte, bool) {
	for _, signature := range opened.Sigs {
		if signature.Name == key.Name() && signature.Hash == key.KeyHash() {
			data, err := decodeBase64(signature.Base64)
			return data[4:], err == nil
		}
	}
	return nil, false
}

type checkpoint struct {
	Origin string    `json:"origin"`
	Size   int64     `json:"size"`
	Root   tlog.Hash `json:"root"`
}

// parseCheckpoint reads the text of a note as c2sp.org/tlog-checkpoint.
func parseCheckpoint(text string) (*checkpoint, error) {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) < 3 {
		return nil, fmt.Errorf("expected a checkpoint of at least 3 lines, actual %d", len(lines))
	}
	for i, line := range lines {
		if line == "" {
			return nil, fmt.Errorf("line %d: expected text, actual an empty line", i+1)
		}
	}
	size, err := decodeSize(lines[1])
	if err != nil {
		return nil, fmt.Errorf("line 2: tree size: %v", err)
	}
	root, err := decodeHash(lines[2])
	if err != nil {
		return nil, fmt.Errorf("line 3: root hash %q: %v", lines[2], err)
	}
	if size == 0 && root != emptyRoot {
		return nil, fmt.Errorf("line 3: root of the empty tree: expected %v, actual %v", emptyRoot, root)
	}
	return &checkpoint{lines[0], size, root}, nil
}

// openCheckpoint verifies a checkpoint in data.
func openCheckpoint(data []byte, keys ...note.Verifier) (*checkpoint, *note.Note, error) {
	opened, err := openNote(data, keys...)
	if err != nil {
		return nil, nil, err
	}
	parsed, err := parseCheckpoint(opened.Text)
	return parsed, opened, err
}

func readCheckpoint(path string, keys ...note.Verifier) (*checkpoint, *note.Note, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, err
	}
	parsed, opened, err := openCheckpoint(data, keys...)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	return parsed, opened, nil
}

// keyAndFile reads the arguments --key VKEY FILE.
func keyAndFile(args []string, what string, verifier func(string) (note.Verifier, error)) (
	note.Verifier, string, error) {
	o, err := parseOptions(args, "--key", "")
	if err != nil {
		return nil, "", err
	}
	vkey, err := o.one("--key")
	if err != nil {
		return nil, "", err
	}
	path, err := o.file(what)
	if err != nil {
		return nil, "", err
	}
	key, err := verifier(vkey)
	return key, path, err
}

func noteCommand(args []string) error {
	key, path, err := keyAndFile(args, "FILE", logVerifier)
	if err != nil {
		return err
	}
	parsed, _, err := readCheckpoint(path, key)
	if err != nil {
		return err
	}
	return printJSON(os.Stdout, parsed)
}

func cosignatureCommand(args []string) error {
	key, path, err := keyAndFile(args, "FILE", cosignerVerifier)
	if err != nil {
		return err
	}
	parsed, opened, err := readCheckpoint(path, key)
	if err != nil {
		return err
	}
	signature, _ := signatureOf(opened, key)
	return printJSON(os.Stdout, struct {
		*checkpoint
		Time uint64 `json:"time"`
	}{parsed, binary.BigEndian.Uint64(signature)})
}

// sameKey finds a key that stands twice, which note.VerifierList would call ambiguous.
func sameKey(keys []note.Verifier) (string, bool) {
	seen := map[string]bool{}
	for _, key := range keys {
		if seen[keyText(key)] {
			return keyText(key), true
		}
		seen[keyText(key)] = true
	}
	return "", false
}
