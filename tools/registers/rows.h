#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"

#include "services/domain/local_date.h"

// What the rows of the registers state, checked: codes are known to the catalogue,
// numbers of civil servants are well formed, dates exist and stand in order. An empty
// text and an absent date mean that the register does not record it.
//
// Personal data: do not log rows.
namespace selaras::registers {

enum class Kind { kBawaslu, kBkn, kBkpsdm, kWorklist };

// `bawaslu`, `bkn`, `bkpsdm`, `worklist`.
absl::string_view NameOf(Kind kind);

enum class IntakeResult {
  kNotRecorded,
  kInProgress,   // proses: accepted at the initial review, not concluded yet
  kNotAccepted,  // tidak_diterima, at the initial review
  kNoViolation,  // bukan_pelanggaran
  kForwarded,    // diteruskan
};

// One respondent of one report.
struct BawasluRow {
  std::string election;
  std::string register_number;  // as written
  std::string source;
  std::optional<domain::LocalDate> incident_on;
  std::optional<domain::LocalDate> known_on;
  std::optional<domain::LocalDate> received_on;  // always there
  std::string place;
  std::string region;
  std::string reporter_name;
  std::string reporter_address;
  std::string reporter_phone;
  std::string respondent_name;
  std::string nip;                // 18 digits; empty while the identity is open
  std::string employment_status;  // PNS or PPPK
  std::string position_title;
  std::string position_kind;
  std::string rank;
  std::string agency;
  std::string chronology;
  std::string violation;  // found if forwarded, else alleged
  std::vector<std::string> motives;
  std::string evidence_sha256;  // 32 bytes
  std::optional<domain::LocalDate> reviewed_on;
  IntakeResult result = IntakeResult::kNotRecorded;
  std::optional<domain::LocalDate> result_on;
  std::string referral_letter;
};

enum class VerificationResult {
  kNotRecorded,
  kProven,     // terbukti
  kNotProven,  // tidak_terbukti
  kReturned,   // dikembalikan
};

// One case that the competent body has received.
struct BknRow {
  std::string referral_letter;
  std::string nip;
  std::string acting_for;  // kasn; empty for BKN itself
  std::optional<domain::LocalDate> received_on;
  std::string agenda_number;
  VerificationResult result = VerificationResult::kNotRecorded;
  std::optional<domain::LocalDate> verified_on;
  std::string reason;       // as written
  std::string reason_code;  // of the list return_reason, if returned and the words are known
  std::string recommendation_letter;
  std::string sanction;
  std::string ppk_region;
};

// One case that the office of a PPK has received.
struct BkpsdmRow {
  std::string recommendation_letter;
  std::string nip;
  std::string region;
  std::optional<domain::LocalDate> received_on;
  std::string agenda_number;
  std::optional<domain::LocalDate> summoned_on;
  std::optional<domain::LocalDate> examined_on;
  std::string decree_number;
  std::optional<domain::LocalDate> decided_on;
  std::string sanction;
  std::optional<domain::LocalDate> handed_over_on;
  std::string blocker;
  std::string objection_route;  // keberatan or banding
  std::optional<domain::LocalDate> objected_on;
};

// One case of a worklist, and what was done in it. States no person.
struct WorklistRow {
  std::string case_id;
  std::string command;  // its name, e.g. VerifyCase
  std::string nip;      // always empty
};

using Row = std::variant<BawasluRow, BknRow, BkpsdmRow, WorklistRow>;

}  // namespace selaras::registers
