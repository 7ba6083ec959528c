#include "tools/registers/describe.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

#include "services/domain/decide.h"
#include "services/domain/local_date.h"
#include "storage/base/bytes.h"
#include "tools/registers/shown.h"

namespace selaras::registers {
namespace {

using event::v1::Fact;
using query::v1::Case;

std::string DayText(const std::optional<domain::LocalDate>& day) { return day ? day->ToIso() : ""; }

// Collects what differs; a column that the node does not show is passed over.
class Comparison {
 public:
  void Compare(absl::string_view column, std::optional<std::string> recorded,
               absl::string_view in_file) {
    if (!recorded || *recorded == in_file) return;
    differences_.push_back({std::string(column), *std::move(recorded), std::string(in_file)});
  }

  std::vector<Difference> Take() { return std::move(differences_); }

 private:
  std::vector<Difference> differences_;
};

absl::string_view WordOf(IntakeResult result) {
  switch (result) {
    case IntakeResult::kNotRecorded:
      return "";
    case IntakeResult::kInProgress:
      return "proses";
    case IntakeResult::kNotAccepted:
      return "tidak_diterima";
    case IntakeResult::kNoViolation:
      return "bukan_pelanggaran";
    case IntakeResult::kForwarded:
      return "diteruskan";
  }
  return "";
}

// A violation that was found and not forwarded yet is no result that a register has.
std::optional<std::string> IntakeResultOf(query::v1::CaseState state) {
  switch (state) {
    case query::v1::CASE_STATE_UNSPECIFIED:
    case query::v1::CASE_STATE_VIOLATION_FOUND:
    case query::v1::CASE_STATE_HANDED_ELSEWHERE:
    case query::v1::CASE_STATE_DELEGATED:
      return std::nullopt;
    case query::v1::CASE_STATE_NAMED:
      return std::string(WordOf(IntakeResult::kNotRecorded));
    case query::v1::CASE_STATE_ACCEPTED:
      return std::string(WordOf(IntakeResult::kInProgress));
    case query::v1::CASE_STATE_NOT_ACCEPTED:
      return std::string(WordOf(IntakeResult::kNotAccepted));
    case query::v1::CASE_STATE_NO_VIOLATION:
      return std::string(WordOf(IntakeResult::kNoViolation));
    default:
      return std::string(WordOf(IntakeResult::kForwarded));
  }
}

absl::string_view WordOf(VerificationResult result) {
  switch (result) {
    case VerificationResult::kNotRecorded:
      return "";
    case VerificationResult::kProven:
      return "terbukti";
    case VerificationResult::kNotProven:
      return "tidak_terbukti";
    case VerificationResult::kReturned:
      return "dikembalikan";
  }
  return "";
}

VerificationResult VerificationResultOf(const Shown& shown, query::v1::CaseState state) {
  if (shown.has_timeline()) {
    const query::v1::TimelineStep* step =
        shown.LastOf({Fact::kCaseVerified, Fact::kCaseDismissed, Fact::kCaseReturned});
    if (step == nullptr) return VerificationResult::kNotRecorded;
    if (step->fact().has_case_dismissed()) return VerificationResult::kNotProven;
    if (step->fact().has_case_returned()) return VerificationResult::kReturned;
    return VerificationResult::kProven;
  }
  if (state == query::v1::CASE_STATE_DISMISSED) return VerificationResult::kNotProven;
  if (state == query::v1::CASE_STATE_RETURNED) return VerificationResult::kReturned;
  if (state >= query::v1::CASE_STATE_VERIFIED) return VerificationResult::kProven;
  return VerificationResult::kNotRecorded;
}

// Motives have no order of their own.
std::string Joined(std::vector<std::string> codes) {
  std::sort(codes.begin(), codes.end());
  return absl::StrJoin(codes, "|");
}

// The region of the PPK that was addressed, if it has one; without a timeline that of the PPK that
// is a party, which it stays after the recommendation was taken back.
std::string PpkRegionOf(const Case& recorded, const Shown& shown) {
  std::string region;
  if (shown.has_timeline()) {
    const query::v1::TimelineStep* step = shown.Step(Fact::kSanctionRecommended);
    if (step == nullptr) return region;
    absl::string_view to = step->fact().sanction_recommended().to();
    if (absl::ConsumePrefix(&to, "ppk/")) region = std::string(to);
    return region;
  }
  for (const std::string& party : recorded.parties()) {
    absl::string_view id = party;
    if (absl::ConsumePrefix(&id, "ppk/")) region = std::string(id);
  }
  return region;
}

// A row that was not accepted has one step for two dates: the review, on its own date if
// that is recorded.
std::optional<std::string> ReviewDay(const Shown& shown, const BawasluRow& row) {
  if (row.result == IntakeResult::kNotAccepted && !row.reviewed_on) return std::nullopt;
  return shown.DayOf(Fact::kCaseReviewed);
}

std::optional<std::string> IntakeResultDay(const Shown& shown, const BawasluRow& row) {
  switch (row.result) {
    case IntakeResult::kForwarded:
      return shown.DayOf(Fact::kCaseReferred);
    case IntakeResult::kNoViolation:
      return shown.DayOf(Fact::kCaseConcluded);
    case IntakeResult::kNotAccepted:
      if (!row.reviewed_on) return shown.DayOf(Fact::kCaseReviewed);
      return std::nullopt;
    default:
      return std::nullopt;  // not a step of its own
  }
}

std::vector<Difference> DifferencesOf(const BawasluRow& row, const Case& recorded,
                                      const query::v1::Report* report, const Shown& shown) {
  const auto of_report = [&](auto value) -> std::optional<std::string> {
    if (report == nullptr) return std::nullopt;
    return value(*report);
  };
  const auto personal = [&](const std::string& value) -> std::optional<std::string> {
    if (!shown.personal_open()) return std::nullopt;
    return value;
  };
  Comparison all;
  all.Compare("pemilihan", recorded.election(), row.election);
  all.Compare("nomor_register", of_report([](const auto& r) { return r.register_number(); }),
              row.register_number);
  all.Compare("sumber", of_report([](const auto& r) { return r.source(); }), row.source);
  all.Compare("tanggal_kejadian", recorded.incident_on(), DayText(row.incident_on));
  all.Compare("tanggal_diketahui", of_report([](const auto& r) { return r.known_on(); }),
              DayText(row.known_on));
  all.Compare("tanggal_diterima",
              of_report([](const auto& r) { return domain::DayOf(r.received_at()); }),
              DayText(row.received_on));
  all.Compare("tempat_kejadian", of_report([](const auto& r) { return r.place(); }), row.place);
  all.Compare("kode_wilayah", recorded.agency_region(), row.region);
  all.Compare("pelapor_nama", of_report([](const auto& r) { return r.reporter().name(); }),
              row.reporter_name);
  all.Compare("pelapor_alamat", of_report([](const auto& r) { return r.reporter().address(); }),
              row.reporter_address);
  all.Compare("pelapor_telepon", of_report([](const auto& r) { return r.reporter().phone(); }),
              row.reporter_phone);
  all.Compare("terlapor_nama", personal(recorded.respondent().name()), row.respondent_name);
  all.Compare("terlapor_nip", personal(recorded.respondent().nip()), row.nip);
  all.Compare("status_kepegawaian", recorded.employment_status(), row.employment_status);
  all.Compare("terlapor_jabatan", personal(recorded.respondent().position_title()),
              row.position_title);
  all.Compare("jenis_jabatan", recorded.position_kind(), row.position_kind);
  all.Compare("golongan", recorded.rank(), row.rank);
  all.Compare("instansi", personal(recorded.respondent().agency()), row.agency);
  all.Compare("uraian", of_report([](const auto& r) { return r.chronology(); }), row.chronology);
  const auto& violations = recorded.violations_found().empty() ? recorded.violations_alleged()
                                                               : recorded.violations_found();
  // What was alleged and why never leaves the office of the report.
  const bool elsewhere = report == nullptr && recorded.report_id().empty();
  all.Compare("kode_pelanggaran",
              elsewhere && violations.empty() ? std::nullopt
                                              : std::optional(absl::StrJoin(violations, "|")),
              row.violation);
  all.Compare("modus",
              elsewhere && recorded.motives().empty()
                  ? std::nullopt
                  : std::optional(Joined({recorded.motives().begin(), recorded.motives().end()})),
              Joined(row.motives));
  all.Compare("bukti_sha256", of_report([](const auto& r) {
                return absl::StrJoin(r.evidence(), "|", [](std::string* out, const auto& each) {
                  absl::StrAppend(out, base::HexEncode(each.sha256()));
                });
              }),
              base::HexEncode(row.evidence_sha256));
  all.Compare("tanggal_kajian_awal", ReviewDay(shown, row), DayText(row.reviewed_on));
  all.Compare("hasil", IntakeResultOf(recorded.state()), WordOf(row.result));
  all.Compare("tanggal_hasil", IntakeResultDay(shown, row), DayText(row.result_on));
  all.Compare("nomor_surat_penerusan",
              shown.Number(event::v1::REFERENCE_KIND_REFERRAL_LETTER, row.referral_letter),
              row.referral_letter);
  return all.Take();
}

Fact::KindCase FactOf(VerificationResult result) {
  switch (result) {
    case VerificationResult::kNotRecorded:
      return Fact::KIND_NOT_SET;
    case VerificationResult::kProven:
      return Fact::kCaseVerified;
    case VerificationResult::kNotProven:
      return Fact::kCaseDismissed;
    case VerificationResult::kReturned:
      return Fact::kCaseReturned;
  }
  return Fact::KIND_NOT_SET;
}

std::optional<std::string> BodyOf(const Shown& shown) {
  const query::v1::TimelineStep* step = shown.Step(Fact::kCaseReceived);
  if (step == nullptr) return std::nullopt;
  return step->acting_for().empty() ? step->author() : step->acting_for();
}

std::vector<Difference> DifferencesOf(const BknRow& row, const Case& recorded,
                                      const query::v1::Report*, const Shown& shown) {
  Comparison all;
  all.Compare("lembaga", BodyOf(shown), row.acting_for.empty() ? "bkn" : row.acting_for);
  all.Compare("tanggal_terima", shown.DayOf(Fact::kCaseReceived), DayText(row.received_on));
  all.Compare("nomor_agenda", shown.NumberOf(Fact::kCaseReceived, event::v1::REFERENCE_KIND_AGENDA),
              row.agenda_number);
  const VerificationResult result = VerificationResultOf(shown, recorded.state());
  all.Compare("hasil_verifikasi", std::string(WordOf(result)), WordOf(row.result));
  const Fact::KindCase fact = FactOf(result);
  all.Compare("tanggal_verifikasi",
              fact == Fact::KIND_NOT_SET ? std::optional<std::string>("") : shown.DayOf(fact),
              DayText(row.verified_on));
  if (const query::v1::TimelineStep* step = shown.Step(fact);
      step != nullptr && step->personal_state() != query::v1::PERSONAL_STATE_PENDING) {
    all.Compare("alasan", step->personal().reason_text(), row.reason);
  }
  all.Compare(
      "nomor_rekomendasi",
      shown.Number(event::v1::REFERENCE_KIND_RECOMMENDATION_LETTER, row.recommendation_letter),
      row.recommendation_letter);
  all.Compare("kode_sanksi_rekomendasi", recorded.sanction_recommended(), row.sanction);
  // A recommendation without it went to the PPK of the respondent's agency.
  const bool implied = row.ppk_region.empty() && !row.recommendation_letter.empty();
  all.Compare("kode_wilayah_ppk",
              implied ? std::nullopt : std::optional(PpkRegionOf(recorded, shown)), row.ppk_region);
  return all.Take();
}

std::vector<Difference> DifferencesOf(const BkpsdmRow& row, const Case& recorded,
                                      const query::v1::Report*, const Shown& shown) {
  const auto blocker = [&]() -> std::string {
    const auto& blockers = recorded.blockers();
    if (blockers.empty()) return "";
    const bool known = std::find(blockers.begin(), blockers.end(), row.blocker) != blockers.end();
    return known ? row.blocker : *blockers.rbegin();
  };
  const auto route = [&]() -> std::optional<std::string> {
    if (!recorded.objected()) return "";
    const query::v1::TimelineStep* step = shown.Step(Fact::kObjectionFiled);
    if (step == nullptr) return std::nullopt;
    return step->fact().objection_filed().route();
  };
  Comparison all;
  all.Compare("kode_wilayah", PpkRegionOf(recorded, shown), row.region);
  all.Compare("tanggal_terima", shown.DayOf(Fact::kRecommendationReceived),
              DayText(row.received_on));
  all.Compare("nomor_agenda",
              shown.NumberOf(Fact::kRecommendationReceived, event::v1::REFERENCE_KIND_AGENDA),
              row.agenda_number);
  all.Compare("tanggal_panggilan", shown.DayOf(Fact::kRespondentSummoned),
              DayText(row.summoned_on));
  all.Compare("tanggal_pemeriksaan", shown.DayOf(Fact::kRespondentExamined),
              DayText(row.examined_on));
  all.Compare("nomor_sk", shown.Number(event::v1::REFERENCE_KIND_DECREE, row.decree_number),
              row.decree_number);
  all.Compare("tanggal_sk", shown.DayOf(Fact::kSanctionDecided), DayText(row.decided_on));
  all.Compare("kode_sanksi", recorded.sanction_imposed(), row.sanction);
  all.Compare("tanggal_sk_diterima", shown.DayOf(Fact::kDecisionHandedOver),
              DayText(row.handed_over_on));
  all.Compare("kendala", blocker(), row.blocker);
  all.Compare("upaya_administratif", route(), row.objection_route);
  all.Compare("tanggal_upaya", shown.DayOf(Fact::kObjectionFiled), DayText(row.objected_on));
  return all.Take();
}

// What a command of a worklist left behind is no column of it.
std::vector<Difference> DifferencesOf(const WorklistRow&, const Case&, const query::v1::Report*,
                                      const Shown&) {
  return {};
}

}  // namespace

std::vector<Difference> Differences(const Row& row, const Case& recorded,
                                    const query::v1::Report* report,
                                    const query::v1::GetTimelineResponse* timeline) {
  const Shown shown(recorded, timeline);
  return std::visit([&](const auto& each) { return DifferencesOf(each, recorded, report, shown); },
                    row);
}

}  // namespace selaras::registers
