#!/usr/bin/env bash
# The checks of tools/check that are programs of their own.
# shellcheck disable=SC2016 # backticks are Markdown here
# shellcheck source=tests/smoke/harness.sh
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"

links() { /usr/bin/python3 "$root/tools/check/links.py" "$@"; }

Links_ALinkThatLeadsNowhereIsNamedWithItsLine() {
  printf '# A\n\nsee [b](b.md) and\n[c](sub/c.md "title")\n' >a.md
  touch b.md
  expect 1 links a.md
  expect_equal "$stdout" "a.md:4: sub/c.md leads nowhere"
}

Links_AnAnchorMustBeAHeading() {
  printf '# A `x` heading, twice\n# A x heading, twice\n' >b.md
  printf '[1](b.md#a-x-heading-twice) [2](b.md#a-x-heading-twice-1) [3](#here)\n## Here\n' >a.md
  expect 0 links a.md b.md
  echo '[4](b.md#gone)' >>a.md
  expect 1 links a.md
  expect_contains "$stdout" "a.md:3: b.md has no heading for #gone"
}

Links_CodeAndAddressesAreNoFiles() {
  printf '[a](https://example.org/x) `[b](b.md)`\n```\n[c](c.md)\n```\n[d](mailto:a@example.org)\n' >a.md
  expect 0 links a.md
  expect_silence
}

run_tests "$@"
