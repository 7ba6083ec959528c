# usage: tools/x clean [--all]
#
# removes what was built; --all also the compiler cache, buf and logs
case ${1:-} in
  --all) rm -rf "$build" ;;
  "") find "$build" -mindepth 2 -maxdepth 2 -name preset.stamp -printf '%h\0' 2>/dev/null | xargs -0 -r rm -rf ;;
  *) usage_error "clean knows only --all" ;;
esac
