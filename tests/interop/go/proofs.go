// Inclusion and consistency proofs of RFC 6962 as JSON lines, with the field names of the test
// vectors of transparency-dev/merkle. The verdict is golang.org/x/mod/sumdb/tlog's.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"
)

// maxSize is what tlog can handle: above it, its search for a power of two does not end.
const maxSize = 1 << 62

type fields map[string]json.RawMessage

func (f fields) uint(name string) (uint64, error) {
	raw, ok := f[name]
	if !ok {
		return 0, fmt.Errorf("%s is missing", name)
	}
	n, err := strconv.ParseUint(string(raw), 10, 64)
	if err != nil || !decimal.Match(raw) {
		return 0, fmt.Errorf("%s is not an unsigned 64-bit integer", name)
	}
	return n, nil
}

func (f fields) hash(name string) (tlog.Hash, error) {
	raw, ok := f[name]
	if !ok {
		return tlog.Hash{}, fmt.Errorf("%s is missing", name)
	}
	return hashOfJSON(name, raw)
}

func hashOfJSON(name string, raw json.RawMessage) (tlog.Hash, error) {
	var text *string
	if json.Unmarshal(raw, &text) == nil && text != nil {
		if hash, err := decodeHash(*text); err == nil {
			return hash, nil
		}
	}
	return tlog.Hash{}, fmt.Errorf("%s is not the base64 of 32 bytes", name)
}

func (f fields) proof() ([]tlog.Hash, error) {
	raw, ok := f["proof"]
	if !ok {
		return nil, errors.New("proof is missing")
	}
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil {
		return nil, errors.New("proof is not a list or null")
	}
	var proof []tlog.Hash
	for i, item := range items {
		hash, err := hashOfJSON(fmt.Sprintf("proof[%d]", i), item)
		if err != nil {
			return nil, err
		}
		proof = append(proof, hash)
	}
	return proof, nil
}

// expectLength compares with the number of hashes that a proof of that shape has.
func expectLength(proof []tlog.Hash, want int) error {
	if len(proof) != want {
		return fmt.Errorf("proof has %d hashes, expected %d", len(proof), want)
	}
	return nil
}

// shape makes tlog write a proof over a tree of zeros: its length is what a real one has.
var shape = tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
	return make([]tlog.Hash, len(indexes)), nil
})

// checkInclusion says why the proof of the leaf does not hold, or nil.
func checkInclusion(index, size uint64, root, leaf tlog.Hash, proof []tlog.Hash) error {
	if size == 0 {
		return errors.New("treeSize is 0")
	}
	if index >= size {
		return fmt.Errorf("leafIdx %d is not below treeSize %d", index, size)
	}
	if size > maxSize {
		return fmt.Errorf("treeSize %d is above 2^62", size)
	}
	model, err := tlog.ProveRecord(int64(size), int64(index), shape)
	if err != nil {
		return err
	}
	if err := expectLength(proof, len(model)); err != nil {
		return err
	}
	if tlog.CheckRecord(proof, int64(size), root, int64(index), leaf) != nil {
		return errors.New("proof does not lead to the root")
	}
	return nil
}

// checkConsistency says why the proof between the two trees does not hold, or nil.
func checkConsistency(size1, size2 uint64, root1, root2 tlog.Hash, proof []tlog.Hash) error {
	if size1 > size2 {
		return fmt.Errorf("size1 %d is above size2 %d", size1, size2)
	}
	if size1 == size2 && root1 != root2 {
		return errors.New("root1 and root2 differ at the same size")
	}
	if size1 == size2 {
		return expectLength(proof, 0)
	}
	if size1 == 0 {
		return errors.New("a proof from the empty tree says nothing")
	}
	if size2 > maxSize {
		return fmt.Errorf("size2 %d is above 2^62", size2)
	}
	return checkGrowth(int64(size1), int64(size2), root1, root2, proof)
}

func checkGrowth(size1, size2 int64, root1, root2 tlog.Hash, proof []tlog.Hash) error {
	model, err := tlog.ProveTree(size2, size1, shape)
	if err != nil {
		return err
	}
	if err := expectLength(proof, len(model)); err != nil {
		return err
	}
	if tlog.CheckTree(proof, size2, root2, size1, root1) != nil {
		return errors.New("proof does not lead from root1 to root2")
	}
	return nil
}

func inclusionLine(f fields) error {
	index, err := f.uint("leafIdx")
	if err != nil {
		return err
	}
	size, err := f.uint("treeSize")
	if err != nil {
		return err
	}
	root, err := f.hash("root")
	if err != nil {
		return err
	}
	leaf, err := f.hash("leafHash")
	if err != nil {
		return err
	}
	proof, err := f.proof()
	if err != nil {
		return err
	}
	return checkInclusion(index, size, root, leaf, proof)
}

func consistencyLine(f fields) error {
	size1, err := f.uint("size1")
	if err != nil {
		return err
	}
	size2, err := f.uint("size2")
	if err != nil {
		return err
	}
	root1, err := f.hash("root1")
	if err != nil {
		return err
	}
	root2, err := f.hash("root2")
	if err != nil {
		return err
	}
	proof, err := f.proof()
	if err != nil {
		return err
	}
	return checkConsistency(size1, size2, root1, root2, proof)
}

// checkLine gives the verdict on one line of JSON.
func checkLine(line []byte, check func(fields) error) error {
	var f fields
	if json.Unmarshal(line, &f) != nil || f == nil {
		return errors.New("not a JSON object")
	}
	return check(f)
}

func proofsCommand(args []string) error {
	o, err := parseOptions(args, "", "--inclusion --consistency")
	if err != nil {
		return err
	}
	if len(o.flags) != 1 || len(o.files) > 1 {
		return usagef("proofs needs --inclusion or --consistency and at most one FILE")
	}
	check := consistencyLine
	if o.flags["--inclusion"] {
		check = inclusionLine
	}
	name, data, err := readProofs(o.files)
	if err != nil {
		return err
	}
	return answerLines(name, data, check)
}

func readProofs(files []string) (string, []byte, error) {
	if len(files) == 0 {
		data, err := io.ReadAll(os.Stdin)
		return "stdin", data, err
	}
	data, err := os.ReadFile(files[0])
	return files[0], data, err
}

func answerLines(name string, data []byte, check func(fields) error) error {
	if len(data) == 0 {
		return fmt.Errorf("%s: expected at least one proof, actual an empty file", name)
	}
	var result error
	for i, line := range bytes.Split(bytes.TrimSuffix(data, []byte("\n")), []byte("\n")) {
		err := checkLine(line, check)
		if err == nil {
			fmt.Println("valid")
			continue
		}
		fmt.Printf("invalid: %v\n", err)
		complain(fmt.Sprintf("%s:%d: %v: %s", name, i+1, err, shorten(line)))
		result = errReported
	}
	return result
}

// shorten keeps a message readable where the line is not.
func shorten(line []byte) string {
	const limit = 400
	if len(line) > limit {
		line = append(append([]byte{}, line[:limit]...), "..."...)
	}
	return fmt.Sprintf("%q", line)
}
