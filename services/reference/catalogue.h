#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/reference/deadline_rows.h"
#include "services/reference/figure_rows.h"
#include "services/reference/index.h"
#include "services/reference/law_rows.h"
#include "services/reference/office_rows.h"
#include "services/reference/rows.h"
#include "storage/base/bytes.h"

namespace selaras::reference {

// The reference data of one version: what decides depends on, and so is never in the
// code. Decisions write the digest of the version they used.
//
// Immutable: any thread may read it at any time. Pointers and spans live as long as
// the catalogue. Look-ups answer nullptr for what it does not know; keys are exact.
class Catalogue {
 public:
  // Names and contents of the tables. Every table of kFileNames, and nothing else.
  using Files = std::map<std::string, std::string>;

  // Reads and checks the tables. INVALID_ARGUMENT names file, line, column and reason
  // of the first fault: header or column count wrong, empty or unknown word, no date,
  // duplicate key, a reference to what is not there, an interval that ends before it
  // begins, two referral authorities on one day, a circle of successors.
  static absl::StatusOr<std::shared_ptr<const Catalogue>> FromFiles(Files files);

  // The exact bytes that were read: enough to make this catalogue again.
  const Files& files() const { return files_; }

  // Names the version: SHA-256 over "selaras catalogue 1\n" and, for each file in
  // byte order of the names, over name, a zero byte, the length of the content as
  // 8 bytes big-endian, and the content.
  const base::Digest& digest() const { return digest_; }

  const Region* FindRegion(absl::string_view code) const { return regions_.Find(code); }
  std::span<const Region> regions() const { return regions_.rows(); }

  const Authority* FindAuthority(absl::string_view id) const { return authorities_.Find(id); }
  std::span<const Authority> authorities() const { return authorities_.rows(); }

  // Whether `candidate` is `of` or took over from it, directly or through others.
  // False if the catalogue does not know both.
  bool IsSuccessorOf(absl::string_view candidate, absl::string_view of) const;

  // Whether an office of Bawaslu stands above another one: the national one above all of a region,
  // that of a region above those of the regions in it.
  bool IsAbove(absl::string_view office, absl::string_view other) const;

  // Who receives referrals that are decided on that day; nullptr if nobody did. On
  // the day on which a body stops, its successor does.
  const Authority* ReferralAuthorityOn(LocalDate date) const;

  const Violation* FindViolation(absl::string_view code) const { return violations_.Find(code); }
  std::span<const Violation> violations() const { return violations_.rows(); }

  const DisciplineClause* FindClause(absl::string_view code) const { return clauses_.Find(code); }
  std::span<const DisciplineClause> clauses() const { return clauses_.rows(); }

  // Whether it was valid on a day: IsValidOn.
  const Sanction* FindSanction(absl::string_view code) const { return sanctions_.Find(code); }
  std::span<const Sanction> sanctions() const { return sanctions_.rows(); }

  // The rows of a list in the order of the table; empty if there is no such list.
  std::span<const Code> CodesOf(absl::string_view list) const;
  const Code* FindCode(absl::string_view list, absl::string_view code) const;

  // As FindCode, but also by the words that people write instead of the code, without
  // regard to ASCII case: `bukti belum lengkap` is `bukti_kurang`.
  const Code* FindCodeOrText(absl::string_view list, absl::string_view code_or_text) const;

  const Golongan* FindGolongan(absl::string_view code) const { return golongan_.Find(code); }
  std::span<const Golongan> golongan() const { return golongan_.rows(); }

  // Refuses (INVALID_ARGUMENT) a golongan that is unknown or belongs to the other status.
  absl::Status CheckGolongan(absl::string_view code, EmploymentStatus status) const;

  const Election* FindElection(absl::string_view code) const { return elections_.Find(code); }
  std::span<const Election> elections() const { return elections_.rows(); }

  // The period of a stage that holds in a region: its own row, else its province's,
  // else `*`; in each the row of the contest before that of all contests. nullptr if
  // there is none, or election or region are unknown. An empty contest is one that is
  // not recorded: only rows of all contests hold. Of votes that were repeated, the first.
  const ElectionPeriod* FindPeriod(absl::string_view election, absl::string_view contest,
                                   absl::string_view region, ElectionStage stage) const;
  const ElectionPeriod* FindPeriod(absl::string_view election, absl::string_view region,
                                   ElectionStage stage) const {
    return FindPeriod(election, "", region, stage);
  }

  // Whether an act of that day fell before or from the first penetapan day of that
  // election, contest and region. INVALID_ARGUMENT if election or region are unknown,
  // FAILED_PRECONDITION if no penetapan is on record there.
  absl::StatusOr<ElectionPhase> Phase(absl::string_view election, absl::string_view contest,
                                      absl::string_view region, LocalDate date) const;
  absl::StatusOr<ElectionPhase> Phase(absl::string_view election, absl::string_view region,
                                      LocalDate date) const {
    return Phase(election, "", region, date);
  }

  // INVALID_ARGUMENT if the election is unknown.
  absl::StatusOr<ElectionRegime> Regime(absl::string_view election) const;

  const Holiday* FindHoliday(LocalDate date) const { return holidays_.Find(date.ToIso()); }
  std::span<const Holiday> holidays() const { return holidays_.rows(); }

  const Deadline* FindDeadline(absl::string_view id) const { return deadlines_.Find(id); }
  std::span<const Deadline> deadlines() const { return deadlines_.rows(); }

  // The limit that was set for that authority to act on a recommendation: its own row,
  // else that of `*`; nullptr if none was set. There is no statutory one.
  const Deadline* FollowUpOf(absl::string_view authority) const;
  std::span<const Deadline> follow_ups() const { return follow_ups_.rows(); }

  // Whether the holidays of that year are all on record. False for a year that
  // calendar_years.tsv does not have: what is counted across it may change.
  bool IsCalendarComplete(int year) const;
  std::span<const CalendarYear> calendar_years() const { return calendar_years_.rows(); }

  // The zone of a province, kabupaten or kota; WIB, the capital's, for a national
  // office (empty) and for what is no region.
  TimeZone ZoneOf(absl::string_view region) const;

  std::span<const ImposerRule> imposer_rules() const { return imposer_rules_; }
  const MandateRule* FindMandate(absl::string_view mandate) const {
    return mandates_.Find(mandate);
  }
  std::span<const PppkSanction> pppk_sanctions() const { return pppk_sanctions_; }

  const LegalRule* FindRule(absl::string_view id) const { return rules_.Find(id); }
  std::span<const ViolationPair> violation_pairs() const { return violation_pairs_; }
  // The word of SBT for a case in that state: the row with the reason, else that without.
  // nullptr where SBT has none.
  const SbtState* FindSbtState(absl::string_view state, absl::string_view reason) const;
  std::span<const SbtState> sbt_states() const { return sbt_states_; }
  // By the state in which a case ended; nullptr where no time is set.
  const Retention* FindRetention(absl::string_view outcome) const {
    return retentions_.Find(outcome);
  }
  std::span<const Retention> retentions() const { return retentions_.rows(); }
  // `table` without .tsv, `row` a key of its first column.
  std::vector<const Conflict*> ConflictsOf(absl::string_view table, absl::string_view row) const;
  std::span<const Conflict> conflicts() const { return conflicts_; }

  const BawasluOffice* FindBawasluOffice(absl::string_view code) const {
    return bawaslu_offices_.Find(code);
  }
  std::span<const BawasluOffice> bawaslu_offices() const { return bawaslu_offices_.rows(); }

  // By its name, whatever case, spaces and dots it is written with.
  const Agency* FindAgency(absl::string_view name) const { return agencies_.Find(AgencyKey(name)); }

  // The PPK that decides instead of one that may have an interest of its own in a case; on an
  // unknown day the first row of the table. nullptr where none is on record.
  const Alternate* AlternateOf(absl::string_view ppk, std::optional<LocalDate> day) const;

  // Figures that others have published, in the order of the table.
  std::span<const PublishedFigure> published_figures() const { return published_.rows(); }

 private:
  Catalogue() = default;

  Files files_;
  base::Digest digest_;
  Index<Region> regions_;
  Index<Authority> authorities_;
  Index<Violation> violations_;
  Index<DisciplineClause> clauses_;
  Index<Sanction> sanctions_;
  std::map<std::string, std::vector<Code>, std::less<>> codes_;
  Index<Golongan> golongan_;
  Index<Election> elections_;
  Index<Holiday> holidays_;
  Index<CalendarYear> calendar_years_;
  Index<ZoneRow> time_zones_;
  Index<Deadline> deadlines_;
  Index<Deadline> follow_ups_;
  std::vector<ImposerRule> imposer_rules_;
  Index<MandateRule> mandates_;
  std::vector<PppkSanction> pppk_sanctions_;
  std::vector<SbtState> sbt_states_;
  Index<Retention> retentions_;
  Index<LegalRule> rules_;
  std::vector<ViolationPair> violation_pairs_;
  std::vector<Conflict> conflicts_;
  Index<BawasluOffice> bawaslu_offices_;
  Index<Agency> agencies_;
  std::vector<Alternate> alternates_;
  Index<PublishedFigure> published_;
};

// The tables that make a catalogue, in byte order.
std::span<const absl::string_view> CatalogueFileNames();

// Reads the tables of a directory, e.g. deploy/reference. NOT_FOUND if it or a table
// cannot be read, otherwise as FromFiles: a table that is missing is refused, and so is
// a .tsv file that is none of the catalogue's, because it may be a misspelt one. Files
// with other endings are left alone.
absl::StatusOr<std::shared_ptr<const Catalogue>> LoadCatalogue(const std::string& directory);

}  // namespace selaras::reference
