#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

#include "storage/audit/inspector.h"
#include "storage/base/number.h"

namespace selaras::audit {

// A sum over places in the own logs, each with the key of a row, in any order. Two sets have the
// same sum only if they are the same, but for a chance of 2^-128, which nobody can improve who does
// not know the salt: it is drawn for each audit. A place that is added twice counts twice.
class PlaceSum {
 public:
  static constexpr std::size_t kSaltBytes = 16;

  void Add(absl::string_view salt, absl::string_view key, OwnLog log, base::Sequence sequence);
  void Add(const PlaceSum& other);

  friend bool operator==(const PlaceSum&, const PlaceSum&) = default;

 private:
  std::array<std::uint64_t, 2> sum_ = {};  // each by itself, modulo 2^64
};

}  // namespace selaras::audit
