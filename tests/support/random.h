#pragma once

#include <cstdint>
#include <random>

namespace selaras::test {

// A generator for one test, and the only source of chance in tests. Prints its
// seed; SELARAS_SEED=<number> in the environment repeats a run exactly.
std::mt19937_64 SeededRandom();

// Evenly from `low` to `high`, both included.
std::uint64_t Between(std::mt19937_64& random, std::uint64_t low, std::uint64_t high);

}  // namespace selaras::test
