// Receipts: the files of c2sp.org/tlog-proof, checked offline against the entry that they prove.
package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const receiptHeader = "c2sp.org/tlog-proof@v1"

type receipt struct {
	index int64
	proof []tlog.Hash
	note  []byte
}

// parseReceipt reads the lines above the checkpoint.
func parseReceipt(data []byte) (*receipt, error) {
	head, rest, ok := strings.Cut(string(data), "\n\n")
	if !ok {
		return nil, errors.New("expected an empty line after the proof, actual none")
	}
	lines := strings.Split(head, "\n")
	if lines[0] != receiptHeader {
		return nil, fmt.Errorf("line 1: expected %q, actual %q", receiptHeader, lines[0])
	}
	at := 1
	if at < len(lines) && strings.HasPrefix(lines[at], "extra ") {
		if err := checkExtra(lines[at]); err != nil {
			return nil, fmt.Errorf("line %d: %v", at+1, err)
		}
		at++
	}
	if at >= len(lines) || !strings.HasPrefix(lines[at], "index ") {
		return nil, fmt.Errorf("line %d: expected \"index N\"", at+1)
	}
	index, err := decodeSize(strings.TrimPrefix(lines[at], "index "))
	if err != nil {
		return nil, fmt.Errorf("line %d: index: %v", at+1, err)
	}
	proof, err := parseHashes(lines, at+1)
	return &receipt{index, proof, []byte(rest)}, err
}

func checkExtra(line string) error {
	if _, err := decodeBase64(strings.TrimPrefix(line, "extra ")); err != nil {
		return fmt.Errorf("expected \"extra BASE64\", actual %q", line)
	}
	return nil
}

func parseHashes(lines []string, from int) ([]tlog.Hash, error) {
	var proof []tlog.Hash
	for i := from; i < len(lines); i++ {
		hash, err := decodeHash(lines[i])
		if err != nil {
			return nil, fmt.Errorf("line %d: proof hash %q: %v", i+1, lines[i], err)
		}
		proof = append(proof, hash)
	}
	return proof, nil
}

// receiptKeys gives the key of the log and then those of the cosigners.
func receiptKeys(o *options) ([]note.Verifier, error) {
	vkey, err := o.one("--key")
	if err != nil {
		return nil, err
	}
	log, err := logVerifier(vkey)
	if err != nil {
		return nil, err
	}
	keys := []note.Verifier{log}
	for _, vkey := range o.values["--cosigner"] {
		key, err := cosignerVerifier(vkey)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	if text, twice := sameKey(keys); twice {
		return nil, usagef("key %s is given twice", text)
	}
	return keys, nil
}

func receiptCommand(args []string) error {
	o, err := parseOptions(args, "--key --cosigner --entry", "")
	if err != nil {
		return err
	}
	entry, err := o.one("--entry")
	if err != nil {
		return err
	}
	path, err := o.file("PROOF")
	if err != nil {
		return err
	}
	keys, err := receiptKeys(o)
	if err != nil {
		return err
	}
	return checkReceipt(path, entry, keys)
}

func checkReceipt(path, entry string, keys []note.Verifier) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	record, err := os.ReadFile(entry)
	if err != nil {
		return err
	}
	r, err := parseReceipt(data)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	parsed, _, err := openCheckpoint(r.note, keys...)
	if err != nil {
		return fmt.Errorf("%s: checkpoint: %w", path, err)
	}
	leaf := tlog.RecordHash(record)
	if err := checkInclusion(uint64(r.index), uint64(parsed.Size), parsed.Root, leaf, r.proof); err != nil {
		return fmt.Errorf("%s: inclusion of %s at %d: %w (leaf hash %v, root %v)", path, entry, r.index, err,
			leaf, parsed.Root)
	}
	return printReceipt(parsed, r.index, keys[1:])
}

func printReceipt(parsed *checkpoint, index int64, cosigners []note.Verifier) error {
	names := []string{}
	for _, key := range cosigners {
		names = append(names, key.Name())
	}
	return printJSON(os.Stdout, struct {
		Origin   string    `json:"origin"`
		Index    int64     `json:"index"`
		Size     int64     `json:"size"`
		Root     tlog.Hash `json:"root"`
		Cosigned []string  `json:"cosigned"`
	}{parsed.Origin, index, parsed.Size, parsed.Root, names})
}
