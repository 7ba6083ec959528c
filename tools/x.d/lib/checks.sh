# shellcheck shell=bash
# The checks of tools/x check: each says what is wrong and returns whether all is well. They run in
# the root of the checkout.

check_format() {
  tracked '*.cc' '*.h' | xargs -0 -r clang-format-19 --dry-run -Werror ||
    { say "cure: tools/x format" && false; }
}

# Who may include what is declared in CMakeLists.txt files; configuring writes it to modules.txt.
check_tidy() {
  "$x" build dev build.ninja && /usr/bin/python3 tools/check/tidy.py "$build/dev/modules.txt"
}

check_docs() { tracked '*.md' | xargs -0 -r /usr/bin/python3 tools/check/links.py; }

check_shell() {
  # Scripts are known by their name or, without an extension, by their first line.
  {
    tracked '*.sh'
    tracked tools/x .ci/run
  } | xargs -0 -r shellcheck
}

check_proto() {
  command -v buf >/dev/null || { say "buf is missing: see $logs/npm.log" && return 1; }
  buf lint proto || return
  # What has been released keeps its meaning for ever. Until the first tag nothing is released.
  local tag
  tag=$(git -c safe.directory="$root" describe --tags --abbrev=0 2>/dev/null) || return 0
  git -c safe.directory="$root" cat-file -e "$tag:proto/buf.yaml" 2>/dev/null || return 0
  buf breaking proto --against ".git#tag=$tag,subdir=proto"
}

# Files that differ from the upstream branch, or, without one, that are not committed.
changed_sources() {
  local base=HEAD
  if git rev-parse -q --verify '@{upstream}' >/dev/null; then
    base=$(git merge-base HEAD '@{upstream}')
  fi
  git diff -z --name-only --diff-filter=d "$base" -- '*.cc'
}

# clang-tidy needs generated headers, so each file is compiled first (ninja's 'source^').
check_clangtidy() {
  local dir=$build/dev sources=() known=() source
  if [ "$mode" = all ]; then
    mapfile -d '' -t sources < <(tracked '*.cc')
  else
    mapfile -d '' -t sources < <(changed_sources)
  fi
  [ "${#sources[@]}" -gt 0 ] || return 0
  "$x" build dev build.ninja || return
  for source in "${sources[@]}"; do
    if grep -qF "\"file\": \"$root/$source\"" "$dir/compile_commands.json"; then known+=("$source"); fi
  done
  [ "${#known[@]}" -gt 0 ] || return 0
  "$x" build dev "${known[@]/#/$root/}" || return
  printf '%s\0' "${known[@]}" |
    xargs -0 -n 1 -P 2 clang-tidy-19 -p "$dir" --quiet 2> >(grep -v ' warnings\? generated\.$' >&2)
}
