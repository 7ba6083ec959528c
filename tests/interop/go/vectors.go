// Test vectors for every reader of the formats, made by golang.org/x/mod and crypto/ed25519. The same
// seed gives the same bytes.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// testCase is one run of a verifier, in OUT_DIR.
type testCase struct {
	Desc   string   `json:"desc"`
	File   string   `json:"file"`
	Args   []string `json:"args"`
	Stdin  string   `json:"stdin,omitempty"` // a file to read on standard input
	Exit   int      `json:"exit"`
	Stdout string   `json:"stdout,omitempty"` // all of it, where exit is 0
	Want   []bool   `json:"want,omitempty"`   // of proofs, line by line
}

// generator writes the files and remembers the cases.
type generator struct {
	dir   string
	seed  int64
	rnd   *rand.Rand
	cases []testCase
}

// vectorFailure carries an error of the generator up to vectorsCommand.
type vectorFailure struct{ error }

func must(err error) {
	if err != nil {
		panic(vectorFailure{err})
	}
}

func vectorsCommand(args []string) (err error) {
	o, err := parseOptions(args, "--seed", "")
	if err != nil {
		return err
	}
	text, err := o.one("--seed")
	if err != nil {
		return err
	}
	seed, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return usagef("--seed %q is not a number", text)
	}
	dir, err := o.file("OUT_DIR")
	if err != nil {
		return err
	}
	defer func() {
		if failure, ok := recover().(vectorFailure); ok {
			err = failure.error
		}
	}()
	g := &generator{dir: dir, seed: seed, rnd: rand.New(rand.NewSource(seed))}
	g.all()
	return nil
}

func (g *generator) all() {
	forest := g.newTree(4097)
	g.inclusion(forest)
	g.consistency(forest)
	g.notes()
	g.cosignatures()
	g.usage()
	g.receipts()
	g.exports()
	index, err := json.MarshalIndent(map[string]interface{}{"seed": g.seed, "cases": g.cases}, "", " ")
	must(err)
	g.write("index.json", append(index, '\n'))
}

func (g *generator) write(path string, data []byte) {
	full := filepath.Join(g.dir, path)
	must(os.MkdirAll(filepath.Dir(full), 0o755))
	must(os.WriteFile(full, data, 0o644))
}

func (g *generator) add(c testCase) {
	if c.Args == nil {
		c.Args = []string{} // JSON: a list, not null
	}
	g.cases = append(g.cases, c)
}

func oneLine(v interface{}) string {
	var buffer bytes.Buffer
	must(printJSON(&buffer, v))
	return buffer.String()
}

// logTree is a log in memory, with the storage order of tlog.
type logTree struct {
	entries [][]byte
	hashes  []tlog.Hash
}

func (t *logTree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		hashes[i] = t.hashes[index]
	}
	return hashes, nil
}

func (t *logTree) root(size int64) tlog.Hash {
	if size == 0 {
		return emptyRoot
	}
	root, err := tlog.TreeHash(size, t)
	must(err)
	return root
}

func (t *logTree) leaf(index int64) tlog.Hash { return tlog.RecordHash(t.entries[index]) }

func (t *logTree) add(entry []byte) {
	hashes, err := tlog.StoredHashes(int64(len(t.entries)), entry, t)
	must(err)
	t.entries = append(t.entries, entry)
	t.hashes = append(t.hashes, hashes...)
}

// newTree makes entries of 0 to 39 bytes, the first of them empty.
func (g *generator) newTree(size int) *logTree {
	t := &logTree{}
	for i := 0; i < size; i++ {
		entry := make([]byte, g.rnd.Intn(40))
		g.rnd.Read(entry)
		if i == 0 {
			entry = nil
		}
		t.add(entry)
	}
	return t
}

// keyPair is an Ed25519 key with its name. Its seed is public: it signs test vectors only.
type keyPair struct {
	name    string
	private ed25519.PrivateKey
}

func (g *generator) key(name string) keyPair {
	seed := sha256.Sum256([]byte(fmt.Sprintf("test vectors %d %s", g.seed, name)))
	return keyPair{name, ed25519.NewKeyFromSeed(seed[:])}
}

func (k keyPair) public() ed25519.PublicKey { return k.private.Public().(ed25519.PublicKey) }

// signer is the note.Signer of x/mod for the key.
func (k keyPair) signer() note.Signer {
	encoded := append([]byte{typeEd25519}, k.private.Seed()...)
	signer, err := note.NewSigner(fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", k.name,
		keyID(k.name, typeEd25519, k.public()), base64.StdEncoding.EncodeToString(encoded)))
	must(err)
	return signer
}

func (k keyPair) vkey() string {
	vkey, err := note.NewEd25519VerifierKey(k.name, k.public())
	must(err)
	return vkey
}

// cosignerKey is the verifier key text of c2sp.org/tlog-cosignature.
func (k keyPair) cosignerKey() string {
	encoded := append([]byte{typeCosignature}, k.public()...)
	return fmt.Sprintf("%s+%08x+%s", k.name, keyID(k.name, typeCosignature, k.public()),
		base64.StdEncoding.EncodeToString(encoded))
}

func checkpointText(origin string, size int64, root tlog.Hash) string {
	return fmt.Sprintf("%s\n%d\n%v\n", origin, size, root)
}

func signNote(text string, signers ...note.Signer) string {
	signed, err := note.Sign(&note.Note{Text: text}, signers...)
	must(err)
	return string(signed)
}
