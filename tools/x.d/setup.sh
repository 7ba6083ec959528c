# usage: tools/x setup [build|test|check]…
#
# installs what Debian 12 lacks: all lists of tools/packages.txt, or those named
#
# Needs root or sudo if something is missing, does nothing (and needs nothing) if not. "test" and
# "check" bring buf as well, from npm into the build folder.
. "$commands/lib/packages.sh"

lists=("$@")
[ $# -gt 0 ] || lists=(build test check)
for list in "${lists[@]}"; do
  case $list in
    build | test | check) ;;
    *) usage_error "no package list '$list': there are build, test and check" ;;
  esac
done
timed "packages (${lists[*]})" install_packages "${lists[@]}"
case " ${lists[*]} " in
  *" test "* | *" check "*) timed buf install_buf ;;
esac
