#pragma once

#include <cstdint>
#include <string>

namespace selaras::link {

// What a session needs of its node to pass on the directory of nodes. Whoever has a newer one tells
// it; it is believed for the signature of its keeper, never for its bearer. Thread-safe.
class Directories {
 public:
  virtual ~Directories() = default;

  // Serial number of the one in force; at least 1.
  virtual std::uint64_t serial() const = 0;
  // That one, as it was signed.
  virtual std::string note() const = 0;
  // Takes one over if it is newer. Its own serial number, or 0 if it is not believed.
  virtual std::uint64_t Hear(const std::string& note) = 0;
};

}  // namespace selaras::link
