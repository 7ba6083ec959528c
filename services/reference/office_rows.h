#pragma once

#include <optional>
#include <string>

#include "services/reference/local_date.h"
#include "services/reference/rows.h"

// Rows of the tables about offices: their codes, and the names that people write.
namespace selaras::reference {

// Codes of Bawaslu's offices are its own: 03 is Sumatera Barat, 13 with the Ministry.
struct BawasluOffice {
  std::string code;  // `03` or `03.19`
  std::string name;
  std::string region;  // of regions.tsv
  std::optional<LocalDate> valid_from;
  std::optional<LocalDate> valid_to;
  Provenance provenance;
  std::string note;
};

// A name under which respondents work, and whose PPK decides about them. A local office
// of a central agency has the PPK of that agency, not that of its region.
struct Agency {
  std::string name;
  std::string region;  // code; empty for a national one
  std::string authority;
  std::optional<LocalDate> valid_from;
  std::optional<LocalDate> valid_to;
  Provenance provenance;
  std::string note;
};

// The PPK that decides instead of one that may have an interest of its own in a case.
struct Alternate {
  std::string authority;
  std::string alternate;  // never the same
  std::string basis;
  std::optional<LocalDate> valid_from;
  std::optional<LocalDate> valid_to;
  Provenance provenance;
  std::string note;
};

bool IsValidOn(const Alternate& alternate, LocalDate date);
bool IsValidOn(const BawasluOffice& office, LocalDate date);
bool IsValidOn(const Agency& agency, LocalDate date);

// The key of Catalogue::FindAgency: lower case, one space between words, without dots
// and commas.
std::string AgencyKey(absl::string_view name);

}  // namespace selaras::reference
