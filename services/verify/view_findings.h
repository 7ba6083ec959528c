#pragma once

#include <string>

#include "absl/strings/string_view.h"

#include "storage/audit/findings.h"

namespace selaras::verify {

// A key as people read it: what is not printable as `\x` and two hexadecimal digits.
std::string KeyText(absl::string_view key);

// A value of a row in words: short, and printable.
std::string Shown(absl::string_view value);

// A finding about the row of Table::kView with this key.
void ReportView(absl::string_view key, std::string problem, std::string expected,
                std::string actual, audit::Findings* findings);

}  // namespace selaras::verify
