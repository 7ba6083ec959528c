#include "tools/registers/bawaslu_register.h"

#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "services/domain/nip.h"
#include "storage/base/bytes.h"
#include "storage/base/check.h"
#include "tools/registers/codes.h"
#include "tools/registers/limits.h"
#include "tools/registers/when.h"

namespace selaras::registers {
namespace {

using intake::v1::IntakeCommand;

constexpr absl::string_view kColumns[] = {"pemilihan",
                                          "nomor_register",
                                          "sumber",
                                          "tanggal_kejadian",
                                          "tanggal_diketahui",
                                          "tanggal_diterima",
                                          "tempat_kejadian",
                                          "kode_wilayah",
                                          "pelapor_nama",
                                          "pelapor_alamat",
                                          "pelapor_telepon",
                                          "terlapor_nama",
                                          "terlapor_nip",
                                          "status_kepegawaian",
                                          "terlapor_jabatan",
                                          "jenis_jabatan",
                                          "golongan",
                                          "instansi",
                                          "uraian",
                                          "kode_pelanggaran",
                                          "modus",
                                          "bukti_sha256",
                                          "tanggal_kajian_awal",
                                          "hasil",
                                          "tanggal_hasil",
                                          "nomor_surat_penerusan"};

constexpr std::pair<absl::string_view, IntakeResult> kResults[] = {
    {"", IntakeResult::kNotRecorded},
    {"proses", IntakeResult::kInProgress},
    {"tidak_diterima", IntakeResult::kNotAccepted},
    {"bukan_pelanggaran", IntakeResult::kNoViolation},
    {"diteruskan", IntakeResult::kForwarded},
};

// Places of the commands in the batch that later ones name.
constexpr int kReport = 0;
constexpr int kRespondent = 1;

IntakeResult ReadResult(RowReader& cells) {
  for (const auto& [word, result] : kResults) {
    if (absl::EqualsIgnoreCase(cells.Raw("hasil"), word)) return result;
  }
  cells.Refuse("hasil", "unknown result");
  return IntakeResult::kNotRecorded;
}

void ReadRequiredCodes(RowReader& cells, const reference::Catalogue& catalogue, BawasluRow& row) {
  cells.Require("pemilihan", "no election");
  row.election = std::string(cells.Raw("pemilihan"));
  if (catalogue.FindElection(row.election) == nullptr) {
    cells.Refuse("pemilihan", "unknown election");
  }
  cells.Require("sumber", "no source");
  row.source = ReadCode(cells, catalogue, "sumber", "source", "unknown source");
  cells.Require("kode_wilayah", "no region");
  row.region = ReadRegion(cells, catalogue, "kode_wilayah");
  cells.Require("kode_pelanggaran", "no violation code");
  row.violation = std::string(cells.Raw("kode_pelanggaran"));
  if (catalogue.FindViolation(row.violation) == nullptr) {
    cells.Refuse("kode_pelanggaran", "unknown violation code");
  }
}

// The number is read as the status says; without one only what all have in common.
void ReadIdentity(RowReader& cells, BawasluRow& row) {
  const bool has_nip = !cells.IsEmpty("terlapor_nip");
  const auto status = domain::ParseEmploymentStatus(cells.Raw("status_kepegawaian"));
  if (status) {
    row.employment_status = std::string(domain::NameOf(*status));
  } else if (!cells.IsEmpty("status_kepegawaian")) {
    cells.Refuse("status_kepegawaian", "unknown status");
  } else if (has_nip || !cells.IsEmpty("golongan")) {
    cells.Refuse("status_kepegawaian", "no status");  // both are read by it
  }
  if (!has_nip) {
    if (row.result == IntakeResult::kForwarded) {
      cells.Refuse("terlapor_nip", "no NIP (a forwarded case needs one)");
    }
    return;
  }
  auto nip =
      domain::ParseNip(cells.Raw("terlapor_nip"), status.value_or(domain::EmploymentStatus::kPppk));
  if (nip.ok()) {
    row.nip = std::move(nip->digits);
  } else {
    cells.Refuse("terlapor_nip", nip.status().message());
  }
}

void ReadRespondent(RowReader& cells, const reference::Catalogue& catalogue, BawasluRow& row) {
  cells.Require("terlapor_nama", "no respondent");
  row.respondent_name = cells.Text("terlapor_nama", kNameBytesMax);
  ReadIdentity(cells, row);
  row.position_title = cells.Text("terlapor_jabatan", kNameBytesMax);
  row.position_kind = ReadCode(cells, catalogue, "jenis_jabatan", "position", "unknown position");
  row.agency = cells.Text("instansi", kNameBytesMax);

  if (cells.IsEmpty("golongan")) return;
  const reference::Golongan* rank = catalogue.FindGolongan(cells.Raw("golongan"));
  if (rank == nullptr) {
    cells.Refuse("golongan", "unknown rank");
  } else if (!row.employment_status.empty() &&
             row.employment_status != domain::NameOf(rank->status)) {
    cells.Refuse("golongan", absl::StrCat("a rank of ", domain::NameOf(rank->status)));
  } else {
    row.rank = rank->code;
  }
}

void ReadMotives(RowReader& cells, const reference::Catalogue& catalogue, BawasluRow& row) {
  for (const absl::string_view part :
       absl::StrSplit(cells.Raw("modus"), '|', absl::SkipWhitespace())) {
    const reference::Code* motive =
        catalogue.FindCodeOrText("motive", absl::StripAsciiWhitespace(part));
    if (motive == nullptr) {
      cells.Refuse("modus", "unknown motive");
      return;
    }
    row.motives.push_back(motive->code);
  }
}

void ReadEvidence(RowReader& cells, BawasluRow& row) {
  if (cells.IsEmpty("bukti_sha256")) return;
  auto bytes = base::HexDecode(cells.Raw("bukti_sha256"));
  if (bytes.ok() && bytes->size() == base::Digest::kSize) {
    row.evidence_sha256 = *std::move(bytes);
  } else {
    cells.Refuse("bukti_sha256", "not a SHA-256");
  }
}

void ReadDates(RowReader& cells, BawasluRow& row) {
  row.incident_on = cells.Date("tanggal_kejadian");
  row.known_on = cells.Date("tanggal_diketahui");
  row.received_on = cells.Date("tanggal_diterima");
  row.reviewed_on = cells.Date("tanggal_kajian_awal");
  row.result_on = cells.Date("tanggal_hasil");
  cells.Require("tanggal_diterima", "no date");
  cells.CheckOrder({{"tanggal_kejadian", row.incident_on},
                    {"tanggal_diketahui", row.known_on},
                    {"tanggal_diterima", row.received_on},
                    {"tanggal_kajian_awal", row.reviewed_on},
                    {"tanggal_hasil", row.result_on}},
                   "tanggal_kejadian");
}

// What is recorded about the outcome must fit together: a cell that no command can carry
// would be lost without anybody noticing.
void CheckOutcome(RowReader& cells, const BawasluRow& row) {
  switch (row.result) {
    case IntakeResult::kNotRecorded:
      for (const absl::string_view column :
           {"tanggal_kajian_awal", "tanggal_hasil", "nomor_surat_penerusan"}) {
        if (cells.IsEmpty("hasil") && !cells.IsEmpty(column)) cells.Refuse("hasil", "no result");
      }
      return;
    case IntakeResult::kInProgress:
      if (!cells.IsEmpty("tanggal_hasil")) cells.Refuse("tanggal_hasil", "not concluded");
      break;
    case IntakeResult::kNotAccepted:
    case IntakeResult::kNoViolation:
      break;
    case IntakeResult::kForwarded:
      // The addressee depends on the day of the decision to send.
      cells.Require("tanggal_hasil", "no date");
      cells.Require("nomor_surat_penerusan", "no letter number");
      return;
  }
  if (!row.referral_letter.empty()) cells.Refuse("nomor_surat_penerusan", "not forwarded");
}

void FillReport(const BawasluRow& row, absl::string_view report_key,
                intake::v1::ReceiveReport& report) {
  report.set_report_key(std::string(report_key));
  report.set_if_absent(true);
  report.set_source(row.source);
  report.set_election(row.election);
  report.set_region(row.region);
  if (row.received_on) *report.mutable_received_at() = OnDay(*row.received_on);
  if (row.known_on) report.set_known_on(row.known_on->ToIso());
  report.set_register_number(row.register_number);
  if (!row.reporter_name.empty() || !row.reporter_address.empty() || !row.reporter_phone.empty()) {
    report.mutable_reporter()->set_name(row.reporter_name);
    report.mutable_reporter()->set_address(row.reporter_address);
    report.mutable_reporter()->set_phone(row.reporter_phone);
  }
  report.set_place(row.place);
  report.set_chronology(row.chronology);
  if (!row.evidence_sha256.empty()) report.add_evidence()->set_sha256(row.evidence_sha256);
}

void FillRespondent(const BawasluRow& row, intake::v1::NameRespondent& named) {
  named.mutable_report()->set_opened_by(kReport);
  named.mutable_respondent()->set_name(row.respondent_name);
  named.mutable_respondent()->set_nip(row.nip);
  named.mutable_respondent()->set_position_title(row.position_title);
  named.mutable_respondent()->set_agency(row.agency);
  named.set_employment_status(row.employment_status);
  named.set_position_kind(row.position_kind);
  named.set_rank(row.rank);
  named.set_agency_region(row.region);
  // A forwarded row says what was found; what had been alleged is not recorded.
  if (row.result != IntakeResult::kForwarded) named.add_violations_alleged(row.violation);
  if (row.incident_on) named.set_incident_on(row.incident_on->ToIso());
  for (const std::string& motive : row.motives) named.add_motives(motive);
  SetOccurredAt(row.received_on, named);
}

// `proses` and `tidak_diterima` say how the review ended, with or without its date; the
// other results say nothing about it unless its date is recorded.
bool RecordsReview(const BawasluRow& row) {
  return row.reviewed_on || row.result == IntakeResult::kInProgress ||
         row.result == IntakeResult::kNotAccepted;
}

}  // namespace

std::span<const absl::string_view> BawasluColumns() { return kColumns; }

BawasluRow ReadBawasluRow(RowReader& cells, const reference::Catalogue& catalogue) {
  BawasluRow row;
  row.result = ReadResult(cells);
  cells.Require("nomor_register", "no register number");
  row.register_number = cells.Text("nomor_register", kNumberBytesMax);
  ReadRequiredCodes(cells, catalogue, row);
  ReadDates(cells, row);
  row.place = cells.Text("tempat_kejadian", kPlaceBytesMax);
  row.reporter_name = cells.Text("pelapor_nama", kNameBytesMax);
  row.reporter_address = cells.Text("pelapor_alamat", kAddressBytesMax);
  row.reporter_phone = cells.Text("pelapor_telepon", kPhoneBytesMax);
  ReadRespondent(cells, catalogue, row);
  row.chronology = cells.Text("uraian", kChronologyBytesMax);
  ReadMotives(cells, catalogue, row);
  ReadEvidence(cells, row);
  row.referral_letter = cells.Text("nomor_surat_penerusan", kNumberBytesMax);
  CheckOutcome(cells, row);
  return row;
}

absl::string_view DifferenceOfReports(const BawasluRow& a, const BawasluRow& b) {
  if (a.election != b.election) return "pemilihan";
  if (a.source != b.source) return "sumber";
  if (a.known_on != b.known_on) return "tanggal_diketahui";
  if (a.received_on != b.received_on) return "tanggal_diterima";
  if (a.place != b.place) return "tempat_kejadian";
  if (a.region != b.region) return "kode_wilayah";
  if (a.reporter_name != b.reporter_name) return "pelapor_nama";
  if (a.reporter_address != b.reporter_address) return "pelapor_alamat";
  if (a.reporter_phone != b.reporter_phone) return "pelapor_telepon";
  if (a.chronology != b.chronology) return "uraian";
  if (a.evidence_sha256 != b.evidence_sha256) return "bukti_sha256";
  return "";
}

std::vector<IntakeCommand> CommandsOf(const BawasluRow& row, absl::string_view report_key) {
  std::vector<IntakeCommand> commands(2);
  FillReport(row, report_key, *commands[kReport].mutable_receive_report());
  FillRespondent(row, *commands[kRespondent].mutable_name_respondent());

  if (RecordsReview(row)) {
    auto& review = *commands.emplace_back().mutable_review_case();
    review.mutable_case_ref()->set_opened_by(kRespondent);
    const bool accepted = row.result != IntakeResult::kNotAccepted;
    review.set_accepted(accepted);
    SetOccurredAt(row.reviewed_on || accepted ? row.reviewed_on : row.result_on, review);
  }
  if (row.result == IntakeResult::kForwarded || row.result == IntakeResult::kNoViolation) {
    auto& conclusion = *commands.emplace_back().mutable_conclude_case();
    conclusion.mutable_case_ref()->set_opened_by(kRespondent);
    if (row.result == IntakeResult::kForwarded) conclusion.add_violations_found(row.violation);
    SetOccurredAt(row.result_on, conclusion);
  }
  if (row.result == IntakeResult::kForwarded) {
    auto& referral = *commands.emplace_back().mutable_refer_case();
    referral.mutable_case_ref()->set_opened_by(kRespondent);
    referral.set_letter_number(row.referral_letter);
    SetOccurredAt(row.result_on, referral);
  }
  return commands;
}

}  // namespace selaras::registers
