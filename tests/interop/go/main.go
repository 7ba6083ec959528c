// Command selaras-verify-go checks evidence that Selaras exports, with none of its code: the Merkle
// math and the note signatures are those of golang.org/x/mod/sumdb.
//
// This file is the command line. See README.md for the commands and the specifications.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

const usageText = `usage:
  selaras-verify-go note --key VKEY FILE
  selaras-verify-go cosignature --key VKEY FILE
  selaras-verify-go proofs --inclusion|--consistency [FILE]
  selaras-verify-go receipt --key VKEY [--cosigner VKEY ...] --entry FILE PROOF
  selaras-verify-go tiles --key VKEY DIR
  selaras-verify-go vectors OUT_DIR --seed N
exit: 0 all valid, 1 something invalid or unreadable, 2 usage`

const (
	exitInvalid = 1
	exitUsage   = 2
)

// usageError is a command line that cannot be run, as opposed to evidence that does not hold.
type usageError struct{ reason string }

func (e usageError) Error() string { return e.reason }

func usagef(format string, args ...interface{}) error {
	return usageError{fmt.Sprintf(format, args...)}
}

// errReported says that the failures stand on stderr already.
var errReported = errors.New("reported")

var commands = map[string]func(args []string) error{
	"note":        noteCommand,
	"cosignature": cosignatureCommand,
	"proofs":      proofsCommand,
	"receipt":     receiptCommand,
	"tiles":       tilesCommand,
	"vectors":     vectorsCommand,
}

func main() {
	os.Exit(run(os.Args[1:]))
}

func run(args []string) int {
	err := dispatch(args)
	var usage usageError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &usage):
		complain(usage.reason)
		fmt.Fprintln(os.Stderr, usageText)
		return exitUsage
	case !errors.Is(err, errReported):
		complain(err.Error())
	}
	return exitInvalid
}

func dispatch(args []string) error {
	if len(args) == 0 {
		return usagef("a command is missing")
	}
	command, ok := commands[args[0]]
	if !ok {
		return usagef("unknown command %q", args[0])
	}
	return command(args[1:])
}

func complain(message string) {
	fmt.Fprintln(os.Stderr, "selaras-verify-go: "+strings.ReplaceAll(message, "\n", `\n`))
}

// options are the arguments of one command.
type options struct {
	values map[string][]string // of flags with a value
	flags  map[string]bool     // without one
	files  []string
}

// parseOptions takes the names of the flags that have a value and of those that have none.
func parseOptions(args []string, valued, plain string) (*options, error) {
	o := &options{values: map[string][]string{}, flags: map[string]bool{}}
	for i := 0; i < len(args); i++ {
		arg := args[i]
		switch {
		case !strings.HasPrefix(arg, "--"):
			o.files = append(o.files, arg)
		case contains(plain, arg):
			o.flags[arg] = true
		case contains(valued, arg) && i+1 < len(args):
			i++
			o.values[arg] = append(o.values[arg], args[i])
		case contains(valued, arg):
			return nil, usagef("%s needs a value", arg)
		default:
			return nil, usagef("unknown option %s", arg)
		}
	}
	return o, nil
}

func contains(words, word string) bool {
	for _, w := range strings.Fields(words) {
		if w == word {
			return true
		}
	}
	return false
}

// one gives the value of a flag that must stand exactly once.
func (o *options) one(flag string) (string, error) {
	if len(o.values[flag]) != 1 {
		return "", usagef("%s must be given once", flag)
	}
	return o.values[flag][0], nil
}

// file gives the only positional argument.
func (o *options) file(what string) (string, error) {
	if len(o.files) != 1 {
		return "", usagef("one %s is needed, %d given", what, len(o.files))
	}
	return o.files[0], nil
}

// printJSON writes v as one line. HTML escapes would differ from what other languages write.
func printJSON(w io.Writer, v interface{}) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}
