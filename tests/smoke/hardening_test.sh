#!/usr/bin/env bash
# How the programs of this build are linked, as the system's loader reads them.
# shellcheck source=tests/smoke/harness.sh
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"

programs=(selaras selaras-intake selaras-referral selaras-sanction)

Hardening_NothingOfAProgramIsAtAPlaceThatIsKnownBeforehand() {
  for program in "${programs[@]}"; do
    expect 0 readelf -hW "$SELARAS_BIN/$program"
    expect_contains "$stdout" "DYN (Position-Independent Executable"
  done
}

Hardening_NothingThatIsCalledIsReplacedAfterTheStart() {
  for program in "${programs[@]}"; do
    expect 0 readelf -ldW "$SELARAS_BIN/$program"
    expect_contains "$stdout" GNU_RELRO
    expect_contains "$stdout" BIND_NOW
  done
}

Hardening_NoDataIsExecuted() {
  for program in "${programs[@]}"; do
    expect 0 readelf -lW "$SELARAS_BIN/$program"
    [[ $stdout =~ GNU_STACK\ +(0x0+\ +){5}RW\ +0 ]] || fail_test "$program: executable stack: $stdout"
    [[ ! $stdout =~ LOAD[^$'\n']*\ RWE\  ]] || fail_test "$program: written and executed: $stdout"
  done
}

run_tests "$@"
