# usage: tools/x demo [ARGUMENT…]
#
# builds three nodes, imports registers of three agencies and compares what they say
#
# tools/x demo --help lists the arguments. stdout is the demo's; progress goes to stderr.
demo=$root/tools/demo/demo.py
bin=$build/release/bin
case " $* " in
  *" --help "* | *" -h "*) ;;
  *) "$x" build release selaras-intake selaras-referral selaras-sanction selaras ;;
esac
# Debian's Python by its path: another one on the PATH has none of Debian's modules.
exec /usr/bin/python3 "$demo" --bin "$bin" "$@"
