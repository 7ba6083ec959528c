# shellcheck shell=bash
# What every command of tools/x starts with. Progress and errors go to stderr; stdout is for answers.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd -P)
commands=$root/tools/x.d
x=$root/tools/x

# Where everything goes that is made: SELARAS_BUILD, else build/ in the checkout, else (a checkout that
# cannot be written) a folder of its own in the user's cache.
choose_build() {
  if [ -n "${SELARAS_BUILD:-}" ]; then
    realpath -m -- "$SELARAS_BUILD"
  elif [ -w "$root/build" ] || { [ ! -e "$root/build" ] && [ -w "$root" ]; }; then
    echo "$root/build"
  else
    echo "${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/selaras/$(cksum <<<"$root" | cut -d' ' -f1)"
  fi
}
build=$(choose_build)
logs=$build/logs

export SELARAS_BUILD=$build
export CCACHE_DIR=${CCACHE_DIR:-$build/ccache}
export CCACHE_SLOPPINESS=${CCACHE_SLOPPINESS:-pch_defines,time_macros} # it takes precompiled headers then
export PYTHONDONTWRITEBYTECODE=1 # a read-only checkout stays as it is
export PATH=$build/node/bin:$PATH  # buf, see setup

say() { printf '%s\n' "$*" >&2; }

die() {
  say "tools/x: $*"
  exit 1
}

usage_error() {
  say "tools/x: $*"
  exit 2
}

# note TEXT: what is going on, as one line that the next one replaces; nothing without a terminal.
note() {
  if [ -t 2 ] && [ "${TERM:-dumb}" != dumb ]; then
    printf '\r\033[K%s' "$*" >&2
  fi
}

# timed NAME COMMAND…: adds a row to the table "where the time went" of an enclosing tools/x test.
# A function called like this must `|| return` by itself: errexit is off inside it.
timed() {
  local name=$1 start=$EPOCHREALTIME status=0
  shift
  "$@" || status=$?
  if [ -n "${SELARAS_TIMES:-}" ]; then
    printf '%s\t%s\n' "$(awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }')" \
      "$name" >>"$SELARAS_TIMES"
  fi
  return "$status"
}

# quietly LOG COMMAND…: output goes to LOG in the logs folder and is shown only if the command fails.
quietly() {
  local log=$logs/$1 status=0
  shift
  mkdir -p "$logs"
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [ "$status" -ne 0 ]; then
    note ""
    say "tools/x: failed with code $status: $*"
    tail -n 60 "$log" >&2
    say "all of it: $log"
  fi
  return "$status"
}

# Tracked files, as paths from the root, that match the patterns and still exist.
tracked() {
  command -v git >/dev/null || die "git is missing: run tools/x setup check"
  git -c safe.directory="$root" -C "$root" ls-files -z -- "$@" |
    while IFS= read -r -d '' file; do
      if [ -f "$root/$file" ]; then printf '%s\0' "$file"; fi
    done
}
