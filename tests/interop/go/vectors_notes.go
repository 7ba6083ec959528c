// Vectors of checkpoints, cosignatures and receipts, and of command lines that are refused.
package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	logName     = "log.example/selaras"
	witnessName = "witness.example/w1"
	witnessTime = 1767225600
)

// cosign is a note.Signer of c2sp.org/tlog-cosignature. The message can be made a wrong one.
type cosign struct {
	keyPair
	seconds uint64
	message func(seconds uint64, body []byte) []byte
}

func (c cosign) Name() string    { return c.name }
func (c cosign) KeyHash() uint32 { return keyID(c.name, typeCosignature, c.public()) }

func (c cosign) Sign(body []byte) ([]byte, error) {
	blob := make([]byte, 8, 8+ed25519.SignatureSize)
	binary.BigEndian.PutUint64(blob, c.seconds)
	return append(blob, ed25519.Sign(c.private, c.message(c.seconds, body))...), nil
}

func (g *generator) witness() cosign {
	return cosign{g.key(witnessName), witnessTime, cosignedMessage}
}

// rawSignature is a note.Signer with a given blob.
type rawSignature struct {
	name string
	hash uint32
	blob []byte
}

func (r rawSignature) Name() string                { return r.name }
func (r rawSignature) KeyHash() uint32             { return r.hash }
func (r rawSignature) Sign([]byte) ([]byte, error) { return r.blob, nil }

// unknownSignatures are n lines of keys that no reader of the vectors knows.
func unknownSignatures(n int) []note.Signer {
	var signers []note.Signer
	for i := 0; i < n; i++ {
		blob := []byte(strings.Repeat("u", 1+40*i))
		signers = append(signers, rawSignature{fmt.Sprintf("unknown.example/%d", i), uint32(i), blob})
	}
	return signers
}

// noteCase writes a note and says what the command must answer; want is nil where it must refuse.
func (g *generator) noteCase(command, vkey, file, desc, content string, want interface{}) {
	path := "notes/" + file
	g.write(path, []byte(content))
	c := testCase{Desc: desc, File: path, Args: []string{command, "--key", vkey, path}, Exit: exitInvalid}
	if want != nil {
		c.Exit, c.Stdout = 0, oneLine(want)
	}
	g.add(c)
}

func (g *generator) notes() {
	log := g.key(logName)
	root := g.newTree(100).root(100)
	want := &checkpoint{logName, 100, root}
	text := checkpointText(logName, 100, root)
	g.acceptedNotes(log, want, text)
	g.refusedSignatures(log, text)
	g.refusedTexts(log, root)
	g.refusedBytes(log, text)
}

func (g *generator) acceptedNotes(log keyPair, want *checkpoint, text string) {
	good := func(file, desc, content string, want *checkpoint) {
		g.noteCase("note", log.vkey(), file, desc, content, want)
	}
	signed := signNote(text, log.signer())
	good("valid", "checkpoint", signed, want)
	good("unknown-signatures", "signatures of unknown keys around it",
		signNote(text, append(unknownSignatures(3), log.signer())...), want)
	good("sixteen-signatures", "as many signatures as every reader must accept",
		signNote(text, append(unknownSignatures(15), log.signer())...), want)
	good("same-name", "unknown key of the same name",
		signNote(text, rawSignature{log.name, 1, make([]byte, 64)}, log.signer()), want)
	good("same-id", "unknown key of the same ID",
		signNote(text, rawSignature{"other.example", log.signer().KeyHash(), make([]byte, 64)}, log.signer()), want)
	good("extension-lines", "extension lines", signNote(text+"one\ntwo + \u00e9\n", log.signer()), want)
	good("dash-extension", "extension line that looks like a signature",
		signNote(text+"\u2014 log.example AAAA\n", log.signer()), want)
	good("twice", "the same valid signature twice", signed+lastLine(signed), want)
	good("cosigned-too", "cosignature beside the signature", signNote(text, log.signer(), g.witness()), want)
	odd := "go.sum database <tree> & \"quoted\" \\ \u2028+ \u00e9"
	good("odd-origin", "origin of any text", signNote(checkpointText(odd, 100, want.Root), log.signer()),
		&checkpoint{odd, 100, want.Root})
	good("empty-tree", "size 0", signNote(checkpointText(logName, 0, emptyRoot), log.signer()),
		&checkpoint{logName, 0, emptyRoot})
	good("largest", "size 2^63-1", signNote(checkpointText(logName, 1<<63-1, want.Root), log.signer()),
		&checkpoint{logName, 1<<63 - 1, want.Root})
}

func lastLine(text string) string {
	return text[strings.LastIndexByte(text[:len(text)-1], '\n')+1:]
}

func (g *generator) refusedSignatures(log keyPair, text string) {
	bad := func(file, desc, content string) {
		g.noteCase("note", log.vkey(), file, desc, content, nil)
	}
	signed := signNote(text, log.signer())
	line := lastLine(signed)
	wrong := rawSignature{log.name, log.signer().KeyHash(), make([]byte, 64)}
	g.noteCase("note", g.key("other.example").vkey(), "wrong-key", "key that did not sign", signed, nil)
	g.noteCase("note", keyPair{logName, g.key("other.example").private}.vkey(), "wrong-key-same-name",
		"another key of the same name", signed, nil)
	bad("wrong-signature", "signature of zeros", signNote(text, wrong))
	bad("second-wrong", "valid signature, then a wrong one of the same key", signed+lastLine(signNote(text, wrong)))
	bad("first-wrong", "wrong signature, then a valid one of the same key", signNote(text, wrong)+line)
	bad("short-signature", "signature of 63 bytes", signNote(text, rawSignature{log.name, wrong.hash, wrong.blob[:63]}))
	bad("long-signature", "signature of 65 bytes", signNote(text,
		rawSignature{log.name, wrong.hash, append(ed25519.Sign(log.private, []byte(text)), 0)}))
	bad("id-only", "signature line with a key ID alone", text+"\n"+line+"\u2014 unknown.example "+
		base64.StdEncoding.EncodeToString([]byte{1, 2, 3, 4})+"\n")
	bad("unknown-only", "signatures of unknown keys only", signNote(text, unknownSignatures(2)...))
	bad("hyphen", "hyphen in place of the dash", text+"\n"+strings.Replace(line, "\u2014", "-", 1))
	bad("no-name", "signature line without a name", text+"\n"+strings.Replace(line, log.name, "", 1))
	bad("plus-in-name", "plus in the name of another signature", signed+"\u2014 a+b AAAAAAAA\n")
	bad("space-in-name", "no-break space in the name of another signature", signed+"\u2014 a\u00a0b AAAAAAAA\n")
	bad("signature-base64", "bad base64 in the signature",
		strings.Replace(signed, line[len(line)-12:], "*"+line[len(line)-11:], 1))
	bad("signature-canonical", "signature with stray bits", text+"\n"+notCanonical(line[:len(line)-1])+"\n")
	bad("unknown-base64", "bad base64 in the signature of an unknown key", signed+"\u2014 unknown.example AAAAAA!=\n")
	bad("too-many", "101 signatures", signNote(text, append(unknownSignatures(0), log.signer())...)+
		strings.Repeat("\u2014 unknown.example AAAAAAAA\n", 100))
}

func (g *generator) refusedTexts(log keyPair, root tlog.Hash) {
	bad := func(file, desc, text string) {
		g.noteCase("note", log.vkey(), file, desc, signNote(text, log.signer()), nil)
	}
	for i, size := range []string{"0100", "00", "-100", "+100", " 100", "100 ", "1e2", "0x64", "100.0", "", "\u0661",
		"9223372036854775808", "18446744073709551615", "18446744073709551616", "1_00"} {
		bad(fmt.Sprintf("size-%02d", i), fmt.Sprintf("size %q", size), logName+"\n"+size+"\n"+root.String()+"\n")
	}
	text := root.String()
	for i, hash := range []string{"", text[:43], text + "=", text[:40], notCanonical(text), " " + text, text + " ",
		base64.StdEncoding.EncodeToString(make([]byte, 31)), base64.StdEncoding.EncodeToString(make([]byte, 33)),
		base64.URLEncoding.EncodeToString([]byte(strings.Repeat("\xff", 32))), "*" + text[1:]} {
		bad(fmt.Sprintf("root-%02d", i), fmt.Sprintf("root %q", hash), logName+"\n100\n"+hash+"\n")
	}
	bad("empty-tree-root", "size 0 with another root", checkpointText(logName, 0, root))
	bad("empty-origin", "empty origin", checkpointText("", 100, root))
	bad("two-lines", "no root line", logName+"\n100\n")
	bad("empty-extension", "empty extension line", checkpointText(logName, 100, root)+"\nlast\n")
	bad("empty-end", "empty line at the end of the text", checkpointText(logName, 100, root)+"\n")
}

func (g *generator) refusedBytes(log keyPair, text string) {
	bad := func(file, desc, content string) {
		g.noteCase("note", log.vkey(), file, desc, content, nil)
	}
	signed := signNote(text, log.signer())
	lines := strings.Split(text, "\n")
	bad("flipped-root", "flipped bit in the root", strings.Replace(signed, lines[2], flipBit(lines[2], g.rnd), 1))
	bad("other-size", "another size under the signature", strings.Replace(signed, "\n100\n", "\n101\n", 1))
	bad("other-origin", "another origin under the signature", "x"+signed)
	bad("no-empty-line", "no empty line", strings.Replace(signed, "\n\n", "\n", 1))
	bad("no-signature", "no signature line", text+"\n")
	bad("text-only", "no signature and no empty line", text)
	bad("no-last-newline", "no newline at the end", signed[:len(signed)-1])
	bad("text-after", "text after the signatures", signed+"text\n")
	bad("crlf", "CRLF line ends", strings.ReplaceAll(signed, "\n", "\r\n"))
	bad("crlf-signed", "CRLF line ends under the signature",
		signNote(strings.ReplaceAll(text, "\n", "\r\n"), log.signer()))
	bad("tab", "tab in an extension line", signNote(text+"a\tb\n", log.signer()))
	bad("nul", "NUL in an extension line", signNote(text+"a\x00b\n", log.signer()))
	bad("not-utf8", "invalid UTF-8 in an extension line", signNote(text+"a\xffb\n", log.signer()))
	bad("surrogate", "surrogate in UTF-8 in an extension line", signNote(text+"a\xed\xa0\x80b\n", log.signer()))
	bad("bom", "byte order mark before the note", "\ufeff"+signed)
	bad("empty-file", "empty file", "")
}

type cosignedCheckpoint struct {
	*checkpoint
	Time uint64 `json:"time"`
}

func (g *generator) cosignatures() {
	log, witness := g.key(logName), g.witness()
	root := g.newTree(100).root(100)
	text := checkpointText(logName, 100, root)
	parsed := &checkpoint{logName, 100, root}
	want := &cosignedCheckpoint{parsed, witnessTime}
	vkey := witness.cosignerKey()
	accept := func(file, desc, content string, want *cosignedCheckpoint) {
		g.noteCase("cosignature", vkey, "cosigned-"+file, desc, content, want)
	}
	signed := signNote(text, log.signer(), witness)
	accept("valid", "cosigned checkpoint", signed, want)
	accept("alone", "cosignature without the signature of the log", signNote(text, witness), want)
	accept("unknown", "cosignature among unknown signatures", signNote(text, append(unknownSignatures(14), log.signer(),
		witness)...), want)
	accept("extension", "cosignature over extension lines", signNote(text+"one\n", log.signer(), witness), want)
	accept("time-0", "cosignature of time 0", signNote(text, cosign{witness.keyPair, 0, cosignedMessage}),
		&cosignedCheckpoint{parsed, 0})
	accept("time-largest", "cosignature of time 2^63-1", signNote(text, cosign{witness.keyPair, 1<<63 - 1,
		cosignedMessage}), &cosignedCheckpoint{parsed, 1<<63 - 1})
	accept("twice", "two cosignatures of the key: the first counts", signed+lastLine(signNote(text,
		cosign{witness.keyPair, witnessTime + 60, cosignedMessage})), want)
	g.refusedCosignatures(log, witness, text)
}

func (g *generator) refusedCosignatures(log keyPair, witness cosign, text string) {
	bad := func(file, desc, content string) {
		g.noteCase("cosignature", witness.cosignerKey(), "cosigned-"+file, desc, content, nil)
	}
	message := func(format string) string {
		return signNote(text, cosign{witness.keyPair, witnessTime, func(seconds uint64, body []byte) []byte {
			return []byte(fmt.Sprintf(format, seconds, body))
		}})
	}
	blob, err := witness.Sign([]byte(text))
	must(err)
	raw := func(blob []byte) string {
		return signNote(text, rawSignature{witness.name, witness.KeyHash(), blob})
	}
	other := append([]byte{}, blob...)
	other[7] ^= 1
	bad("other-time", "another time under the cosignature", raw(other))
	bad("short", "cosignature of 71 bytes", raw(blob[:71]))
	bad("long", "cosignature of 73 bytes", raw(append(append([]byte{}, blob...), 0)))
	bad("no-time", "signature without the time", raw(blob[8:]))
	bad("time-2-63", "cosignature of time 2^63", signNote(text, cosign{witness.keyPair, 1 << 63, cosignedMessage}))
	bad("header-v0", "another header line", message("cosignature/v0\ntime %d\n%s"))
	bad("padded-time", "time with a leading zero", message("cosignature/v1\ntime 0%d\n%s"))
	bad("no-header", "time line only", message("time %d\n%s"))
	bad("blank-line", "blank line in the message", message("cosignature/v1\ntime %d\n\n%s"))
	bad("body-only", "message without the time", message("cosignature/v1\n%[2]s"))
	bad("no-extension", "message without the extension line", strings.Replace(signNote(text, witness), text+"\n",
		text+"one\n\n", 1))
	bad("log-only", "signature of the log only", signNote(text, log.signer()))
	bad("log-type", "signature of type 0x01 by the key of the cosigner", signNote(text, witness.keyPair.signer()))
	g.noteCase("note", witness.keyPair.vkey(), "cosignature-as-signature", "cosignature read as a signature",
		signNote(text, witness), nil)
	g.noteCase("cosignature", g.key("other.example").cosignerKey(), "cosigned-other-key", "key that did not cosign",
		signNote(text, log.signer(), witness), nil)
}

// usage makes command lines that are wrong: for a key text as much as for an option.
func (g *generator) usage() {
	log, witness := g.key(logName), g.key(witnessName)
	path := "notes/valid"
	bad := func(desc string, args ...string) {
		g.add(testCase{Desc: "usage: " + desc, File: path, Args: args, Exit: exitUsage})
	}
	vkey := log.vkey()
	id, wrongID := vkey[len(logName)+1:len(logName)+9], "00000000"
	bad("no command")
	bad("unknown command", "verify", path)
	bad("no key", "note", path)
	bad("two keys", "note", "--key", vkey, "--key", vkey, path)
	bad("no file", "note", "--key", vkey)
	bad("two files", "note", "--key", vkey, path, path)
	bad("option without a value", "note", path, "--key")
	bad("unknown option", "note", "--key", vkey, "--force", path)
	bad("key with another ID", "note", "--key", strings.Replace(vkey, id, wrongID, 1), path)
	cosignerKey := witness.cosignerKey()
	cosignerID := cosignerKey[len(witnessName)+1 : len(witnessName)+9]
	bad("key of a cosigner with another ID", "cosignature", "--key",
		strings.Replace(cosignerKey, cosignerID, wrongID, 1), "notes/cosigned-valid")
	bad("key without an ID", "note", "--key", logName+"+"+vkey[len(logName)+10:], path)
	bad("key of 31 bytes", "note", "--key", vkey[:len(vkey)-4], path)
	bad("key that is no base64", "note", "--key", vkey[:len(vkey)-1]+"*", path)
	bad("key without a name", "note", "--key", keyPair{"", log.private}.cosignerKey(), path)
	bad("key with a space in its name", "cosignature", "--key", keyPair{"a b", log.private}.cosignerKey(), path)
	bad("key of a cosigner for a log", "note", "--key", cosignerKey, path)
	bad("key of a log for a cosigner", "cosignature", "--key", vkey, path)
	bad("key with another type under the ID", "cosignature", "--key",
		strings.Replace(cosignerKey, "+B", "+A", 1), path)
	bad("no kind of proof", "proofs", "inclusion.jsonl")
	bad("two kinds of proof", "proofs", "--inclusion", "--consistency", "inclusion.jsonl")
	bad("two files of proofs", "proofs", "--inclusion", "inclusion.jsonl", "inclusion.jsonl")
	bad("receipt without an entry", "receipt", "--key", vkey, "receipts/good.tlog-proof")
	bad("cosigner twice", "receipt", "--key", vkey, "--cosigner", cosignerKey, "--cosigner",
		cosignerKey, "--entry", "receipts/entry", "receipts/good.tlog-proof")
	bad("no folder", "tiles", "--key", vkey)
	g.add(testCase{Desc: "uppercase ID", File: path, Args: []string{"note", "--key",
		strings.Replace(vkey, id, strings.ToUpper(id), 1), path}, Stdout: oneLine(g.readBack(path, log))})
	for _, args := range [][]string{{"note", "--key", vkey, "absent"}, {"note", "--key", vkey, "notes"},
		{"proofs", "--inclusion", "absent"}, {"proofs", "--consistency", "notes/empty-file"},
		{"tiles", "--key", vkey, "absent"}, {"receipt", "--key", vkey, "--entry", "absent", path}} {
		g.add(testCase{Desc: "unreadable: " + args[0], File: path, Args: args, Exit: exitInvalid})
	}
}

func (g *generator) readBack(path string, log keyPair) *checkpoint {
	verifier, err := note.NewVerifier(log.vkey())
	must(err)
	parsed, _, err := readCheckpoint(g.dir+"/"+path, verifier)
	must(err)
	return parsed
}

type receiptAnswer struct {
	Origin   string    `json:"origin"`
	Index    int64     `json:"index"`
	Size     int64     `json:"size"`
	Root     tlog.Hash `json:"root"`
	Cosigned []string  `json:"cosigned"`
}

func receiptText(extra string, index int64, proof []tlog.Hash, signed string) string {
	text := receiptHeader + "\n" + extra + fmt.Sprintf("index %d\n", index)
	for _, hash := range proof {
		text += hash.String() + "\n"
	}
	return text + "\n" + signed
}

func (g *generator) receipts() {
	log, witness := g.key(logName), g.witness()
	second := cosign{g.key("witness.example/w2"), witnessTime + 1, cosignedMessage}
	t := g.newTree(100)
	proof, err := tlog.ProveRecord(100, 41, t)
	must(err)
	signed := signNote(checkpointText(logName, 100, t.root(100)), log.signer(), witness, second)
	good := receiptText("", 41, proof, signed)
	g.write("receipts/entry", t.entries[41])
	g.write("receipts/entry-flipped", append([]byte{1}, t.entries[41]...))
	g.write("receipts/entry-empty", t.entries[0])

	run := func(file, desc, content, entry string, index int64, cosigners ...keyPair) {
		answer := &receiptAnswer{logName, index, 100, t.root(100), []string{}}
		args := []string{"receipt", "--key", log.vkey(), "--entry", "receipts/" + entry}
		for _, key := range cosigners {
			answer.Cosigned = append(answer.Cosigned, key.name)
			args = append(args, "--cosigner", key.cosignerKey())
		}
		path := "receipts/" + file + ".tlog-proof"
		g.write(path, []byte(content))
		c := testCase{Desc: desc, File: path, Args: append(args, path), Exit: exitInvalid}
		if index >= 0 {
			c.Exit, c.Stdout = 0, oneLine(answer)
		}
		g.add(c)
	}
	run("good", "receipt", good, "entry", 41)
	run("good", "receipt with one cosigner", good, "entry", 41, witness.keyPair)
	run("good", "receipt with two cosigners", good, "entry", 41, second.keyPair, witness.keyPair)
	run("extra", "receipt with extra data", receiptText("extra YWJjZA==\n", 41, proof, signed), "entry", 41)
	proof0, err := tlog.ProveRecord(100, 0, t)
	must(err)
	run("first", "receipt of the first entry, which is empty", receiptText("", 0, proof0, signed), "entry-empty", 0)
	run("good", "flipped entry", good, "entry-flipped", -1)
	run("good", "another entry", good, "entry-empty", -1)
	run("good", "cosigner that did not sign", good, "entry", -1, g.key("other.example"))
	run("good", "one cosigner of two did not sign", good, "entry", -1, witness.keyPair, g.key("other.example"))
	for _, damaged := range g.damagedReceipts(log, witness, t, proof, signed) {
		run(damaged.file, damaged.desc, damaged.text, "entry", -1)
	}
	g.oneEntry(log)
}

// oneEntry is the receipt without hashes, in a log of one entry.
func (g *generator) oneEntry(log keyPair) {
	t := g.newTree(1)
	path := "receipts/only.tlog-proof"
	g.write(path, []byte(receiptText("", 0, nil, signNote(checkpointText(logName, 1, t.root(1)), log.signer()))))
	g.add(testCase{Desc: "receipt of the only entry", File: path,
		Args:   []string{"receipt", "--key", log.vkey(), "--entry", "receipts/entry-empty", path},
		Stdout: oneLine(&receiptAnswer{logName, 0, 1, t.root(1), []string{}})})
}

type damagedText struct{ file, desc, text string }

func (g *generator) damagedReceipts(log keyPair, witness cosign, t *logTree, proof []tlog.Hash,
	signed string) []damagedText {
	good := receiptText("", 41, proof, signed)
	change := func(old, new string) string { return strings.Replace(good, old, new, 1) }
	hash := proof[2].String()
	foreign := signNote(checkpointText(logName, 100, t.root(100)), witness.keyPair.signer())
	earlier := signNote(checkpointText(logName, 99, t.root(99)), log.signer())
	return []damagedText{
		{"wrong-index", "wrong index", receiptText("", 40, proof, signed)},
		{"index-size", "index is the size", receiptText("", 100, proof, signed)},
		{"index-zero", "index with a leading zero", change("index 41", "index 041")},
		{"index-negative", "negative index", change("index 41", "index -41")},
		{"index-large", "index 2^64", change("index 41", "index 18446744073709551616")},
		{"index-missing", "no index line", change("index 41\n", "")},
		{"missing-hash", "missing hash", receiptText("", 41, proof[:len(proof)-1], signed)},
		{"extra-hash", "hash too many", receiptText("", 41, append(append([]tlog.Hash{}, proof...), proof[0]), signed)},
		{"flipped-hash", "flipped bit in a hash", change(hash, flipBit(hash, g.rnd))},
		{"hash-base64", "bad base64 in a hash", change(hash, "*"+hash[1:])},
		{"hash-canonical", "hash with stray bits", change(hash, notCanonical(hash))},
		{"hash-short", "hash of 31 bytes", change(hash, base64.StdEncoding.EncodeToString(make([]byte, 31)))},
		{"header", "another version", change("@v1", "@v2")},
		{"no-header", "no header", change(receiptHeader+"\n", "")},
		{"extra-base64", "bad base64 in the extra data", receiptText("extra YWJj*\n", 41, proof, signed)},
		{"extra-late", "extra data after the index", change("index 41\n", "index 41\nextra YWJj\n")},
		{"extra-twice", "extra data twice", receiptText("extra YWJj\nextra YWJj\n", 41, proof, signed)},
		{"no-empty-line", "no empty line before the checkpoint", change("\n\n", "\n")},
		{"two-empty-lines", "two empty lines before the checkpoint", change("\n\n", "\n\n\n")},
		{"crlf", "CRLF line ends", strings.ReplaceAll(good, "\n", "\r\n")},
		{"crlf-header", "CRLF after the header", change("\n", "\r\n")},
		{"no-checkpoint", "no checkpoint", receiptText("", 41, proof, "")},
		{"foreign", "checkpoint of another signer", receiptText("", 41, proof, foreign)},
		{"earlier", "checkpoint of another size", receiptText("", 41, proof, earlier)},
		{"empty", "empty file", ""},
	}
}
