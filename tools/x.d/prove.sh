# usage: tools/x prove [SEEDS]
#
# the long suite: threads, other seeds (20) of the random tests, broken rules, Debian's default compiler
#
# 1. ThreadSanitizer over what touches neither gRPC nor RocksDB (Debian's RocksDB is not instrumented, so
#    its own threads would be reported); 2. the random tests of the preset dev, each with SEEDS more seeds,
# which are printed when one fails; 3. the property test sees each of the rules that mutants.py breaks in a
# copy of the tree, and the canaries each of the controls that canary_mutants.py takes away; 4. everything compiles
# with GCC. Takes about four hours on two cores.
seeds=${1:-20}
[[ $seeds =~ ^[1-9][0-9]*$ ]] || usage_error "SEEDS must be a number from 1"

threads=(base_test crypto_test merkle_test log_test audit_test services_reference_test services_domain_test
  services_link_test services_runtime_test services_node_test simulation_test)
random=(merkle_test log_test services_link_test services_node_test store_contract_test simulation_test
  interleavings_test)

"$x" build tsan "${threads[@]}"
for test in "${threads[@]}"; do
  note "threads: $test"
  timed "threads: $test" quietly "tsan-$test.log" "$build/tsan/tests/$test" || die "$test has a data race or fails"
done

"$x" build dev "${random[@]}"
for test in "${random[@]}"; do
  for ((i = 1; i <= seeds; i++)); do
    note "seeds: $test $i of $seeds"
    quietly "seed-$test.log" "$build/dev/tests/$test" || die "$test fails with a seed of its own; it printed which"
  done
done
note ""

timed "broken rules" /usr/bin/python3 -B "$root/tests/simulation/mutants.py" || die "the property test does not see a broken rule"
timed "controls" /usr/bin/python3 -B "$root/tests/integration/canary_mutants.py" || die "the canaries do not see that a control is gone"

"$x" build gcc
say "proved: ${#threads[@]} suites without a data race, ${#random[@]} suites with $seeds seeds each, GCC builds all"
