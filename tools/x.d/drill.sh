# usage: tools/x drill [ARGUMENT…]
#
# changes every kind of stored thing on copies, and sees whether it is found
#
# Builds three nodes as tools/x demo does, tampers with copies of a store and of an export one thing
# at a time, and expects log verify to name each; also the insider who signs a rewritten log anew.
# Prints a table; exit code 1 if one escapes, or if an untouched copy is accused.
"$x" build release selaras-intake selaras-referral selaras-sanction selaras tamper_store
exec /usr/bin/python3 -B "$root/tests/integration/drill.py" --bin "$build/release/bin" \
  --tamper "$build/release/tests/tamper_store" "$@"
