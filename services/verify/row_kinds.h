#pragma once

#include <cstddef>
#include <span>

#include "absl/strings/string_view.h"

// Every kind of row beside the logs, and what an auditor can know of it.
namespace selaras::verify {

enum class Rule {
  kExact,     // derived anew, byte for byte
  kCaseView,  // derived anew; order of arrival and number of the change aside
  kWatch,     // derived anew; when to look next aside
  kKept,      // not derivable: looked at for sense only
};

struct RowKind {
  absl::string_view name;    // as people read it
  absl::string_view prefix;  // of the keys in Table::kView; empty: in another table
  bool alone;                // there is one row: the prefix is the key
  Rule rule;
  absl::string_view why_kept;  // why it cannot be derived; empty: it can
  bool personal = false;       // derived from personal data, which may be sealed
};

// The kind that is counted while the logs are audited.
inline constexpr absl::string_view kPublishedRows = "published checkpoint";

// All kinds; those of Table::kView first, in no order.
std::span<const RowKind> RowKinds();

// The kind of a row of Table::kView, by index; RowKinds().size() if it is none that is known.
std::size_t KindOf(absl::string_view key);

}  // namespace selaras::verify
