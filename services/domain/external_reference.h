#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// Numbers that other systems gave to a report, case, letter or decision. Their forms are not
// published, so they are kept raw; the key finds candidates and identifies nothing.
namespace selaras::domain {

enum class ReferenceSystem { kSbt, kIdis, kSiasn, kSigapLapor, kSrikandi };

// `SBT`, `I-DIS`, `SIASN`, `SigapLapor`, `Srikandi`.
absl::string_view NameOf(ReferenceSystem system);

// The kind word, however it is written: `i.dis`, `IDIS`, `Sigap Lapor`. Nothing if it is none.
std::optional<ReferenceSystem> ParseReferenceSystem(absl::string_view word);

struct ExternalReference {
  ReferenceSystem system = ReferenceSystem::kSbt;
  std::string raw;
  // `SBT:2024/000123`: the system, then the number in upper case without its kind word, a
  // `Nomor`, or spaces at its ends and beside `/`, `-`, `.`.
  std::string key;
};

// A number of that system; it may repeat the kind word. INVALID_ARGUMENT with the reason alone:
// "empty", "no number after the word SBT", "a number of I-DIS, not of SBT", "121 bytes; at most
// 120 are allowed", "not printable".
absl::StatusOr<ExternalReference> ParseExternalReference(ReferenceSystem system,
                                                         absl::string_view raw);

// The same, the kind word being part of the text: `SBT 2024/000123`. "no system; write e.g. SBT
// before the number" besides.
absl::StatusOr<ExternalReference> ParseExternalReference(absl::string_view raw);

}  // namespace selaras::domain
