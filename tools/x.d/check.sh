# usage: tools/x check [--fast|--all] [CHECK…]
#
# format, house rules, contracts, scripts, documents, and clang-tidy on what changed
#
# Checks, all by default: format tidy proto shell docs clangtidy. --fast leaves clangtidy out (what CI
# does); --all runs it on every file instead of those that differ from the upstream branch. Silent
# when all is well; else exit code 1 and one line per failed check at the end.
mode=changed
names=()
for argument in "$@"; do
  case $argument in
    --fast) mode=fast ;;
    --all) mode=all ;;
    format | tidy | proto | shell | docs | clangtidy) names+=("$argument") ;;
    *) usage_error "no check '$argument': there are format, tidy, proto, shell, docs and clangtidy" ;;
  esac
done
if [ "${#names[@]}" -eq 0 ]; then
  names=(format tidy proto shell docs)
  [ $mode = fast ] || names+=(clangtidy)
fi

"$x" setup build check
cd "$root" || exit
# shellcheck source=tools/x.d/lib/checks.sh
. "$commands/lib/checks.sh"

failed=()
for name in "${names[@]}"; do
  note "check: $name …"
  timed "check $name" "check_$name" >&2 || failed+=("$name")
  note ""
done
[ "${#failed[@]}" -eq 0 ] || die "check failed: ${failed[*]}"
