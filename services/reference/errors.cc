#include "services/reference/errors.h"

#include "absl/strings/str_cat.h"

namespace selaras::reference {

absl::Status BadTable(absl::string_view file, absl::string_view reason) {
  return absl::InvalidArgumentError(absl::StrCat(file, ": ", reason));
}

absl::Status BadLine(absl::string_view file, int line, absl::string_view reason) {
  return absl::InvalidArgumentError(absl::StrCat(file, ":", line, ": ", reason));
}

absl::Status BadCell(const Cell& cell, absl::string_view reason) {
  return absl::InvalidArgumentError(
      absl::StrCat(cell.file, ":", cell.line, ": ", cell.column, ": ", reason));
}

absl::Status UnreadableTable(absl::string_view path, absl::string_view reason) {
  return absl::NotFoundError(absl::StrCat(path, ": cannot be read: ", reason,
                                          "; name the directory that holds the reference data"));
}

absl::Status UnknownElection(absl::string_view election) {
  return absl::InvalidArgumentError(
      absl::StrCat("unknown election \"", election, "\"; add it to elections.tsv or correct it"));
}

absl::Status UnknownRegion(absl::string_view region) {
  return absl::InvalidArgumentError(
      absl::StrCat("unknown region \"", region, "\"; write a code of regions.tsv, e.g. 13.04"));
}

absl::Status NoPenetapan(absl::string_view election, absl::string_view region) {
  return absl::FailedPreconditionError(absl::StrCat("no penetapan of ", election,
                                                    " is on record for region ", region,
                                                    "; add a row to elections.tsv"));
}

absl::Status UnknownGolongan(absl::string_view golongan) {
  return absl::InvalidArgumentError(
      absl::StrCat("unknown golongan \"", golongan, "\"; write e.g. III/d for PNS or IX for PPPK"));
}

absl::Status GolonganOfOtherStatus(const Golongan& golongan, EmploymentStatus status) {
  return absl::InvalidArgumentError(absl::StrCat("golongan ", golongan.code, " is of ",
                                                 NameOf(golongan.status), ", not of ",
                                                 NameOf(status), "; correct one of the two"));
}

}  // namespace selaras::reference
