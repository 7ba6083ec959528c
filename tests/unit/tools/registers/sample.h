#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

#include "services/reference/catalogue.h"
#include "tools/registers/register.h"

// Registers made cell by cell, for tests that need one that does not stand in tests/data.
namespace selaras::registers {

// The catalogue that is shipped.
const reference::Catalogue& ShippedCatalogue();

// A file of tests/data/registers, e.g. ("sumbar2024", "bkn.csv").
std::string DataFile(absl::string_view set, absl::string_view file);

using Cells = std::map<std::string, std::string>;

// Rows that are good: a case that was forwarded, one that was recommended, one that was
// decided. `changes` replace cells.
Cells BawasluCells(const Cells& changes = {});
Cells BknCells(const Cells& changes = {});
Cells BkpsdmCells(const Cells& changes = {});

// The rows as a file. `columns` default to those of the register in their own order.
struct FileForm {
  std::vector<std::string> columns;
  std::string delimiter = ",";
  std::string line_end = "\n";
};
std::string FileOf(Kind kind, const std::vector<Cells>& rows, const FileForm& form = {});

// Reads what must be readable.
Register ReadGood(absl::string_view bytes, const ReadOptions& options = {});

// The one row of a register of one, as a plan or as a refusal; fails the test otherwise.
Plan OnlyPlan(Kind kind, const Cells& cells);
Refusal OnlyRefusal(Kind kind, const Cells& cells);

std::vector<const Plan*> PlansOf(const Register& read);
std::vector<const Refusal*> RefusalsOf(const Register& read);

// "terlapor_nip: 17 digits", or "good".
std::string Verdict(Kind kind, const Cells& cells);

}  // namespace selaras::registers
