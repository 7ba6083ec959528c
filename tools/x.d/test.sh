# usage: tools/x test [CTEST ARGUMENT…]
#
# installs, builds (preset dev) and runs the tests
#
# Shows failures, then where the time went, then ctest's summary. Arguments go to ctest, for example
# -R Merkle, -L integration, -j8, --rerun-failed. Exit code: that of ctest.
if [ -z "${SELARAS_TIMES:-}" ]; then
  SELARAS_TIMES=$(mktemp)
  export SELARAS_TIMES
  trap 'rm -f "$SELARAS_TIMES"' EXIT
fi
began=$EPOCHSECONDS
"$x" setup build test
"$x" build dev

dir=$build/dev
mkdir -p "$logs"
log=$logs/ctest.log
summary=$logs/ctest-summary.log
: >"$summary"

# Passes on what went wrong at once, keeps the summary for the end, and counts on a terminal.
show_failures() {
  local width=0
  if [ -t 2 ] && [ "${TERM:-dumb}" != dumb ]; then width=${COLUMNS:-$(tput cols 2>/dev/null || echo 80)}; fi
  awk -v width="$width" -v summary="$summary" '
    BEGIN { quiet = 1 }
    function line(text) { if (width) printf "\r\033[K%s", substr(text, 1, width - 1) > "/dev/stderr" }
    /^[0-9]+% tests passed/ { closing = 1 }
    closing { print > summary; next }
    /^ *(Start|Test project|Internal ctest)/ { next }
    /^ *[0-9]+\/[0-9]+ Test +#[0-9]+: .* +Passed +[0-9.]+ sec/ { line($0); next }
    /^ *$/ && quiet { next }
    { quiet = /^ *$/; line(""); print; fflush() }
    END { line("") }'
}

# Some tests wait, for a clock or another process: one more than there are cores keeps these busy.
run_tests() {
  ctest --test-dir "$dir" -j$(($(nproc) + 1)) --output-on-failure --no-tests=error --no-label-summary "$@" \
    </dev/null 2>&1 | tee "$log" | show_failures
}

# No head in these pipes: it would end the writer before it with SIGPIPE, and so all of this command.
# slowest_steps: the commands of this build that took longest, from ninja's log.
slowest_steps() {
  awk -F '\t' -v since="$began" 'NF == 5 && $3 / 1e9 >= since { printf "%.1f\t%s\n", ($2 - $1) / 1000, $4 }' \
    "$dir/.ninja_log" | sort -rn | awk -F '\t' '$1 >= 5 && !seen[$1]++ && ++shown <= 3' |
    sed 's/CMakeFiles\/[^/]*\.dir\///; s/\.o$//'
}

slowest_tests() {
  sed -nE 's/^ *[0-9]+\/[0-9]+ Test +#[0-9]+: (.*[^ .]) *\.* *\**(Passed|Failed|Timeout|Exception.*) +([0-9.]+) sec.*/\3\t\1/p' "$log" |
    sort -rn | awk -F '\t' '$1 >= 1 && NR <= 5'
}

rows() { awk -F '\t' -v name="$1" '{ printf "%9.1f s  %s%s\n", $1, name, $2 }'; }

status=0
timed tests run_tests "$@" || status=$?
echo "where the time went:"
awk -F '\t' '$1 >= 0.5' "$SELARAS_TIMES" | rows ""
slowest_steps | rows "  slow to build: "
slowest_tests | rows "  slow to run: "
cat "$summary"
exit "$status"
