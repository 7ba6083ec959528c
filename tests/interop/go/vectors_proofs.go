// Vectors of proofs: valid ones, and for each of them what a reader must refuse.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand"

	"golang.org/x/mod/sumdb/tlog"
)

type inclusionVector struct {
	Desc     string   `json:"desc"`
	LeafIdx  uint64   `json:"leafIdx"`
	TreeSize uint64   `json:"treeSize"`
	Root     string   `json:"root"`
	LeafHash string   `json:"leafHash"`
	Proof    []string `json:"proof"`
	Want     bool     `json:"want"`
}

type consistencyVector struct {
	Desc  string   `json:"desc"`
	Size1 uint64   `json:"size1"`
	Size2 uint64   `json:"size2"`
	Root1 string   `json:"root1"`
	Root2 string   `json:"root2"`
	Proof []string `json:"proof"`
	Want  bool     `json:"want"`
}

// proofSet is one file of JSON lines.
type proofSet struct {
	lines bytes.Buffer
	want  []bool
}

func (s *proofSet) add(line string, want bool) {
	s.lines.WriteString(line + "\n")
	s.want = append(s.want, want)
}

func (s *proofSet) addJSON(v interface{}, want bool) {
	line, err := json.Marshal(v)
	must(err)
	s.add(string(line), want)
}

func (g *generator) proofFile(path, flag string, set *proofSet) {
	g.write(path, set.lines.Bytes())
	exit := 0
	for _, want := range set.want {
		if !want {
			exit = exitInvalid
		}
	}
	c := testCase{Desc: path, File: path, Args: []string{"proofs", flag, path}, Exit: exit, Want: set.want}
	g.add(c)
	c.Desc, c.Args, c.Stdin = path+" on standard input", []string{"proofs", flag}, path
	g.add(c)
}

func texts(hashes []tlog.Hash) []string {
	var list []string
	for _, hash := range hashes {
		list = append(list, hash.String())
	}
	return list
}

func flipBit(text string, rnd *rand.Rand) string {
	data, err := decodeBase64(text)
	must(err)
	data[rnd.Intn(len(data))] ^= 1 << uint(rnd.Intn(8))
	return base64.StdEncoding.EncodeToString(data)
}

// proofMutations change a proof; the second is how many hashes it must have for that.
var proofMutations = []struct {
	desc   string
	needs  int
	mutate func([]string, *rand.Rand) []string
}{
	{"flipped bit in the first hash", 1, func(p []string, rnd *rand.Rand) []string {
		p[0] = flipBit(p[0], rnd)
		return p
	}},
	{"flipped bit in the last hash", 1, func(p []string, rnd *rand.Rand) []string {
		p[len(p)-1] = flipBit(p[len(p)-1], rnd)
		return p
	}},
	{"flipped bit in any hash", 3, func(p []string, rnd *rand.Rand) []string {
		i := rnd.Intn(len(p))
		p[i] = flipBit(p[i], rnd)
		return p
	}},
	{"first hash missing", 1, func(p []string, _ *rand.Rand) []string { return p[1:] }},
	{"last hash missing", 1, func(p []string, _ *rand.Rand) []string { return p[:len(p)-1] }},
	{"null in place of the hashes", 1, func([]string, *rand.Rand) []string { return nil }},
	{"hash added at the end", 0, func(p []string, _ *rand.Rand) []string {
		return append(p, emptyRoot.String())
	}},
	{"zeros added at the end", 0, func(p []string, _ *rand.Rand) []string {
		return append(p, tlog.Hash{}.String())
	}},
	{"hash added at the front", 0, func(p []string, _ *rand.Rand) []string {
		return append([]string{emptyRoot.String()}, p...)
	}},
	{"last hash twice", 1, func(p []string, _ *rand.Rand) []string { return append(p, p[len(p)-1]) }},
	{"first two hashes exchanged", 2, func(p []string, _ *rand.Rand) []string {
		p[0], p[1] = p[1], p[0]
		return p
	}},
	{"order reversed", 2, func(p []string, _ *rand.Rand) []string {
		for i, j := 0, len(p)-1; i < j; i, j = i+1, j-1 {
			p[i], p[j] = p[j], p[i]
		}
		return p
	}},
	{"hash of 31 bytes", 1, func(p []string, _ *rand.Rand) []string {
		p[0] = base64.StdEncoding.EncodeToString(make([]byte, 31))
		return p
	}},
	{"hash of 33 bytes", 1, func(p []string, _ *rand.Rand) []string {
		p[0] = base64.StdEncoding.EncodeToString(make([]byte, 33))
		return p
	}},
	{"hash without padding", 1, func(p []string, _ *rand.Rand) []string {
		p[0] = p[0][:len(p[0])-1]
		return p
	}},
	{"empty hash", 1, func(p []string, _ *rand.Rand) []string {
		p[0] = ""
		return p
	}},
}

// mutatedProofs gives the changed copies by what was changed.
func (g *generator) mutatedProofs(proof []string, use func(desc string, proof []string)) {
	for _, m := range proofMutations {
		if len(proof) >= m.needs {
			use(m.desc, m.mutate(append([]string{}, proof...), g.rnd))
		}
	}
}

var smallSizes = []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 15, 16, 17, 21, 31, 32, 33, 47, 63, 64, 65, 70}

// isMutated keeps the files small: every place of the smallest sizes, and one of each other.
func isMutated(place int, size int64) bool { return size <= 5 || place == int(size)%6 }

var bigSizes = []int64{127, 128, 257, 1023, 1025, 4096, 4097}

// indexesOf picks the leaves where the shape of the path changes.
func indexesOf(size int64) []int64 {
	if size <= 9 {
		all := make([]int64, size)
		for i := range all {
			all[i] = int64(i)
		}
		return all
	}
	return []int64{0, 1, size/2 - 1, size / 2, size - 2, size - 1}
}

func (g *generator) inclusionVector(t *logTree, size, index int64) inclusionVector {
	proof, err := tlog.ProveRecord(size, index, t)
	must(err)
	return inclusionVector{
		Desc:     fmt.Sprintf("leaf %d of %d", index, size),
		LeafIdx:  uint64(index),
		TreeSize: uint64(size),
		Root:     t.root(size).String(),
		LeafHash: t.leaf(index).String(),
		Proof:    texts(proof),
		Want:     true,
	}
}

// verdictOf is what tlog says of the vector.
func verdictOf(v interface{}, check func(fields) error) bool {
	line, err := json.Marshal(v)
	must(err)
	return checkLine(line, check) == nil
}

// refused adds a vector that must not hold; a generator that errs there must not pass.
func refused(set *proofSet, v interface{}, check func(fields) error) {
	if verdictOf(v, check) {
		must(fmt.Errorf("vector holds but must not: %+v", v))
	}
	set.addJSON(v, false)
}

func (g *generator) inclusion(t *logTree) {
	valid, all := &proofSet{}, &proofSet{}
	for _, size := range append(append([]int64{}, smallSizes...), bigSizes...) {
		for i, index := range indexesOf(size) {
			v := g.inclusionVector(t, size, index)
			valid.addJSON(v, true)
			all.addJSON(v, true)
			if isMutated(i, size) {
				g.mutatedInclusions(all, v)
			}
		}
	}
	g.proofFile("inclusion-valid.jsonl", "--inclusion", valid)
	g.proofFile("inclusion.jsonl", "--inclusion", all)
	g.proofFile("inclusion-malformed.jsonl", "--inclusion", malformed(g.inclusionVector(t, 7, 3),
		[]string{"leafIdx", "treeSize"}, []string{"root", "leafHash"}))
	g.proofFile("inclusion-extra-fields.jsonl", "--inclusion", extraFields(g.inclusionVector(t, 7, 3)))
}

func (g *generator) mutatedInclusions(set *proofSet, v inclusionVector) {
	change := func(desc string, apply func(*inclusionVector)) {
		changed := v
		changed.Desc, changed.Want = v.Desc+": "+desc, false
		apply(&changed)
		refused(set, changed, inclusionLine)
	}
	g.mutatedProofs(v.Proof, func(desc string, proof []string) {
		change(desc, func(c *inclusionVector) { c.Proof = proof })
	})
	change("flipped bit in the leaf hash", func(c *inclusionVector) { c.LeafHash = flipBit(v.LeafHash, g.rnd) })
	change("flipped bit in the root", func(c *inclusionVector) { c.Root = flipBit(v.Root, g.rnd) })
	change("root of the empty tree", func(c *inclusionVector) { c.Root = emptyRoot.String() })
	change("index is the size", func(c *inclusionVector) { c.LeafIdx = v.TreeSize })
	change("index above the size", func(c *inclusionVector) { c.LeafIdx = v.TreeSize + 2 })
	change("index 2^64-1", func(c *inclusionVector) { c.LeafIdx = 1<<64 - 1 })
	change("size 0", func(c *inclusionVector) { c.TreeSize = 0 })
	change("size 2^64-1", func(c *inclusionVector) { c.TreeSize = 1<<64 - 1 })
	if v.TreeSize > 1 {
		change("root and leaf hash exchanged", func(c *inclusionVector) {
			c.Root, c.LeafHash = v.LeafHash, v.Root
		})
		change("index of the neighbour", func(c *inclusionVector) { c.LeafIdx = neighbour(v) })
	}
	g.otherSizes(set, v)
}

func neighbour(v inclusionVector) uint64 {
	if v.LeafIdx^1 < v.TreeSize {
		return v.LeafIdx ^ 1
	}
	return v.LeafIdx - 1
}

// otherSizes changes the size. A path does not bind it: where the shape stays, the proof holds, and
// x/mod says which.
func (g *generator) otherSizes(set *proofSet, v inclusionVector) {
	for _, size := range []uint64{v.TreeSize - 1, v.TreeSize + 1, 2 * v.TreeSize} {
		changed := v
		changed.TreeSize = size
		changed.Desc = fmt.Sprintf("%s: proof used at size %d", v.Desc, size)
		changed.Want = verdictOf(changed, inclusionLine)
		set.addJSON(changed, changed.Want)
	}
}

func (g *generator) consistencyVector(t *logTree, size1, size2 int64) consistencyVector {
	v := consistencyVector{
		Desc:  fmt.Sprintf("%d to %d", size1, size2),
		Size1: uint64(size1),
		Size2: uint64(size2),
		Root1: t.root(size1).String(),
		Root2: t.root(size2).String(),
		Want:  true,
	}
	if size1 > 0 {
		proof, err := tlog.ProveTree(size2, size1, t)
		must(err)
		v.Proof = texts(proof)
	}
	return v
}

// earlierSizes picks the smaller trees for a size, among them itself and none.
func earlierSizes(size int64) []int64 {
	if size <= 8 {
		all := make([]int64, size+1)
		for i := range all {
			all[i] = int64(i)
		}
		return all
	}
	half := int64(1)
	for 2*half < size {
		half *= 2
	}
	return []int64{0, 1, 6, half - 1, half, size - 1, size}
}

func (g *generator) consistency(t *logTree) {
	valid, all := &proofSet{}, &proofSet{}
	for _, size2 := range append(append([]int64{0}, smallSizes...), bigSizes...) {
		for i, size1 := range earlierSizes(size2) {
			v := g.consistencyVector(t, size1, size2)
			if size1 == 0 && size2 > 0 {
				// Every tree extends the empty one: other verifiers do not call that proven either.
				v.Want = false
				all.addJSON(v, false)
				continue
			}
			valid.addJSON(v, true)
			all.addJSON(v, true)
			if isMutated(i, size2) {
				g.mutatedConsistencies(all, v)
			}
		}
	}
	g.proofFile("consistency-valid.jsonl", "--consistency", valid)
	g.proofFile("consistency.jsonl", "--consistency", all)
	g.proofFile("consistency-malformed.jsonl", "--consistency", malformed(g.consistencyVector(t, 3, 7),
		[]string{"size1", "size2"}, []string{"root1", "root2"}))
	g.proofFile("consistency-extra-fields.jsonl", "--consistency", extraFields(g.consistencyVector(t, 3, 7)))
}

func (g *generator) mutatedConsistencies(set *proofSet, v consistencyVector) {
	change := func(desc string, apply func(*consistencyVector)) {
		changed := v
		changed.Desc, changed.Want = v.Desc+": "+desc, false
		apply(&changed)
		refused(set, changed, consistencyLine)
	}
	g.mutatedProofs(v.Proof, func(desc string, proof []string) {
		change(desc, func(c *consistencyVector) { c.Proof = proof })
	})
	change("flipped bit in root1", func(c *consistencyVector) { c.Root1 = flipBit(v.Root1, g.rnd) })
	if v.Size1 > 0 {
		// From the empty tree, every root is consistent.
		change("flipped bit in root2", func(c *consistencyVector) { c.Root2 = flipBit(v.Root2, g.rnd) })
		change("size1 is 0", func(c *consistencyVector) { c.Size1 = 0 })
	}
	if v.Size1 > 0 && v.Size1 < v.Size2 {
		change("roots exchanged", func(c *consistencyVector) { c.Root1, c.Root2 = v.Root2, v.Root1 })
		change("same size, other root", func(c *consistencyVector) { c.Size1, c.Proof = v.Size2, nil })
		change("no proof", func(c *consistencyVector) { c.Proof = []string{} })
	}
	if v.Size1 < v.Size2 {
		change("sizes exchanged", func(c *consistencyVector) { c.Size1, c.Size2 = v.Size2, v.Size1 })
	}
	change("size1 2^64-1", func(c *consistencyVector) { c.Size1 = 1<<64 - 1 })
	g.otherSecondSizes(set, v)
}

// otherSecondSizes changes size2; what x/mod says of it is what is wanted, as in otherSizes.
func (g *generator) otherSecondSizes(set *proofSet, v consistencyVector) {
	for _, size2 := range []uint64{v.Size2 + 1, 2 * v.Size2, 1<<64 - 1} {
		changed := v
		changed.Size2 = size2
		changed.Desc = fmt.Sprintf("%s: proof used at size2 %d", v.Desc, size2)
		changed.Want = verdictOf(changed, consistencyLine)
		set.addJSON(changed, changed.Want)
	}
}

func object(v interface{}) map[string]interface{} {
	line, err := json.Marshal(v)
	must(err)
	// UseNumber is not needed: the sizes of these vectors are small.
	var o map[string]interface{}
	must(json.Unmarshal(line, &o))
	return o
}

// malformed makes lines out of a valid vector that are not of the format.
func malformed(v interface{}, sizes, hashes []string) *proofSet {
	set := &proofSet{}
	with := func(name string, value interface{}) {
		o := object(v)
		o["desc"], o["want"] = fmt.Sprintf("%s is %v", name, value), false
		o[name] = value
		set.addJSON(o, false)
	}
	for _, name := range sizes {
		for _, number := range []string{"-1", "3.5", "3.0", "3e0", "18446744073709551616", `"3"`, "true", "null",
			"[3]"} {
			with(name, json.RawMessage(number))
		}
	}
	for _, name := range hashes {
		text := object(v)[name].(string)
		for _, value := range []interface{}{"", text[:43], text + "=", text + "\n", " " + text, text[:40],
			notCanonical(text), base64.URLEncoding.EncodeToString(bytes.Repeat([]byte{0xff}, 32)), nil, 7,
			[]string{text}, base64.StdEncoding.EncodeToString(make([]byte, 64))} {
			with(name, value)
		}
	}
	first := object(v)["proof"].([]interface{})[0].(string)
	for _, value := range []interface{}{first, 3, map[string]string{"0": first}, []interface{}{3},
		[]interface{}{nil}, []interface{}{[]string{first}}, []interface{}{notCanonical(first)}} {
		with("proof", value)
	}
	for _, name := range append(append([]string{"proof"}, sizes...), hashes...) {
		o := object(v)
		delete(o, name)
		set.addJSON(o, false)
	}
	for _, line := range []string{"", " ", "null", "3", `"text"`, "[]", "{", "{}", `{"a":1}}`, "{'a':1}", "not json"} {
		set.add(line, false)
	}
	return set
}

// notCanonical sets the bits of base64 that stand for nothing.
func notCanonical(text string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	data := []byte(text)
	at := len(data) - 2
	data[at] = alphabet[bytes.IndexByte([]byte(alphabet), data[at])|1]
	return string(data)
}

// extraFields makes valid lines that a strict reader could trip over.
func extraFields(v interface{}) *proofSet {
	set := &proofSet{}
	o := object(v)
	o["wantErr"], o["number"], o["nested"] = false, json.RawMessage("1e300"), map[string]interface{}{"a": []int{1}}
	set.addJSON(o, true)
	line, err := json.Marshal(object(v))
	must(err)
	set.add(" \t"+string(line)+" \r", true)
	set.add(`{"proof":3,"__proto__":null,"Root":1,`+string(line[1:]), true)
	return set
}
