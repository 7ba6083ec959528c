#pragma once

#include <cstddef>
#include <string>

namespace selaras::crypto {

// Where unguessable bytes come from. Handed in, so that a simulation can replay
// itself; only main() creates the real one. Any thread.
class RandomSource {
 public:
  virtual ~RandomSource() = default;

  // Exactly `count` bytes.
  virtual std::string Fill(std::size_t count) = 0;
};

// The operating system's, through OpenSSL. Stops the process if there is none.
class SystemRandom final : public RandomSource {
 public:
  std::string Fill(std::size_t count) override;
};

}  // namespace selaras::crypto
