#include "tools/registers/bkn_register.h"

#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "tools/registers/codes.h"
#include "tools/registers/limits.h"
#include "tools/registers/when.h"

namespace selaras::registers {
namespace {

using referral::v1::ReferralCommand;

constexpr absl::string_view kColumns[] = {
    "nomor_surat_penerusan",   "terlapor_nip",    "lembaga",
    "tanggal_terima",          "nomor_agenda",    "hasil_verifikasi",
    "tanggal_verifikasi",      "alasan",          "nomor_rekomendasi",
    "kode_sanksi_rekomendasi", "kode_wilayah_ppk"};

constexpr std::pair<absl::string_view, VerificationResult> kResults[] = {
    {"", VerificationResult::kNotRecorded},
    {"terbukti", VerificationResult::kProven},
    {"tidak_terbukti", VerificationResult::kNotProven},
    {"dikembalikan", VerificationResult::kReturned},
};

VerificationResult ReadResult(RowReader& cells) {
  for (const auto& [word, result] : kResults) {
    if (absl::EqualsIgnoreCase(cells.Raw("hasil_verifikasi"), word)) return result;
  }
  cells.Refuse("hasil_verifikasi", "unknown result");
  return VerificationResult::kNotRecorded;
}

// Who acted, whatever the date: BKN, or a body that it took over from.
void ReadBody(RowReader& cells, const reference::Catalogue& catalogue, BknRow& row) {
  cells.Require("lembaga", "no body");
  std::string body = absl::AsciiStrToLower(cells.Raw("lembaga"));
  if (!catalogue.IsSuccessorOf(kBkn, body)) {
    cells.Refuse("lembaga", "unknown body");
  } else if (body != kBkn) {
    row.acting_for = std::move(body);
  }
}

void ReadReason(RowReader& cells, const reference::Catalogue& catalogue, BknRow& row) {
  row.reason = cells.Text("alasan", kReasonBytesMax);
  if (row.result == VerificationResult::kReturned) {
    cells.Require("alasan", "no reason");
    const reference::Code* code = catalogue.FindCodeOrText("return_reason", row.reason);
    if (code != nullptr) row.reason_code = code->code;
  } else if (row.result != VerificationResult::kNotProven && !row.reason.empty()) {
    cells.Refuse("alasan", "neither dismissed nor returned");
  }
}

void ReadRecommendation(RowReader& cells, const reference::Catalogue& catalogue, BknRow& row) {
  row.recommendation_letter = cells.Text("nomor_rekomendasi", kNumberBytesMax);
  row.sanction = ReadSanction(cells, catalogue, "kode_sanksi_rekomendasi");
  row.ppk_region = ReadRegion(cells, catalogue, "kode_wilayah_ppk");
  const bool recommended = !row.recommendation_letter.empty();
  if (recommended && row.result != VerificationResult::kProven) {
    cells.Refuse("nomor_rekomendasi", "not proven");
  }
  if (recommended) cells.Require("kode_sanksi_rekomendasi", "no sanction code");
  if (!cells.IsEmpty("kode_sanksi_rekomendasi") || !cells.IsEmpty("kode_wilayah_ppk")) {
    cells.Require("nomor_rekomendasi", "no letter number");
  }
}

}  // namespace

std::span<const absl::string_view> BknColumns() { return kColumns; }

BknRow ReadBknRow(RowReader& cells, const reference::Catalogue& catalogue) {
  BknRow row;
  cells.Require("nomor_surat_penerusan", "no letter number");
  row.referral_letter = cells.Text("nomor_surat_penerusan", kNumberBytesMax);
  row.nip = ReadNipOfEitherStatus(cells, "terlapor_nip");
  ReadBody(cells, catalogue, row);
  cells.Require("nomor_agenda", "no agenda number");
  row.agenda_number = cells.Text("nomor_agenda", kNumberBytesMax);
  row.result = ReadResult(cells);
  row.received_on = cells.Date("tanggal_terima");
  row.verified_on = cells.Date("tanggal_verifikasi");
  cells.CheckOrder({{"tanggal_terima", row.received_on}, {"tanggal_verifikasi", row.verified_on}});
  if (!cells.IsEmpty("tanggal_verifikasi")) cells.Require("hasil_verifikasi", "no result");
  ReadReason(cells, catalogue, row);
  ReadRecommendation(cells, catalogue, row);
  return row;
}

std::vector<ReferralCommand> CommandsOf(const BknRow& row) {
  std::vector<ReferralCommand> commands;
  auto& receipt = *commands.emplace_back().mutable_receive_case();
  receipt.set_agenda_number(row.agenda_number);
  SetOccurredAt(row.received_on, receipt);

  switch (row.result) {
    case VerificationResult::kNotRecorded:
      break;
    case VerificationResult::kProven: {
      auto& verification = *commands.emplace_back().mutable_verify_case();
      verification.set_proven(true);
      SetOccurredAt(row.verified_on, verification);
      if (row.recommendation_letter.empty()) break;
      // The register gives no date for the recommendation.
      auto& recommendation = *commands.emplace_back().mutable_recommend_sanction();
      if (!row.ppk_region.empty()) recommendation.set_to(absl::StrCat("ppk/", row.ppk_region));
      recommendation.set_sanction(row.sanction);
      recommendation.set_letter_number(row.recommendation_letter);
      recommendation.set_departure("register");  // it stands as it was, whatever the rules say
      break;
    }
    case VerificationResult::kNotProven: {
      auto& dismissal = *commands.emplace_back().mutable_dismiss_case();
      dismissal.set_reason_text(row.reason);
      SetOccurredAt(row.verified_on, dismissal);
      break;
    }
    case VerificationResult::kReturned: {
      auto& returned = *commands.emplace_back().mutable_return_case();
      if (!row.reason_code.empty()) returned.add_reasons(row.reason_code);
      returned.set_reason_text(row.reason);
      SetOccurredAt(row.verified_on, returned);
      break;
    }
  }
  return commands;
}

}  // namespace selaras::registers
