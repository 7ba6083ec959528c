#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "services/reference/local_date.h"

// The rows of the catalogue, one struct per table of deploy/reference. Texts are
// Indonesian, as the agencies write them. `valid_to` is the last valid day; an
// absent bound is open.
namespace selaras::reference {

// How far a row can be relied on. Only kVerified rows were read in the text of the
// rule or in a published account of it.
enum class Mark {
  kVerified,    // V   read in a published source
  kSecondary,   // V2  read in a secondary document that quotes the rule
  kUnverified,  // R   from memory
  kConflict,    // C   sources disagree
};

// Where a row comes from, so that its reader can judge it. `source` is a key of
// deploy/reference/README.md and may be empty for kUnverified.
struct Provenance {
  Mark mark = Mark::kUnverified;
  std::string source;
};

enum class RegionLevel { kProvince, kKabupaten, kKota };

// Codes of the Ministry of Home Affairs, which are not those of Bawaslu's offices.
struct Region {
  std::string code;  // `13` or `13.04`
  std::string name;  // `Sumatera Barat`, `Kabupaten Tanah Datar`
  RegionLevel level = RegionLevel::kProvince;
  std::string parent;                   // code of the province; empty for a province
  std::optional<LocalDate> valid_from;  // of the code: a split gives new codes
  std::optional<LocalDate> valid_to;
  Provenance provenance;
  std::string note;
};

enum class AuthorityRole {
  kIntake,     // receives reports and refers cases: Bawaslu
  kReferral,   // verifies what is referred and recommends: KASN, then BKN
  kSanction,   // decides on a sanction: the PPK of an agency
  kOversight,  // is told, decides nothing here
};

struct Authority {
  std::string id;    // `bawaslu/13`, `ppk/13.04`, `bkn`
  std::string name;  // derived from the region's where the id is
  AuthorityRole role = AuthorityRole::kOversight;
  std::string region;  // code; empty for a national authority
  std::optional<LocalDate> valid_from;
  std::optional<LocalDate> valid_to;
  std::string successor;  // id; empty if there is none
  Provenance provenance;
  std::string note;
};

enum class ViolationClass { kEthics, kDiscipline };

// When an act can be this violation, relative to the penetapan day of the election.
enum class ViolationPhase { kBeforePenetapan, kFromPenetapan, kAny };

enum class SanctionLevel { kMoral, kLight, kMedium, kSevere, kDishonourable };

struct Violation {
  std::string code;  // `KE-04`, `HD-06`
  ViolationClass violation_class = ViolationClass::kEthics;
  ViolationPhase phase = ViolationPhase::kAny;
  std::string slug;
  std::string text;
  std::string basis;
  SanctionLevel sanction_level = SanctionLevel::kMoral;
  std::string sanction_basis;
  std::vector<std::string> tags;
  Provenance provenance;
};

// A clause of PP 94/2021 article 5 letter n. Two levels where the split is unknown.
struct DisciplineClause {
  std::string code;  // `N-3`
  std::string text;
  std::vector<SanctionLevel> levels;
  std::string level_basis;
  Provenance provenance;
};

enum class EmploymentStatus { kPns, kPppk };

enum class AppealRoute { kObjection, kAppeal, kNone, kNoneKnown };

struct Sanction {
  std::string code;  // `M-T`, `B-1`
  std::string regime;
  SanctionLevel level = SanctionLevel::kMoral;
  std::string text;
  std::optional<LocalDate> valid_from;
  std::optional<LocalDate> valid_to;
  std::optional<int> duration_months;
  EmploymentStatus applies_to = EmploymentStatus::kPns;
  AppealRoute appeal_route = AppealRoute::kNone;
  std::string replaces;  // code of the one that it stands for until that is in force
  Provenance provenance;
};

// Whether the sanction could be imposed for an act of that day.
bool IsValidOn(const Sanction& sanction, LocalDate date);

// Whether the code was in use on that day.
bool IsValidOn(const Region& region, LocalDate date);

// Whether the authority existed in its role on that day.
bool IsValidOn(const Authority& authority, LocalDate date);

// A value of a small list: `motive`, `blocker`, `return_reason`, `position`, ….
struct Code {
  std::string list;
  std::string code;
  std::string text;
  Provenance provenance;
};

struct Golongan {
  std::string code;  // `III/d` for PNS, `IX` for PPPK
  EmploymentStatus status = EmploymentStatus::kPns;
  std::string rank;  // pangkat; empty for PPPK, which has none
  Provenance provenance;
};

enum class ElectionRegime { kPemilu, kPemilihan };

enum class ElectionStage {
  kRegistration,  // pendaftaran of candidates
  kPenetapan,
  kCampaign,
  kQuietDays,  // masa tenang
  kVoting,
  kCount,   // penghitungan and rekapitulasi
  kRevote,  // pemungutan suara ulang (PSU); there may be several
};

// One stage of one election where it is held: everywhere (`*`), in a province or in
// a kabupaten or kota; and for all offices voted on (`*`) or one, a code of the list
// `contest`. The most specific place decides, and there the row of the contest.
struct ElectionPeriod {
  std::string region;
  std::string contest;
  ElectionStage stage = ElectionStage::kPenetapan;
  LocalDate from;
  LocalDate to;
  Provenance provenance;
  std::string note;
};

struct Election {
  std::string code;  // `PILKADA-2024`
  std::string name;
  ElectionRegime regime = ElectionRegime::kPemilihan;
  std::vector<ElectionPeriod> periods;
};

// Before or from the penetapan day of an election. The day itself counts as from.
enum class ElectionPhase { kBeforePenetapan, kFromPenetapan };

enum class HolidayKind { kPublicHoliday, kJointLeave };

struct Holiday {
  LocalDate date;
  HolidayKind kind = HolidayKind::kPublicHoliday;
  std::string name;
  Provenance provenance;
};

// The words of the tables: `V2`, `provinsi`, `intake`, `disiplin`, `PPPK`, ….
absl::string_view NameOf(Mark mark);
absl::string_view NameOf(RegionLevel level);
absl::string_view NameOf(AuthorityRole role);
absl::string_view NameOf(ViolationClass violation_class);
absl::string_view NameOf(ViolationPhase phase);
absl::string_view NameOf(SanctionLevel level);
absl::string_view NameOf(EmploymentStatus status);
absl::string_view NameOf(AppealRoute route);
absl::string_view NameOf(ElectionRegime regime);
absl::string_view NameOf(ElectionStage stage);
absl::string_view NameOf(ElectionPhase phase);
absl::string_view NameOf(HolidayKind kind);

}  // namespace selaras::reference
