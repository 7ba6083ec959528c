#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "selaras/query/v1/query.pb.h"

#include "services/reference/catalogue.h"
#include "tools/registers/cells.h"
#include "tools/registers/plan.h"

// A worklist as a table: written for an officer, who says in its last columns what was done, and
// read again. A row says one command; who copies a row says several of the case, in their order.
//
//   perintah  name of the command, e.g. VerifyCase; empty: nothing was done yet
//   tanggal   when
//   nomor     its number: of the agenda, letter or decree
//   tujuan    to whom: an authority, a unit, an officer
//   kode      what the command is about, e.g. a sanction or `ya`; several as
//             `route=keberatan; outcome=menolak`, lists as `HD-02+HD-06`
//   alasan    in words
namespace selaras::registers {

std::span<const absl::string_view> WorklistColumns();

// The table of these items, with a header line: RFC 4180, and no cell that a spreadsheet would take
// for a formula. Personal data: it names the respondents.
std::string WorklistCsv(absl::string_view authority, const std::vector<query::v1::WorkItem>& items);

// The plan of a row with a command. Its request id follows from case, revision and command: the
// same row, imported twice, is one request. Charges the reader if the command is none of the
// authority's role that is about one case, or does not take what is filled in.
Plan ReadWorklistRow(RowReader& cells, const reference::Catalogue& catalogue, int generation);

}  // namespace selaras::registers
