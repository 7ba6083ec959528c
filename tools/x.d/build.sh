# usage: tools/x build [PRESET] [TARGET…]
#
# builds targets (all) of a preset (release); presets: dev, tsan, release, gcc, coverage
#
# Configures when needed. One line of progress on a terminal, silence elsewhere; the output of a
# command that fails is shown. The result is in build/PRESET, programs in build/PRESET/bin.
"$x" setup build

# read, not grep -q: a pipe that closes early would end cmake, and pipefail the script.
is_preset() {
  local names
  names=$(cd "$root" && cmake --list-presets=build | sed -n 's/^ *"\([^"]*\)".*/\1/p')
  grep -qx -- "$1" <<<"$names"
}

preset=release
if [ $# -gt 0 ] && is_preset "$1"; then
  preset=$1
  shift
fi
[ "$preset" = release ] || "$x" setup test
dir=$build/$preset

# The stamp tells a build folder of another checkout or of older presets, which CMake cannot continue.
configure() {
  local stamp
  stamp=$(echo "$root $dir" && cat "$root/CMakePresets.json")
  if [ -f "$dir/build.ninja" ] && [ "$(cat "$dir/preset.stamp" 2>/dev/null)" = "$stamp" ]; then
    # When a CMakeLists.txt has changed this configures again; else it does nothing.
    quietly "configure-$preset.log" ninja -C "$dir" build.ninja
    return
  fi
  note "configuring $preset …"
  quietly "configure-$preset.log" cmake --fresh --preset "$preset" -S "$root" -B "$dir" || return
  echo "$stamp" >"$dir/preset.stamp"
  note ""
}

compile() {
  if [ -t 2 ] && [ "${TERM:-dumb}" != dumb ]; then
    NINJA_STATUS="$preset [%f/%t] " ninja -C "$dir" "$@" >&2
  else
    ninja --quiet -C "$dir" "$@" | sed -u '/^ninja: no work to do\.$/d' >&2
  fi
}

timed "configure ($preset)" configure || exit 1
timed "build ($preset)" compile "$@" || die "the build of $preset failed"
