#include "services/statistics/count.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/time/time.h"

#include "selaras/query/v1/statistics.pb.h"

#include "services/domain/deadline_facts.h"
#include "services/domain/phase.h"
#include "services/domain/transitions.h"
#include "services/statistics/counts.h"
#include "services/statistics/days.h"

namespace selaras::statistics {
namespace {

namespace v1 = query::v1;
using domain::LocalDate;
using domain::Section;
using F = event::v1::Fact;
using storage::v1::EffectiveFact;
using storage::v1::StoredCounts;

absl::string_view PhaseOf(const v1::Case& shown) {
  switch (shown.phase()) {
    case event::v1::ELECTION_PHASE_BEFORE_PENETAPAN:
      return "before_penetapan";
    case event::v1::ELECTION_PHASE_FROM_PENETAPAN:
      return "from_penetapan";
    default:
      return "";
  }
}

// As stated with the fact, else by this catalogue; empty where the day of the act or the calendar
// of the election is not on record.
std::string StageOf(const v1::Case& shown, const reference::Catalogue& catalogue) {
  if (!shown.stage().empty()) return shown.stage();
  const auto act = LocalDate::ParseIso(shown.incident_on());
  if (!act) return {};
  const auto finding = domain::FindStage({shown.election(), shown.contest(), shown.agency_region()},
                                         *act, catalogue);
  return finding.ok() ? std::string(domain::NameOf(finding->stage)) : std::string();
}

// Empty where everything was taken back.
std::string StateOf(v1::CaseState state) {
  if (state == v1::CASE_STATE_UNSPECIFIED) return {};
  return std::string(domain::StateName(static_cast<domain::State>(state)));
}

// Empty stands for the one accused.
absl::string_view RoleOf(const v1::Case& shown) {
  return shown.role().empty() ? "terlapor" : absl::string_view(shown.role());
}

// From one fact to another, if both happened and their days are recorded.
class Stopwatch {
 public:
  Stopwatch(const domain::DeadlineFacts& given, const reference::Catalogue& catalogue,
            StoredCounts* counts)
      : given_(given), facts_(given, catalogue), counts_(*counts) {}

  const EffectiveFact* Last(Section section, domain::FactKind kind) const {
    return domain::LastFact(*given_.fold, section, kind);
  }

  const EffectiveFact* Receipt() const {
    for (const EffectiveFact& fact : given_.report) {
      if (fact.fact().has_report_received()) return &fact;
    }
    return nullptr;
  }

  void Measure(v1::DurationStage stage, const EffectiveFact* from, const EffectiveFact* to) {
    const auto first = DayOf(from);
    const auto last = DayOf(to);
    if (!first || !last) return;
    auto* days = counts_.add_days();
    days->set_stage(stage);
    if (*last < *first) {
      days->set_out_of_order(1);
      return;
    }
    days->add_buckets(
        BucketOf(static_cast<std::uint32_t>(last->DaysSinceEpoch() - first->DaysSinceEpoch())));
    days->add_counts(1);
  }

 private:
  std::optional<LocalDate> DayOf(const EffectiveFact* fact) const {
    if (fact == nullptr) return std::nullopt;
    const auto anchor = facts_.AnchorOf(*fact);
    return anchor ? std::optional<LocalDate>(anchor->day) : std::nullopt;
  }

  const domain::DeadlineFacts& given_;
  const domain::CaseFacts facts_;
  StoredCounts& counts_;
};

void MeasureStages(const domain::DeadlineFacts& facts, const reference::Catalogue& catalogue,
                   StoredCounts* counts) {
  Stopwatch watch(facts, catalogue, counts);
  const auto* referred = watch.Last(Section::kIntake, F::kCaseReferred);
  const auto* received = watch.Last(Section::kReferral, F::kCaseReceived);
  const auto* recommended = watch.Last(Section::kReferral, F::kSanctionRecommended);
  const auto* outcome = recommended;
  for (const auto kind : {F::kCaseDismissed, F::kCaseReturned}) {
    if (outcome == nullptr) outcome = watch.Last(Section::kReferral, kind);
  }
  const auto* taken_in = watch.Last(Section::kSanction, F::kRecommendationReceived);
  const auto* decided = watch.Last(Section::kSanction, F::kSanctionDecided);
  const auto* handed_over = watch.Last(Section::kSanction, F::kDecisionHandedOver);
  watch.Measure(v1::DURATION_STAGE_REPORT_TO_REFERRAL, watch.Receipt(), referred);
  watch.Measure(v1::DURATION_STAGE_REFERRAL_TO_RECEIPT, referred, received);
  watch.Measure(v1::DURATION_STAGE_RECEIPT_TO_OUTCOME, received, outcome);
  watch.Measure(v1::DURATION_STAGE_RECOMMENDATION_TO_RECEIPT, recommended, taken_in);
  watch.Measure(v1::DURATION_STAGE_RECEIPT_TO_DECISION, taken_in, decided);
  watch.Measure(v1::DURATION_STAGE_DECISION_TO_HANDOVER, decided, handed_over);
  watch.Measure(v1::DURATION_STAGE_REFERRAL_TO_DECISION, referred, decided);
}

void AddDue(const std::string& deadline, std::int64_t end, StoredCounts* counts) {
  auto* due = counts->add_due();
  due->set_deadline(deadline);
  due->add_ends(end);
  due->add_counts(1);
}

// Of several anchors of one row the one that is overdue first counts.
void CountDue(const domain::DeadlineFacts& facts, const domain::DeadlineRules& rules,
              StoredCounts* counts) {
  std::map<std::string, std::int64_t> ends;
  // Before all times everything that is owed is open: what is left is when it ends to be.
  for (const domain::DeadlineStatus& status : rules.Of(facts, absl::InfinitePast())) {
    // As the watcher and lists of cases: a right that nobody used is nobody's fault, and another
    // reading of a row in conflict, which has no rungs, is nobody's statement.
    const bool owed = status.state == domain::DeadlineState::kOpen &&
                      !status.rule->met_by.empty() && !status.duty.empty() &&
                      !status.rule->rungs.empty();
    if (!owed || !status.due) continue;
    const std::int64_t end = absl::ToUnixSeconds(status.due->end);
    const auto [at, first] = ends.emplace(status.rule->id, end);
    if (!first) at->second = std::min(at->second, end);
  }
  if (ends.empty()) return;
  const auto earliest = std::min_element(
      ends.begin(), ends.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  AddDue("", earliest->second, counts);
  for (const auto& [deadline, end] : ends) AddDue(deadline, end, counts);
}

std::uint64_t RecommendationsIn(const domain::CaseFold& fold) {
  std::uint64_t found = 0;
  for (const EffectiveFact& fact : domain::SectionIn(fold, Section::kReferral).facts()) {
    if (fact.fact().has_sanction_recommended()) ++found;
  }
  return found;
}

// Writes down values, each once.
class Values {
 public:
  using Known = std::function<std::string(Dimension dimension, absl::string_view value)>;
  Values(Known known, StoredCounts* counts) : known_(std::move(known)), counts_(*counts) {}

  void One(Dimension dimension, absl::string_view value) {
    Add(dimension, known_(dimension, value));
  }

  // The empty value if there is none.
  void Several(Dimension dimension, const google::protobuf::RepeatedPtrField<std::string>& values) {
    std::set<std::string> distinct;
    for (const std::string& value : values) distinct.insert(known_(dimension, value));
    if (distinct.empty()) distinct.insert("");
    for (const std::string& value : distinct) Add(dimension, value);
  }

 private:
  void Add(Dimension dimension, const std::string& value) {
    auto* count = counts_.add_counts();
    count->set_dimension(dimension);
    count->set_value(value);
    count->set_count(1);
  }

  const Known known_;
  StoredCounts& counts_;
};

}  // namespace

Counter::Counter(std::shared_ptr<const reference::Catalogue> catalogue)
    : rules_(std::move(catalogue)) {
  for (const Dimension dimension : Dimensions()) {
    for (std::string& value : ValuesOf(dimension, "", rules_.catalogue())) {
      known_[dimension].insert(std::move(value));
    }
  }
}

std::string Counter::Known(Dimension dimension, absl::string_view value) const {
  if (value.empty() || known_.at(dimension).count(value) > 0) return std::string(value);
  return std::string(kOther);
}

StoredCounts Counter::CountCase(const v1::Case& shown, const domain::DeadlineFacts& facts) const {
  StoredCounts counts;
  counts.set_cases(1);
  counts.set_recommendations(RecommendationsIn(*facts.fold));
  if (shown.respondent().nip().empty()) counts.set_identity_open(1);
  Values values(
      [this](Dimension dimension, absl::string_view value) { return Known(dimension, value); },
      &counts);
  values.One(v1::STATISTICS_DIMENSION_PHASE, PhaseOf(shown));
  values.One(v1::STATISTICS_DIMENSION_ELECTION_STAGE, StageOf(shown, rules_.catalogue()));
  values.One(v1::STATISTICS_DIMENSION_PLACE, PlaceOf(shown.state()));
  values.One(v1::STATISTICS_DIMENSION_STATE, StateOf(shown.state()));
  values.Several(v1::STATISTICS_DIMENSION_VIOLATION_ALLEGED, shown.violations_alleged());
  values.Several(v1::STATISTICS_DIMENSION_VIOLATION_FOUND, shown.violations_found());
  values.One(v1::STATISTICS_DIMENSION_SANCTION_RECOMMENDED, shown.sanction_recommended());
  values.One(v1::STATISTICS_DIMENSION_SANCTION_IMPOSED, shown.sanction_imposed());
  values.Several(v1::STATISTICS_DIMENSION_MOTIVE, shown.motives());
  values.One(v1::STATISTICS_DIMENSION_SOURCE, shown.source());
  values.One(v1::STATISTICS_DIMENSION_POSITION, shown.position_kind());
  values.One(v1::STATISTICS_DIMENSION_EMPLOYMENT, shown.employment_status());
  values.One(v1::STATISTICS_DIMENSION_IDENTITY, shown.identified() ? "identified" : "open");
  values.One(v1::STATISTICS_DIMENSION_OBJECTION, shown.objected() ? "objected" : "");
  values.Several(v1::STATISTICS_DIMENSION_BLOCKER, shown.blockers());
  values.One(v1::STATISTICS_DIMENSION_VIOLATION_RECOMMENDED, shown.violation_recommended());
  values.One(v1::STATISTICS_DIMENSION_ROLE, RoleOf(shown));
  CountDue(facts, rules_, &counts);
  MeasureStages(facts, rules_.catalogue(), &counts);
  return Counts(counts).ToStored(Known(v1::STATISTICS_DIMENSION_ELECTION, shown.election()),
                                 Known(v1::STATISTICS_DIMENSION_REGION, shown.agency_region()));
}

StoredCounts Counter::CountReport(const v1::Report& report) const {
  StoredCounts counts;
  counts.set_reports(1);
  Values([this](Dimension dimension, absl::string_view value) { return Known(dimension, value); },
         &counts)
      .One(v1::STATISTICS_DIMENSION_REPORT_SOURCE, report.source());
  return Counts(counts).ToStored(Known(v1::STATISTICS_DIMENSION_ELECTION, report.election()),
                                 Known(v1::STATISTICS_DIMENSION_REGION, report.region()));
}

}  // namespace selaras::statistics
