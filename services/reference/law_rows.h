#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/reference/local_date.h"
#include "services/reference/rows.h"

// Rows of the tables that say how the law is applied, beside those of rows.h.
namespace selaras::reference {

// A rule that programs apply, so that an answer can show what it rests on.
struct LegalRule {
  std::string id;    // `one_heaviest`
  std::string text;  // what it says
  std::string basis;
  std::optional<LocalDate> valid_from;
  std::optional<LocalDate> valid_to;
  Provenance provenance;
  std::string note;
};

// Where sources disagree about rows of a table. It is shown wherever such a row decides.
struct Conflict {
  std::string id;     // `X-01`
  std::string table;  // without .tsv
  std::vector<std::string> rows;
  std::string text;
  Provenance provenance;
};

// The same act on either side of the penetapan.
struct ViolationPair {
  std::string before;
  std::string from;
  bool whole = true;  // false: only a part of the acts has this counterpart
  Provenance provenance;
  std::string note;
};

enum class GovernmentLevel { kCentral, kProvince, kRegency };

// A level of sanctions, or some sanctions of it.
struct ImposableLevel {
  SanctionLevel level = SanctionLevel::kMoral;
  std::vector<std::string> sanctions;  // empty: all of the level
};

// Who may impose what on whom.
struct ImposerRule {
  std::vector<std::string> regimes;  // words of Sanction::regime
  std::string imposer;               // code of the list `imposer`
  std::vector<GovernmentLevel> governments;
  std::vector<std::string> targets;  // codes of the list `sanction_target`
  std::vector<ImposableLevel> levels;
  std::string basis;
  Provenance provenance;
  std::string note;
};

// Which levels an official may sign who holds the position with this mandate.
struct MandateRule {
  std::string mandate;  // code of the list `mandate`
  std::vector<SanctionLevel> levels;
  std::string basis;
  Provenance provenance;
  std::string note;
};

// A sanction that an agency has for its PPPK. Its code is a kind of sanctions.tsv.
struct PppkSanction {
  std::string authority;
  std::string code;
  SanctionLevel level = SanctionLevel::kLight;
  std::string text;
  std::optional<LocalDate> valid_from;
  std::optional<LocalDate> valid_to;
  std::string basis;
  Provenance provenance;
};

// What the public reads in SBT while a case stands there. The words are published, where
// they belong is the reading of this project.
struct SbtState {
  std::string state;   // as the domain names it: `received by the PPK`
  std::string reason;  // code of `dismissal_reason` or `closing_reason`; empty: any other
  std::string status;  // code of `sbt_status`
  Provenance provenance;
  std::string note;
};

// How long the persons of a case are kept after it ended. A legal hold goes before.
struct Retention {
  std::string outcome;  // the state in which it ended, as the domain names it
  int years = 0;        // at least 1
  std::string basis;
  Provenance provenance;
  std::string note;
};

bool IsValidOn(const LegalRule& rule, LocalDate date);
bool IsValidOn(const PppkSanction& sanction, LocalDate date);

absl::string_view NameOf(GovernmentLevel level);

}  // namespace selaras::reference
