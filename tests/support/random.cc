#include "tests/support/random.h"

#include <cstdlib>
#include <iostream>

namespace selaras::test {

std::mt19937_64 SeededRandom() {
  const char* given = std::getenv("SELARAS_SEED");
  const std::uint64_t seed =
      given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::cout << "repeat with SELARAS_SEED=" << seed << std::endl;
  return std::mt19937_64(seed);
}

std::uint64_t Between(std::mt19937_64& random, std::uint64_t low, std::uint64_t high) {
  return std::uniform_int_distribution<std::uint64_t>(low, high)(random);
}

}  // namespace selaras::test
