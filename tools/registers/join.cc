#include "tools/registers/join.h"

#include <cstddef>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

#include "services/domain/references.h"

namespace selaras::registers {
namespace {

using event::v1::ReferenceKind;

constexpr std::pair<absl::string_view, ReferenceKind> kNumbers[] = {
    {"nomor_register", event::v1::REFERENCE_KIND_REGISTER},
    {"nomor_surat_penerusan", event::v1::REFERENCE_KIND_REFERRAL_LETTER},
    {"nomor_agenda", event::v1::REFERENCE_KIND_AGENDA},
    {"nomor_rekomendasi", event::v1::REFERENCE_KIND_RECOMMENDATION_LETTER},
    {"nomor_sk", event::v1::REFERENCE_KIND_DECREE},
    {"skNomor", event::v1::REFERENCE_KIND_DECREE},
    {"skPembatalanNomor", event::v1::REFERENCE_KIND_DECREE},
    {"nomor_sbt", event::v1::REFERENCE_KIND_SBT},
    {"nomor_idis", event::v1::REFERENCE_KIND_IDIS},
    {"nomor_siasn", event::v1::REFERENCE_KIND_SIASN},
};

// Two persons of one report may share a name: another NIP is one that was mistyped only if hardly
// anything of it is another.
bool IsMistyped(absl::string_view a, absl::string_view b) {
  constexpr int kDigitsMax = 2;
  if (a.size() != b.size()) return false;
  int other = 0;
  for (std::size_t i = 0; i < a.size(); ++i) other += a[i] != b[i] ? 1 : 0;
  return other <= kDigitsMax;
}

std::vector<LookUp> KeysOf(const BawasluRow& row) {
  std::vector<LookUp> keys;
  if (!row.nip.empty()) {
    keys.push_back({event::v1::REFERENCE_KIND_REGISTER, row.register_number, row.nip});
  }
  // The NIP itself may have been added or repaired.
  keys.push_back({event::v1::REFERENCE_KIND_REGISTER, row.register_number, ""});
  if (!row.referral_letter.empty() && !row.nip.empty()) {  // elsewhere the register is not known
    keys.push_back({event::v1::REFERENCE_KIND_REFERRAL_LETTER, row.referral_letter, row.nip});
  }
  return keys;
}

std::vector<LookUp> KeysOf(const BknRow& row) {
  return {{event::v1::REFERENCE_KIND_REFERRAL_LETTER, row.referral_letter, row.nip}};
}

std::vector<LookUp> KeysOf(const BkpsdmRow& row) {
  return {{event::v1::REFERENCE_KIND_RECOMMENDATION_LETTER, row.recommendation_letter, row.nip}};
}

std::vector<LookUp> KeysOf(const WorklistRow&) { return {}; }

}  // namespace

std::vector<LookUp> JoinKeys(const Row& row) {
  return std::visit([](const auto& each) { return KeysOf(each); }, row);
}

bool IsOfPerson(const Row& row, const query::v1::Case& recorded) {
  const std::string& nip =
      std::visit([](const auto& each) -> const std::string& { return each.nip; }, row);
  const std::string& known = recorded.respondent().nip();
  if (!nip.empty() && known == nip) return true;
  if (!nip.empty() && !known.empty() && !IsMistyped(nip, known)) return false;
  const auto* bawaslu = std::get_if<BawasluRow>(&row);
  return bawaslu != nullptr && !bawaslu->respondent_name.empty() &&
         absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(recorded.respondent().name()),
                                absl::StripAsciiWhitespace(bawaslu->respondent_name));
}

std::vector<Difference> WithoutSpellings(std::vector<Difference> differences) {
  std::erase_if(differences, [](const Difference& each) {
    const ReferenceKind kind = NumberIn(each.column);
    return kind != event::v1::REFERENCE_KIND_UNSPECIFIED &&
           domain::ReferenceKey(kind, each.recorded) == domain::ReferenceKey(kind, each.in_file);
  });
  return differences;
}

ReferenceKind NumberIn(absl::string_view column) {
  for (const auto& [name, kind] : kNumbers) {
    if (name == column) return kind;
  }
  return event::v1::REFERENCE_KIND_UNSPECIFIED;
}

}  // namespace selaras::registers
