# usage: tools/x format [FILE…]
#
# formats the tracked C++ files, or those named
"$x" setup check
files=("$@")
if [ $# -eq 0 ]; then
  cd "$root" || exit
  mapfile -d '' -t files < <(tracked '*.cc' '*.h')
fi
[ "${#files[@]}" -eq 0 ] || clang-format-19 -i "${files[@]}"
