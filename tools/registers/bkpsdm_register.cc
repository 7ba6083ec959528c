#include "tools/registers/bkpsdm_register.h"

#include <string>

#include "absl/strings/ascii.h"

#include "tools/registers/codes.h"
#include "tools/registers/limits.h"
#include "tools/registers/when.h"

namespace selaras::registers {
namespace {

using sanction::v1::SanctionCommand;

constexpr absl::string_view kColumns[] = {
    "nomor_rekomendasi",   "terlapor_nip",      "kode_wilayah",        "tanggal_terima",
    "nomor_agenda",        "tanggal_panggilan", "tanggal_pemeriksaan", "nomor_sk",
    "tanggal_sk",          "kode_sanksi",       "tanggal_sk_diterima", "kendala",
    "upaya_administratif", "tanggal_upaya"};

void ReadDates(RowReader& cells, BkpsdmRow& row) {
  row.received_on = cells.Date("tanggal_terima");
  row.summoned_on = cells.Date("tanggal_panggilan");
  row.examined_on = cells.Date("tanggal_pemeriksaan");
  row.decided_on = cells.Date("tanggal_sk");
  row.handed_over_on = cells.Date("tanggal_sk_diterima");
  row.objected_on = cells.Date("tanggal_upaya");
  cells.CheckOrder({{"tanggal_terima", row.received_on},
                    {"tanggal_panggilan", row.summoned_on},
                    {"tanggal_pemeriksaan", row.examined_on},
                    {"tanggal_sk", row.decided_on},
                    {"tanggal_sk_diterima", row.handed_over_on},
                    {"tanggal_upaya", row.objected_on}});
}

// A decision is recorded with its number and sanction, or not at all; without one there is
// nothing to hand over or to object to.
void ReadDecision(RowReader& cells, const reference::Catalogue& catalogue, BkpsdmRow& row) {
  row.decree_number = cells.Text("nomor_sk", kNumberBytesMax);
  row.sanction = ReadSanction(cells, catalogue, "kode_sanksi");
  if (!cells.IsEmpty("nomor_sk")) cells.Require("kode_sanksi", "no sanction code");
  for (const absl::string_view column :
       {"tanggal_sk", "kode_sanksi", "tanggal_sk_diterima", "upaya_administratif"}) {
    if (!cells.IsEmpty(column)) cells.Require("nomor_sk", "no decree number");
  }
}

void ReadObjection(RowReader& cells, BkpsdmRow& row) {
  row.objection_route = absl::AsciiStrToLower(cells.Raw("upaya_administratif"));
  if (!row.objection_route.empty() && row.objection_route != "keberatan" &&
      row.objection_route != "banding") {
    cells.Refuse("upaya_administratif", "unknown route");
  }
  if (!cells.IsEmpty("tanggal_upaya")) cells.Require("upaya_administratif", "no route");
}

}  // namespace

std::span<const absl::string_view> BkpsdmColumns() { return kColumns; }

BkpsdmRow ReadBkpsdmRow(RowReader& cells, const reference::Catalogue& catalogue) {
  BkpsdmRow row;
  cells.Require("nomor_rekomendasi", "no letter number");
  row.recommendation_letter = cells.Text("nomor_rekomendasi", kNumberBytesMax);
  row.nip = ReadNipOfEitherStatus(cells, "terlapor_nip");
  cells.Require("kode_wilayah", "no region");
  row.region = ReadRegion(cells, catalogue, "kode_wilayah");
  cells.Require("nomor_agenda", "no agenda number");
  row.agenda_number = cells.Text("nomor_agenda", kNumberBytesMax);
  ReadDates(cells, row);
  ReadDecision(cells, catalogue, row);
  row.blocker = ReadCode(cells, catalogue, "kendala", "blocker", "unknown blocker");
  ReadObjection(cells, row);
  return row;
}

std::vector<SanctionCommand> CommandsOf(const BkpsdmRow& row) {
  std::vector<SanctionCommand> commands;
  auto& receipt = *commands.emplace_back().mutable_receive_recommendation();
  receipt.set_agenda_number(row.agenda_number);
  SetOccurredAt(row.received_on, receipt);

  if (row.summoned_on) {
    SetOccurredAt(row.summoned_on, *commands.emplace_back().mutable_summon_respondent());
  }
  if (row.examined_on) {
    SetOccurredAt(row.examined_on, *commands.emplace_back().mutable_examine_respondent());
  }
  if (!row.blocker.empty()) {
    // The register gives no date for it.
    commands.emplace_back().mutable_record_blocker()->set_blocker(row.blocker);
  }
  if (!row.decree_number.empty()) {
    auto& decision = *commands.emplace_back().mutable_decide_sanction();
    decision.set_sanction(row.sanction);
    decision.set_decree_number(row.decree_number);
    decision.set_departure("register");  // it stands as it was, whatever the rules say
    SetOccurredAt(row.decided_on, decision);
  }
  if (row.handed_over_on) {
    SetOccurredAt(row.handed_over_on, *commands.emplace_back().mutable_hand_over_decision());
  }
  if (!row.objection_route.empty()) {
    auto& objection = *commands.emplace_back().mutable_file_objection();
    objection.set_route(row.objection_route);
    objection.set_departure("register");
    SetOccurredAt(row.objected_on, objection);
  }
  return commands;
}

}  // namespace selaras::registers
