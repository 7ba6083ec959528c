# shellcheck shell=bash
# What the shell tests share: a scratch folder, and assertions that say what they saw.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail_test() {
  printf 'FAILED at line %s: %s\n' "${BASH_LINENO[1]}" "$*" >&2
  exit 1
}

# expect CODE COMMAND…: runs it; sets stdout and stderr.
expect() {
  local wanted=$1 code=0
  shift
  "$@" >"$scratch/.stdout" 2>"$scratch/.stderr" </dev/null || code=$?
  stdout=$(<"$scratch/.stdout") stderr=$(<"$scratch/.stderr")
  [ "$code" -eq "$wanted" ] || fail_test "code $code instead of $wanted: $*"$'\n'"$stdout"$'\n'"$stderr"
}

expect_contains() { [[ $1 == *"$2"* ]] || fail_test "no '$2' in: $1"; }
expect_equal() { [ "$1" = "$2" ] || fail_test "'$1' is not '$2'"; }
expect_silence() { expect_equal "$stdout$stderr" ""; }

# run_tests [FUNCTION]…: those named, or all of the script, each in a shell of its own.
run_tests() {
  local name
  if [ $# -eq 0 ]; then
    # shellcheck disable=SC2046 # names have no spaces
    set -- $(declare -F | sed -n 's/^declare -f \([A-Z][A-Za-z]*_[A-Z].*\)/\1/p')
  fi
  for name in "$@"; do
    mkdir -p "$scratch/$name"
    (cd "$scratch/$name" && "$name")
  done
}
