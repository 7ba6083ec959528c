# usage: tools/x bench [ARGUMENT…]
#
# how fast a node is, beside the line, the disk and other stores on this machine
#
# Builds the programs of the preset release, and the pieces of a command if libbenchmark-dev is
# installed; drives a real node over mutual TLS with selaras-load, and the echo of the same requests, raw
# appends and, where Debian has them installed (postgresql, redis-server, etcd-server), others in the same run. Prints
# tables of medians and ratios, and writes tests/benchmark/RESULTS.md. Takes about ten minutes; --help shows
# the arguments. Nothing else should run meanwhile.
"$x" build release selaras-intake selaras-referral selaras-sanction selaras selaras-load verify_benchmark
if command -v etcd >/dev/null; then "$x" build release etcd_load; fi
if [ -f /usr/include/benchmark/benchmark.h ]; then "$x" build release hot_path_benchmark; fi
SELARAS_BIN=$build/release/bin exec /usr/bin/python3 -B "$root/tests/benchmark/bench.py" "$@"
