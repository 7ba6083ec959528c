#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "services/domain/deadline.h"
#include "services/domain/deadline_moments.h"

namespace selaras::domain {

absl::Time TimeOf(const google::protobuf::Timestamp& time);
// The other way round, to the nanosecond.
google::protobuf::Timestamp ToTimestamp(absl::Time time);

// What rows of deadlines.tsv ask about one case. Points into what it was given.
//
// A case that goes to another PPK has a recommendation to each. What follows on one of them neither
// meets nor counts for what is owed on another: the limits of each PPK begin with itself.
class CaseFacts {
 public:
  CaseFacts(const DeadlineFacts& given, const reference::Catalogue& catalogue);

  // The facts that are any of the moments, in the order of the facts.
  FactList Of(const std::vector<std::string>& moments) const;

  // The first of those that stands after the anchor in its log or in another log, and follows on
  // no other recommendation; nullptr if there is none.
  const storage::v1::EffectiveFact* FirstAfter(const storage::v1::EffectiveFact& anchor,
                                               const std::vector<std::string>& moments) const;

  // As recorded, else of the region of its author.
  reference::TimeZone ZoneOf(const storage::v1::EffectiveFact& fact) const;

  // The day that is meant: of knowing for the details of a report, the day set for the handing over
  // of a decision, otherwise of happening.
  // Nothing if none was recorded.
  std::optional<DeadlineAnchor> AnchorOf(const storage::v1::EffectiveFact& fact) const;

  // Of the election that the first fact names; nothing if none does or it is not known.
  std::optional<reference::ElectionRegime> Regime() const;

  // Empty if the condition holds for a limit from that anchor, otherwise why not.
  std::string WhyNot(reference::DeadlineCondition condition,
                     const storage::v1::EffectiveFact& anchor) const;

  // Whether the fact follows on a recommendation to a PPK that has the case no more.
  bool IsOver(const storage::v1::EffectiveFact& fact) const;

  // Empty if it is no authority, or not known yet.
  std::string AuthorityOf(reference::DeadlineRole role,
                          const storage::v1::EffectiveFact& anchor) const;

 private:
  void FileUnderRecommendations();
  // The recommendation on which a fact follows; nullptr if on none, or if that cannot be told.
  const storage::v1::EffectiveFact* Under(const storage::v1::EffectiveFact& fact) const;
  std::string WriterOf(Section section) const;
  std::string WhyNotRoute(reference::AppealRoute route,
                          const storage::v1::EffectiveFact& anchor) const;

  const CaseFold& fold_;
  const reference::Catalogue& catalogue_;
  FactList all_;
  std::set<FactKind> kinds_;  // of all_
  std::map<const storage::v1::EffectiveFact*, const storage::v1::EffectiveFact*> under_;
  // The same the other way round; what follows on none stands under nullptr.
  std::map<const storage::v1::EffectiveFact*, FactList> groups_;
  const storage::v1::EffectiveFact* current_ = nullptr;  // the recommendation that stands
  FactList given_back_;  // recommendations whose PPK is not the respondent's any more
};

}  // namespace selaras::domain
