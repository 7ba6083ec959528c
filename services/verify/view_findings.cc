#include "services/verify/view_findings.h"

#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/node/rows.h"

namespace selaras::verify {
namespace {

constexpr std::size_t kShownBytes = 200;

}  // namespace

std::string KeyText(absl::string_view key) {
  std::string text;
  for (const char c : key) {
    if (absl::ascii_isprint(static_cast<unsigned char>(c))) {
      text.push_back(c);
    } else {
      absl::StrAppend(&text, "\\x", absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad2));
    }
  }
  return text;
}

std::string Shown(absl::string_view value) {
  if (value.size() > kShownBytes) return absl::StrCat(value.size(), " bytes");
  return value.empty() ? "an empty row" : KeyText(value);
}

void ReportView(absl::string_view key, std::string problem, std::string expected,
                std::string actual, audit::Findings* findings) {
  const bool look_up =
      absl::StartsWith(key, node::rows::kLookUps) || absl::StartsWith(key, node::rows::kReceipts);
  const audit::Part part = look_up ? audit::Part::kLookUp : audit::Part::kView;
  findings->Add({part, "", std::nullopt, absl::StrCat(audit::NameOf(part), " ", KeyText(key)),
                 std::move(problem), std::move(expected), std::move(actual)});
}

}  // namespace selaras::verify
