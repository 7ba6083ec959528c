#!/usr/bin/env bash
# tools/x, as far as it can be tested without building anything.
# shellcheck source=tests/smoke/harness.sh
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"

x=$root/tools/x

X_HelpListsEveryCommandWithWhatItDoes() {
  local file
  expect 0 "$x"
  for file in "$root"/tools/x.d/*.sh; do
    [[ $stdout =~ $'\n'"  $(basename "$file" .sh)"\ +[a-z] ]] || fail_test "no line for $file in: $stdout"
  done
}

X_EveryCommandExplainsItself() {
  local file name
  for file in "$root"/tools/x.d/*.sh; do
    name=$(basename "$file" .sh)
    expect 0 "$x" help "$name"
    expect_contains "$stdout" "usage: tools/x $name"
  done
}

X_AnUnknownCommandIsRefusedWithAHint() {
  local wrong
  for wrong in tset ../lib/common "" -v; do
    expect 2 "$x" "$wrong"
    expect_contains "$stderr" "there are: bench build check"
    expect_equal "$stdout" ""
  done
}

X_AnUnknownArgumentIsRefusedBeforeAnythingIsDone() {
  export SELARAS_BUILD=$PWD/build
  expect 2 "$x" setup everything
  expect_contains "$stderr" "there are build, test and check"
  expect 2 "$x" check spelling
  expect 2 "$x" clean everything
  [ ! -e build ] || fail_test "something was written"
}

X_WorksThroughASymbolicLinkFromAnyFolder() {
  ln -s "$x" door
  expect 0 ./door help build
  expect_contains "$stdout" "usage: tools/x build"
}

X_SetupIsSilentWhenNothingIsMissing() {
  expect 0 "$x" setup build test
  expect_silence
}

X_CleanRemovesBuildsAndKeepsCaches() {
  export SELARAS_BUILD=$PWD/build
  mkdir -p build/dev build/ccache
  touch build/dev/preset.stamp build/ccache/kept
  expect 0 "$x" clean
  expect_equal "$(ls build)" "ccache"
  expect 0 "$x" clean --all
  [ ! -e build ] || fail_test "build is still there"
}

X_EveryPackageHasAListAndIsNamedOnce() {
  sed 's/[[:space:]]*#.*//; /^$/d' "$root/tools/packages.txt" >packages
  expect 1 grep -Evx '(build|test|check) +[a-z0-9.+-]+( +=[a-z]+)?' packages
  expect_equal "$(awk '{ print $2 }' packages | sort | uniq -d)" ""
}

X_TheLockFileNamesNoRegistry() {
  expect 1 grep -n '://' "$root/tools/check/package-lock.json"
}

run_tests "$@"
