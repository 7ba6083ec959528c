// Where cases stand, in the words of SBT.
#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

#include "services/domain/decide.h"
#include "tools/bridges/rows.h"
#include "tools/registers/shown.h"

namespace selaras::bridges {
namespace {

constexpr Column kColumns[] = {
    {"id_kasus", Mark::kOwn, true, "the case (UUID)"},
    {"nomor_sbt", Mark::kOwn, true, "its number in SBT, where recorded"},
    {"nip", Mark::kOwn, true, "NIP or NI PPPK; SBT asks for it or for the NIK"},
    {"nama", Mark::kOwn, true, "name"},
    {"instansi", Mark::kOwn, true, "agency, as it was written"},
    {"kode_wilayah", Mark::kOwn, true, "region of the agency (Kemendagri)"},
    {"pemilihan", Mark::kOwn, true, "election"},
    {"kode_pelanggaran", Mark::kOwn, true, "violations found"},
    {"nomor_surat_penerusan", Mark::kOwn, true, "Bawaslu's letter"},
    {"nomor_rekomendasi", Mark::kOwn, true, "BKN's letter"},
    {"status", Mark::kPublished, true,
     "word of SBT; which state has which word is our reading (sbt_states.tsv)"},
    {"menunggu", Mark::kOwn, true, "authority that must act next"},
    {"sejak", Mark::kOwn, true, "since which day, yyyy-mm-dd"},
};

}  // namespace

std::span<const Column> SbtColumns() { return kColumns; }

std::vector<std::string> SbtRow(const Shown& shown, const reference::Catalogue& catalogue) {
  const query::v1::Case& recorded = shown.the_case;
  const registers::Shown steps(recorded, &shown.timeline);
  const reference::Code* status = catalogue.FindCode("sbt_status", recorded.public_status());
  const auto number = [&](event::v1::ReferenceKind kind) {
    return steps.Number(kind, "").value_or("");
  };
  return {recorded.case_id(),
          number(event::v1::REFERENCE_KIND_SBT),
          recorded.respondent().nip(),
          recorded.respondent().name(),
          recorded.respondent().agency(),
          recorded.agency_region(),
          recorded.election(),
          absl::StrJoin(recorded.violations_found(), "+"),
          number(event::v1::REFERENCE_KIND_REFERRAL_LETTER),
          number(event::v1::REFERENCE_KIND_RECOMMENDATION_LETTER),
          status == nullptr ? recorded.public_status() : status->text,
          recorded.waiting_for(),
          domain::DayOf(recorded.since())};
}

}  // namespace selaras::bridges
