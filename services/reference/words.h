#pragma once

#include <cstddef>

#include "absl/strings/string_view.h"

#include "services/reference/law_rows.h"
#include "services/reference/rows.h"

// The closed vocabularies of the tables: what parsing accepts and NameOf answers.
namespace selaras::reference {

template <typename Value>
struct Word {
  absl::string_view text;
  Value value;
};

// The word of a value; `?` for a number that is none.
template <typename Value, std::size_t kCount>
absl::string_view TextOf(const Word<Value> (&words)[kCount], Value value) {
  for (const Word<Value>& word : words) {
    if (word.value == value) return word.text;
  }
  return "?";
}

inline constexpr Word<Mark> kMarks[] = {
    {"V", Mark::kVerified},
    {"V2", Mark::kSecondary},
    {"R", Mark::kUnverified},
    {"C", Mark::kConflict},
};

inline constexpr Word<RegionLevel> kRegionLevels[] = {
    {"provinsi", RegionLevel::kProvince},
    {"kabupaten", RegionLevel::kKabupaten},
    {"kota", RegionLevel::kKota},
};

inline constexpr Word<AuthorityRole> kAuthorityRoles[] = {
    {"intake", AuthorityRole::kIntake},
    {"referral", AuthorityRole::kReferral},
    {"sanction", AuthorityRole::kSanction},
    {"oversight", AuthorityRole::kOversight},
};

inline constexpr Word<GovernmentLevel> kGovernmentLevels[] = {
    {"pusat", GovernmentLevel::kCentral},
    {"provinsi", GovernmentLevel::kProvince},
    {"kabkota", GovernmentLevel::kRegency},
};

// ViolationPair::whole.
inline constexpr Word<bool> kPairExtents[] = {{"same", true}, {"part", false}};

inline constexpr Word<ViolationClass> kViolationClasses[] = {
    {"kode_etik", ViolationClass::kEthics},
    {"disiplin", ViolationClass::kDiscipline},
};

inline constexpr Word<ViolationPhase> kViolationPhases[] = {
    {"pra_penetapan", ViolationPhase::kBeforePenetapan},
    {"pasca_penetapan", ViolationPhase::kFromPenetapan},
    {"any", ViolationPhase::kAny},
};

inline constexpr Word<SanctionLevel> kSanctionLevels[] = {
    {"moral", SanctionLevel::kMoral},        {"ringan", SanctionLevel::kLight},
    {"sedang", SanctionLevel::kMedium},      {"berat", SanctionLevel::kSevere},
    {"ptdh", SanctionLevel::kDishonourable},
};

inline constexpr Word<EmploymentStatus> kEmploymentStatuses[] = {
    {"PNS", EmploymentStatus::kPns},
    {"PPPK", EmploymentStatus::kPppk},
};

inline constexpr Word<AppealRoute> kAppealRoutes[] = {
    {"keberatan", AppealRoute::kObjection},
    {"banding", AppealRoute::kAppeal},
    {"none", AppealRoute::kNone},
    {"none_known", AppealRoute::kNoneKnown},
};

inline constexpr Word<ElectionRegime> kElectionRegimes[] = {
    {"pemilu", ElectionRegime::kPemilu},
    {"pemilihan", ElectionRegime::kPemilihan},
};

inline constexpr Word<ElectionStage> kElectionStages[] = {
    {"pendaftaran", ElectionStage::kRegistration},
    {"penetapan", ElectionStage::kPenetapan},
    {"kampanye", ElectionStage::kCampaign},
    {"masa_tenang", ElectionStage::kQuietDays},
    {"pemungutan", ElectionStage::kVoting},
    {"penghitungan", ElectionStage::kCount},
    {"psu", ElectionStage::kRevote},
};

inline constexpr Word<ElectionPhase> kElectionPhases[] = {
    {"before_penetapan", ElectionPhase::kBeforePenetapan},
    {"from_penetapan", ElectionPhase::kFromPenetapan},
};

inline constexpr Word<HolidayKind> kHolidayKinds[] = {
    {"libur", HolidayKind::kPublicHoliday},
    {"cuti_bersama", HolidayKind::kJointLeave},
};

}  // namespace selaras::reference
