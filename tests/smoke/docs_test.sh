#!/usr/bin/env bash
# What documents say of the tree.
# shellcheck disable=SC2016 # backticks are Markdown here
# shellcheck source=tests/smoke/harness.sh
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"

# The cells of one column of all tables of THREATS.md, without heads and lines.
threats() { awk -F ' [|] ' -v n="$1" 'NF >= 5 && $1 !~ /^[|] (threat|---)/ { print $n }' "$root/THREATS.md"; }
# What stands between backticks.
quoted() { grep -o '`[^`]*`' | tr -d '`' | sort -u; }

Docs_EveryTestThatTheThreatsNameExists() {
  local name
  ctest --test-dir "$SELARAS_BIN/.." -N | sed -n 's/^ *Test *#[0-9]*: \([^ ]*\).*/\1/p' | sort -u >tests
  threats 5 | quoted >named
  [ "$(wc -l <named)" -ge 30 ] || fail_test "the table was not read: $(wc -l <named) names"
  while read -r name; do
    grep -qxF -- "$name" tests || fail_test "THREATS.md names $name, which is no test"
  done <named
}

Docs_EveryThreatHasATest() {
  [ "$(threats 5 | grep -c '`')" -eq "$(threats 1 | wc -l)" ] || fail_test "a threat without a test"
}

Docs_WhereAThreatIsMetExists() {
  local path
  threats 3 | quoted >places
  [ "$(wc -l <places)" -ge 20 ] || fail_test "the table was not read"
  while read -r path; do
    compgen -G "$root/$path*" >/dev/null || fail_test "THREATS.md names $path, which is not there"
  done <places
}

run_tests "$@"
