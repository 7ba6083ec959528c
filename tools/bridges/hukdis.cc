// Disciplinary records, as SIASN and I-DIS are reported to take them.
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "services/domain/decide.h"
#include "tools/bridges/rows.h"
#include "tools/registers/shown.h"

namespace selaras::bridges {
namespace {

using event::v1::Fact;

constexpr Column kColumns[] = {
    {"id_kasus", Mark::kOwn, true, "the case (UUID)"},
    {"nip", Mark::kOwn, true, "NIP or NI PPPK"},
    {"nama", Mark::kOwn, true, "name"},
    {"instansi", Mark::kOwn, true, "agency, as it was written"},
    {"pnsOrangId", Mark::kReported, false, "SIASN's id of the person"},
    {"jenisHukumanId", Mark::kReported, false, "SIASN's id of the sanction; see kode_sanksi"},
    {"kode_sanksi", Mark::kOwn, true, "code of the sanction imposed, see deploy/reference"},
    {"jenisTingkatHukumanId", Mark::kReported, true,
     "R, S or B: ringan, sedang, berat; empty for moral sanctions"},
    {"alasanHukumanDisiplinId", Mark::kReported, false,
     "SIASN's id of the reason; see kode_pelanggaran"},
    {"kode_pelanggaran", Mark::kOwn, true, "violations found"},
    {"golonganId", Mark::kReported, false, "SIASN's id of the rank; see golongan"},
    {"golongan", Mark::kOwn, true, "rank"},
    {"kedudukanHukumId", Mark::kReported, false, "SIASN's id of the legal standing"},
    {"skNomor", Mark::kReported, true, "number of the decision"},
    {"skTanggal", Mark::kReported, true, "day of the decision, dd-mm-yyyy"},
    {"hukumanTanggal", Mark::kReported, true,
     "day on which it comes into force, by the first reading of the sources (conflict X-05)"},
    {"masaTahun", Mark::kReported, true, "whole years that it lasts"},
    {"masaBulan", Mark::kReported, true, "months besides"},
    {"akhirHukumanTanggal", Mark::kReported, false,
     "last day; whether the day of the start counts is not known"},
    {"nomorPp", Mark::kReported, true, "regulation, as the catalogue names it"},
    {"keterangan", Mark::kReported, true, "election of the act"},
    {"hukdisYangDiberhentikanId", Mark::kReported, false, "SIASN's id of a record that it ends"},
    {"skPembatalanNomor", Mark::kReported, true, "number of the decision that took it back"},
    {"skPembatalanTanggal", Mark::kReported, true, "day of that decision, dd-mm-yyyy"},
    {"path", Mark::kReported, false, "files at SIASN"},
    {"nomor_idis", Mark::kOwn, true, "its number in I-DIS, where recorded"},
    {"nomor_siasn", Mark::kOwn, true, "its number in SIASN, where recorded"},
};

// `30-11-2024`, or nothing.
std::string DayOf(const registers::Shown& shown, Fact::KindCase kind) {
  return DayMonthYear(shown.DayOf(kind).value_or(""));
}

std::string LevelLetter(const reference::Sanction& sanction) {
  switch (sanction.level) {
    case reference::SanctionLevel::kLight:
      return "R";
    case reference::SanctionLevel::kMedium:
      return "S";
    case reference::SanctionLevel::kSevere:
    case reference::SanctionLevel::kDishonourable:
      return "B";
    default:
      return "";
  }
}

// The number of a step's own decree or letter.
std::string NumberOf(const query::v1::TimelineStep& step) {
  for (const auto& reference : step.personal().references()) {
    if (reference.kind() == event::v1::REFERENCE_KIND_DECREE ||
        reference.kind() == event::v1::REFERENCE_KIND_LETTER) {
      return reference.raw();
    }
  }
  return "";
}

// The step that took the sanction back: a revocation, or an objection that annulled it.
const query::v1::TimelineStep* TakingBack(const registers::Shown& shown) {
  if (const auto* revoked = shown.Step(Fact::kSanctionRevoked); revoked != nullptr) return revoked;
  const auto* decided = shown.Step(Fact::kObjectionDecided);
  const bool annulled =
      decided != nullptr && decided->fact().objection_decided().outcome() == "membatalkan";
  return annulled ? decided : nullptr;
}

}  // namespace

std::span<const Column> HukdisColumns() { return kColumns; }

std::vector<std::string> HukdisRow(const Shown& shown, const reference::Catalogue& catalogue) {
  const query::v1::Case& recorded = shown.the_case;
  const registers::Shown steps(recorded, &shown.timeline);
  const auto* decided = steps.Step(Fact::kSanctionDecided);
  const std::string code = decided == nullptr ? "" : decided->fact().sanction_decided().sanction();
  const reference::Sanction* sanction = catalogue.FindSanction(code);
  const std::optional<int> months = sanction == nullptr ? std::nullopt : sanction->duration_months;
  const auto* back = TakingBack(steps);
  const auto number = [&](event::v1::ReferenceKind kind) {
    return steps.Number(kind, "").value_or("");
  };
  return {recorded.case_id(),
          recorded.respondent().nip(),
          recorded.respondent().name(),
          recorded.respondent().agency(),
          "",
          "",
          code,
          sanction == nullptr ? "" : LevelLetter(*sanction),
          "",
          absl::StrJoin(recorded.violations_found(), "+"),
          "",
          recorded.rank(),
          "",
          decided == nullptr ? "" : NumberOf(*decided),
          DayOf(steps, Fact::kSanctionDecided),
          DayMonthYear(shown.in_force_on),
          months ? absl::StrCat(*months / 12) : "",
          months ? absl::StrCat(*months % 12) : "",
          "",
          sanction == nullptr ? "" : sanction->regime,
          recorded.election(),
          "",
          back == nullptr ? "" : NumberOf(*back),
          back == nullptr ? "" : DayMonthYear(domain::DayOf(back->occurred_at())),
          "",
          number(event::v1::REFERENCE_KIND_IDIS),
          number(event::v1::REFERENCE_KIND_SIASN)};
}

}  // namespace selaras::bridges
