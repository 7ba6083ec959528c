#!/usr/bin/env bash
# The command line as a person meets it first, without any node. SELARAS_BIN has the program.
# shellcheck source=tests/smoke/harness.sh
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"

selaras=${SELARAS_BIN:?}/selaras
unset SELARAS_NODE SELARAS_CA SELARAS_CERT SELARAS_KEY

Cli_HelpListsEveryCommandTheExitCodesAndFitsATerminal() {
  expect 0 "$selaras" --help
  local command
  for command in "case list" "case find" "case show" "case timeline" "report list" \
    "report show" import worklist status "link list" "log tail" "log get" "log list" "log verify" \
    "log stats" "checkpoint show" "reference show" "key generate" version; do
    [[ $stdout =~ $'\n'"  $command "\ *[a-z] ]] || fail_test "no line for $command in: $stdout"
  done
  expect_contains "$stdout" "exit codes:"
  expect_equal "$stderr" ""
  local line
  while IFS= read -r line; do
    [ "${#line}" -le 100 ] || fail_test "too wide: $line"
  done <<<"$stdout"
}

Cli_TheVersionIsThatOfTheProject() {
  local version
  version=$(sed -n 's/^project(selaras VERSION \([0-9.]*\).*/\1/p' "$root/CMakeLists.txt")
  expect 0 "$selaras" version
  expect_equal "$stdout" "selaras $version"
  expect 0 "$selaras" --version
  expect_equal "$stdout" "selaras $version"
  expect 0 "$selaras" version --json
  expect_equal "$stdout" "{\"version\":\"$version\"}"
}

Cli_WrongUseEndsWithTwoOnStderrAndSaysWhereHelpIs() {
  local line
  while IFS= read -r line; do
    # shellcheck disable=SC2086 # the words of a command line
    expect 2 "$selaras" $line
    expect_equal "$stdout" ""
    expect_contains "$stderr" "selaras"
  done <<'LINES'

case
case lst
case show
case list --stat referred
link list --store d
log verify
log get 7 8
status
status --node localhost --ca a --cert b --key c
status --node localhost:1
import
key generate
status --colour pink --store d
LINES
  expect 2 "$selaras" case lst
  expect_equal "$stderr" "selaras: there is no command 'lst'; did you mean list?
see: selaras case --help"
}

Cli_FilesThatAreNotThereAreNamed() {
  expect 1 "$selaras" status --node localhost:1 --ca absent.crt --cert a --key b
  expect_contains "$stderr" "cannot read absent.crt: No such file or directory"
  expect 1 "$selaras" status --client absent.textproto
  expect_contains "$stderr" "absent.textproto"
  mkdir empty
  expect 1 "$selaras" log verify --store empty
  expect_equal "$stdout" ""
  expect_contains "$stderr" "selaras: "
}

Cli_ANodeThatDoesNotAnswerEndsWithSix() {
  "$root/deploy/pki/make-test-pki.sh" --out pki --identity entry:bkn:test >/dev/null
  expect 6 "$selaras" status --node 127.0.0.1:1 --ca pki/ca.crt --cert pki/test.crt --key pki/test.key
  expect_contains "$stderr" "selaras: the node at 127.0.0.1:1 does not answer"
  expect_contains "$stderr" "Connection refused"
  : >register.csv
  expect 6 "$selaras" import register.csv --wait 1s --node 127.0.0.1:1 --ca pki/ca.crt \
    --cert pki/test.crt --key pki/test.key
}

Cli_AKeyIsMadeOnceAndForItsOwnerOnly() {
  expect 0 "$selaras" key generate bkn
  [[ $stdout =~ ^selaras/bkn\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+$ ]] || fail_test "no verifier key: $stdout"
  expect_equal "$(stat -c %a bkn.logkey)" 600
  expect_contains "$(<bkn.logkey)" "PRIVATE+KEY+selaras/bkn+"
  expect 1 "$selaras" key generate bkn
  expect_contains "$stderr" "never overwritten"
}

Cli_ColoursAreOnlyForTerminals() {
  expect 2 "$selaras" case
  [[ $stderr != *$'\e['* ]] || fail_test "colours in a pipe"
  expect 1 "$selaras" --colour always status --client absent.textproto
  [[ $stderr == *$'\e['* ]] || fail_test "no colours though asked for"
}

run_tests "$@"
