#include "tools/selaras/commands/case_table.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

constexpr absl::string_view kKindPrefix = "REFERENCE_KIND_";

}  // namespace

std::vector<std::string> CaseHeadings() {
  return {"CASE", "STATE", "SINCE", "HOLDER", "WAITING FOR", "REGION", "NIP", "RESPONDENT"};
}

std::vector<Cell> CaseRow(const query::v1::Case& c) {
  return {ShortId(c.case_id()), {StateWord(c.state()), ToneOf(c.state())},
          WhenText(c.since()),  c.holder(),
          c.waiting_for(),      c.agency_region(),
          NipText(c),           Personal(c, c.respondent().name())};
}

Tone ToneOf(query::v1::CaseState state) {
  switch (state) {
    case query::v1::CASE_STATE_NOT_ACCEPTED:
    case query::v1::CASE_STATE_NO_VIOLATION:
    case query::v1::CASE_STATE_DISMISSED:
    case query::v1::CASE_STATE_NOTICE_RECEIVED:
      return Tone::kDim;
    case query::v1::CASE_STATE_RETURNED:
    case query::v1::CASE_STATE_OBJECTED:
      return Tone::kWarning;
    case query::v1::CASE_STATE_DECIDED:
    case query::v1::CASE_STATE_HANDED_OVER:
      return Tone::kGood;
    default:
      return Tone::kPlain;
  }
}

std::string Personal(query::v1::PersonalState state, const std::string& text) {
  if (state == query::v1::PERSONAL_STATE_ERASED) return "erased";
  if (state == query::v1::PERSONAL_STATE_WITHHELD) return "withheld, not recorded";
  return state == query::v1::PERSONAL_STATE_PENDING ? "sealed, key pending" : text;
}

std::string Personal(const query::v1::Case& c, const std::string& text) {
  return Personal(c.personal(), text);
}

std::string NipText(const query::v1::Case& c) {
  return Personal(c, c.identified() ? c.respondent().nip() : "identity open");
}

std::string ErasureText(const query::v1::Case& c) {
  const query::v1::Erasure& erasure = c.erasure();
  if (erasure.keys_destroyed()) return "erased";
  if (!erasure.holds().empty()) {
    return absl::StrCat(
        "held: ", absl::StrJoin(erasure.holds(), ", ", [](std::string* out, const auto& hold) {
          absl::StrAppend(out, hold.code(), " by ", hold.by());
        }));
  }
  if (erasure.orders().empty()) return "";
  const std::string ordered = absl::StrCat("ordered by ", erasure.orders(0).by());
  if (erasure.missing().empty()) return absl::StrCat(ordered, ", all consented");
  return absl::StrCat(ordered, ", waits for ", absl::StrJoin(erasure.missing(), ", "));
}

std::string KindWord(event::v1::ReferenceKind kind) {
  if (!event::v1::ReferenceKind_IsValid(kind)) return "";
  absl::string_view name = event::v1::ReferenceKind_Name(kind);
  absl::ConsumePrefix(&name, kKindPrefix);
  return absl::StrReplaceAll(absl::AsciiStrToLower(name), {{"_", "-"}});
}

event::v1::ReferenceKind ParseKind(absl::string_view word) {
  event::v1::ReferenceKind kind = event::v1::REFERENCE_KIND_UNSPECIFIED;
  event::v1::ReferenceKind_Parse(
      absl::StrCat(kKindPrefix, absl::StrReplaceAll(absl::AsciiStrToUpper(word), {{"-", "_"}})),
      &kind);
  return kind;
}

std::string KindWords() {
  std::vector<std::string> words;
  const auto* descriptor = event::v1::ReferenceKind_descriptor();
  for (int i = 0; i < descriptor->value_count(); ++i) {
    const auto kind = static_cast<event::v1::ReferenceKind>(descriptor->value(i)->number());
    if (kind != event::v1::REFERENCE_KIND_UNSPECIFIED) words.push_back(KindWord(kind));
  }
  return absl::StrJoin(words, ", ");
}

}  // namespace selaras::cli
