#include "tools/registers/amend.h"

#include <algorithm>
#include <optional>
#include <type_traits>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/domain/deadline_watch.h"
#include "services/domain/facts.h"
#include "services/domain/references.h"
#include "tools/registers/amend_report.h"
#include "tools/registers/effective.h"
#include "tools/registers/join.h"
#include "tools/registers/stated.h"

namespace selaras::registers {
namespace {

using event::v1::Fact;
using query::v1::TimelineStep;

constexpr char kReason[] = "the register says something else now (import --amend)";

// What the row's authority has stated and not taken back, oldest first.
struct OwnFacts {
  std::vector<TimelineStep> all;  // of officers
  std::vector<int> steps;         // places in `all` of the steps that a register has

  const TimelineStep& step(std::size_t i) const { return all[static_cast<std::size_t>(steps[i])]; }
};

OwnFacts OwnFactsOf(const Plan& plan, const query::v1::GetTimelineResponse& timeline) {
  OwnFacts own;
  for (TimelineStep& step : EffectiveSteps(timeline.steps())) {
    if (step.author() != plan.authority || !domain::IsOfOfficer(step.fact().kind_case())) continue;
    if (IsStep(step.fact().kind_case())) own.steps.push_back(static_cast<int>(own.all.size()));
    own.all.push_back(std::move(step));
  }
  return own;
}

bool WentRoundTwice(const OwnFacts& own) {
  for (std::size_t i = 0; i < own.steps.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (own.step(i).fact().kind_case() == own.step(j).fact().kind_case()) return true;
    }
  }
  return false;
}

std::string AsText(const TimelineStep& step) {
  const std::string day = step.occurred_at().date();
  return absl::StrCat(domain::FactName(step.fact().kind_case()), day.empty() ? "" : " of ", day);
}

// Builds the batch.
template <typename Command>
class Amender {
 public:
  Amender(const Plan& plan, const Recorded& recorded, const OwnFacts& own,
          const std::vector<Command>& commands)
      : plan_(plan), case_id_(recorded.the_case.case_id()), own_(own) {
    for (const Command& command : commands) {
      Wanted wanted{StatedBy(command), command};
      if (wanted.stated.kind == Fact::KIND_NOT_SET) continue;  // of the report
      if (const auto* row = std::get_if<BawasluRow>(&plan_.row)) Restate(*row, &wanted.stated);
      SetCaseOf(&wanted.command);
      wanted_.push_back(std::move(wanted));
    }
  }

  // What comes before everything else: the report of the case.
  void Begin(std::vector<Command> commands) { commands_ = std::move(commands); }

  // Empty if it can be done; else why not.
  std::string Amend() {
    const std::optional<std::size_t> blocker = MissingBlocker();
    const std::size_t same = CommonSteps(blocker);
    if (std::string why = IdentityFault(); !why.empty()) return why;
    if (std::string why = TakeBack(same, kReason); !why.empty()) return why;
    for (std::size_t i = 0; i < same; ++i) Correct(own_.step(i), MovingWanted(i).stated);
    Identify();
    std::size_t moving = 0;
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
      const bool is_step = IsStep(wanted_[i].stated.kind);
      const bool add = is_step ? moving >= same : blocker == i || voided_blocker_;
      if (is_step) ++moving;
      if (add) commands_.push_back(wanted_[i].command);
    }
    return "";
  }

  std::string Undo(const std::string& reason) {
    const bool opens = !own_.steps.empty() && own_.step(0).fact().has_respondent_named();
    return TakeBack(opens ? 1 : 0, reason);
  }

  std::vector<Command> Take() { return std::move(commands_); }

 private:
  struct Wanted {
    Stated stated;
    Command command;
  };

  // A batch of intake names the case that it opens; this one is about the case that is there.
  void SetCaseOf(Command* command) const {
    if constexpr (std::is_same_v<Command, intake::v1::IntakeCommand>) {
      if (command->has_review_case()) {
        command->mutable_review_case()->mutable_case_ref()->set_case_id(case_id_);
      } else if (command->has_conclude_case()) {
        command->mutable_conclude_case()->mutable_case_ref()->set_case_id(case_id_);
      } else if (command->has_refer_case()) {
        command->mutable_refer_case()->mutable_case_ref()->set_case_id(case_id_);
      }
    }
  }

  const Wanted& MovingWanted(std::size_t n) const {
    for (const Wanted& wanted : wanted_) {
      if (IsStep(wanted.stated.kind) && n-- == 0) return wanted;
    }
    return wanted_.back();
  }

  std::size_t MovingCount() const {
    return static_cast<std::size_t>(
        std::count_if(wanted_.begin(), wanted_.end(),
                      [](const Wanted& wanted) { return IsStep(wanted.stated.kind); }));
  }

  // The place in wanted_ of a blocker that the case does not have.
  std::optional<std::size_t> MissingBlocker() const {
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
      if (wanted_[i].stated.kind != Fact::kBlockerRecorded) continue;
      const std::string& blocker = wanted_[i].stated.fact.blocker_recorded().blocker();
      const bool there =
          std::any_of(own_.all.begin(), own_.all.end(), [&](const TimelineStep& step) {
            return step.fact().has_blocker_recorded() &&
                   step.fact().blocker_recorded().blocker() == blocker;
          });
      if (!there) return i;
    }
    return std::nullopt;
  }

  // How many steps from the first are the same steps, corrected or not. A blocker has to be
  // recorded before the decision.
  std::size_t CommonSteps(const std::optional<std::size_t>& blocker) const {
    std::size_t same = 0;
    const std::size_t most = std::min(own_.steps.size(), MovingCount());
    for (; same < most; ++same) {
      const Stated& stated = MovingWanted(same).stated;
      if (blocker && stated.kind == Fact::kSanctionDecided) break;
      if (!IsSameStep(own_.step(same), stated, plan_.acting_for)) break;
    }
    return same;
  }

  // Takes back everything from the `same`-th step on, newest first.
  std::string TakeBack(std::size_t same, const std::string& reason) {
    if (same >= own_.steps.size()) return "";
    const auto first = static_cast<std::size_t>(own_.steps[same]);
    for (std::size_t i = own_.all.size(); i-- > first;) {
      const TimelineStep& step = own_.all[i];
      const Fact::KindCase kind = step.fact().kind_case();
      if (kind == Fact::kRespondentNamed) return "the opening of a case cannot be taken back";
      const bool of_register =
          IsStep(kind) || kind == Fact::kBlockerRecorded || kind == Fact::kRespondentIdentified;
      if (!of_register) {
        return absl::StrCat("the case has gone on with ", AsText(step),
                            ", which no register states; take that back first");
      }
      if (kind == Fact::kBlockerRecorded) {
        if (!WantsBlocker(step)) {
          return absl::StrCat("the blocker ", step.fact().blocker_recorded().blocker(),
                              " stands before it and not in the row; take it back by VoidFact");
        }
        voided_blocker_ = true;
      }
      voided_identity_ = voided_identity_ || kind == Fact::kRespondentIdentified;
      auto& taking_back = *commands_.emplace_back().mutable_void_fact();
      taking_back.set_case_id(case_id_);
      *taking_back.mutable_position() = step.position();
      taking_back.set_reason(reason);
    }
    return "";
  }

  bool WantsBlocker(const TimelineStep& step) const {
    return std::any_of(wanted_.begin(), wanted_.end(), [&](const Wanted& wanted) {
      return wanted.stated.kind == Fact::kBlockerRecorded &&
             wanted.stated.fact.blocker_recorded().blocker() ==
                 step.fact().blocker_recorded().blocker();
    });
  }

  void Correct(const TimelineStep& step, const Stated& stated) {
    if (auto correction = CorrectionOf(step, stated)) {
      correction->set_case_id(case_id_);
      correction->set_reason(kReason);
      *commands_.emplace_back().mutable_correct_fact() = *std::move(correction);
    }
  }

  const TimelineStep* Identified() const {
    for (const TimelineStep& step : own_.all) {
      if (step.fact().has_respondent_identified()) return &step;
    }
    return nullptr;
  }

  std::string IdentityFault() const {
    const auto* row = std::get_if<BawasluRow>(&plan_.row);
    if (row == nullptr || own_.steps.empty()) return "";
    const TimelineStep* identified = Identified();
    const std::string& nip = identified != nullptr ? identified->personal().respondent().nip()
                                                   : own_.step(0).personal().respondent().nip();
    if (row->nip.empty() && !nip.empty()) {
      return "a NIP that was recorded is not taken away; give the right one";
    }
    return "";
  }

  void CorrectIdentity(const TimelineStep& identified, const BawasluRow& row) {
    command::v1::CorrectFact correction;
    if (identified.personal().respondent().nip() != row.nip) {
      correction.mutable_fields()->add_paths("personal.respondent.nip");
      correction.mutable_new_personal()->mutable_respondent()->set_nip(row.nip);
    }
    const std::string& status = row.employment_status;
    if (identified.fact().respondent_identified().employment_status() != status) {
      correction.mutable_fields()->add_paths("employment_status");
      correction.mutable_new_fact()->mutable_respondent_identified()->set_employment_status(status);
    }
    if (correction.fields().paths().empty()) return;
    correction.set_case_id(case_id_);
    *correction.mutable_position() = identified.position();
    correction.set_reason(kReason);
    *commands_.emplace_back().mutable_correct_fact() = std::move(correction);
  }

  // A NIP that came later, or whose statement was taken back, is stated; another one is corrected.
  void Identify() {
    if constexpr (std::is_same_v<Command, intake::v1::IntakeCommand>) {
      const auto* row = std::get_if<BawasluRow>(&plan_.row);
      if (row == nullptr || row->nip.empty() || own_.steps.empty()) return;
      const TimelineStep* identified = Identified();
      if (identified != nullptr && !voided_identity_) {
        CorrectIdentity(*identified, *row);
        return;
      }
      if (!own_.step(0).personal().respondent().nip().empty()) return;
      auto& identify = *commands_.emplace_back().mutable_identify_respondent();
      identify.mutable_case_ref()->set_case_id(case_id_);
      identify.set_nip(row->nip);
      identify.set_employment_status(row->employment_status);
    }
  }

  const Plan& plan_;
  const std::string case_id_;
  const OwnFacts& own_;
  std::vector<Wanted> wanted_;
  std::vector<Command> commands_;
  bool voided_blocker_ = false;
  bool voided_identity_ = false;
};

std::vector<Difference> DifferencesOf(const Plan& plan, const Recorded& recorded) {
  return WithoutSpellings(
      Differences(plan.row, recorded.the_case, recorded.report, &recorded.timeline));
}

bool IsEmpty(const Commands& commands) {
  return std::visit([](const auto& list) { return list.empty(); }, commands);
}

// Lets `build` fill a batch for the role of the plan; its text says why it cannot.
template <typename Build>
std::pair<std::string, Commands> BatchOf(const Plan& plan, const Recorded& recorded,
                                         const OwnFacts& own, const Build& build) {
  return std::visit(
      [&](const auto& commands) -> std::pair<std::string, Commands> {
        using Command = typename std::decay_t<decltype(commands)>::value_type;
        Amender<Command> amender(plan, recorded, own, commands);
        std::string why = build(amender);
        return {std::move(why), amender.Take()};
      },
      plan.commands);
}

using ReportCorrections = std::variant<std::vector<intake::v1::IntakeCommand>, CannotCorrect>;

// None for a row of another agency: it says nothing of the report.
ReportCorrections CorrectionsOfReport(const Plan& plan, const Recorded& recorded,
                                      const std::vector<Difference>& differences) {
  const auto* row = std::get_if<BawasluRow>(&plan.row);
  const auto* commands = std::get_if<std::vector<intake::v1::IntakeCommand>>(&plan.commands);
  if (row == nullptr || commands == nullptr) return {};
  for (const intake::v1::IntakeCommand& command : *commands) {
    if (!command.has_receive_report()) continue;
    return CorrectReport(*row, command.receive_report(), recorded, differences, kReason);
  }
  return {};
}

void Begin(std::vector<intake::v1::IntakeCommand> commands,
           Amender<intake::v1::IntakeCommand>& amender) {
  amender.Begin(std::move(commands));
}
template <typename Command>
void Begin(const std::vector<intake::v1::IntakeCommand>&, Amender<Command>&) {}

}  // namespace

AmendmentPlan PlanAmendment(const Plan& plan, const Recorded& recorded) {
  std::vector<Difference> differences = DifferencesOf(plan, recorded);
  if (differences.empty()) return Amendment{};
  auto of_report = CorrectionsOfReport(plan, recorded, differences);
  if (const auto* cannot = std::get_if<CannotCorrect>(&of_report)) {
    return CannotAmend{cannot->column, cannot->why, differences};
  }
  auto& corrections = std::get<std::vector<intake::v1::IntakeCommand>>(of_report);
  const bool beside_section = !corrections.empty();
  if (beside_section && IsOnlyOfReport(differences)) {
    return Amendment{std::move(corrections), std::move(differences), beside_section};
  }
  const OwnFacts own = OwnFactsOf(plan, recorded.timeline);
  if (WentRoundTwice(own)) {
    return CannotAmend{"",
                       "the case went round more than once: which step the row means is not clear; "
                       "correct it by CorrectFact or VoidFact",
                       differences};
  }
  auto [why, commands] = BatchOf(plan, recorded, own, [&](auto& amender) {
    Begin(std::move(corrections), amender);
    return amender.Amend();
  });
  if (!why.empty()) return CannotAmend{differences.front().column, why, differences};
  if (IsEmpty(commands)) {
    return CannotAmend{differences.front().column, "is stated by somebody else, or by no step",
                       differences};
  }
  return Amendment{std::move(commands), std::move(differences), beside_section};
}

AmendmentPlan PlanUndo(const Plan& plan, const Recorded& recorded, const std::string& reason) {
  const OwnFacts own = OwnFactsOf(plan, recorded.timeline);
  const bool opens = !own.steps.empty() && own.step(0).fact().has_respondent_named();
  if (own.steps.size() == (opens ? 1U : 0U)) return Amendment{};
  std::vector<Difference> differences = DifferencesOf(plan, recorded);
  if (!differences.empty()) {
    return CannotAmend{differences.front().column,
                       "the case says something else than the row by now: undo what was imported "
                       "last",
                       std::move(differences)};
  }
  if (WentRoundTwice(own)) {
    return CannotAmend{"", "the case went round more than once; take it back by VoidFact", {}};
  }
  auto [why, commands] =
      BatchOf(plan, recorded, own, [&](auto& amender) { return amender.Undo(reason); });
  if (!why.empty()) return CannotAmend{"", why, {}};
  return Amendment{std::move(commands), {}};
}

bool HasOwnEntries(const Plan& plan, const query::v1::GetTimelineResponse& timeline) {
  return std::any_of(timeline.steps().begin(), timeline.steps().end(),
                     [&](const TimelineStep& step) { return step.author() == plan.authority; });
}

std::uint64_t OwnRevision(const Plan& plan, const Recorded& recorded) {
  constexpr absl::string_view kSections[] = {"intake", "referral", "sanction"};
  for (const query::v1::Section& section : recorded.the_case.sections()) {
    if (section.name() == kSections[plan.commands.index()] && section.writer() == plan.authority) {
      return section.revision();
    }
  }
  // A section of which everything was taken back is not shown.
  const auto& steps = recorded.timeline.steps();
  return static_cast<std::uint64_t>(
      std::count_if(steps.begin(), steps.end(),
                    [&](const TimelineStep& step) { return step.author() == plan.authority; }));
}

std::string AmendedId(const Amendment& amendment, const query::v1::Case& the_case,
                      std::uint64_t own_revision) {
  std::string id = absl::StrCat("register-case:", the_case.case_id(), ":", own_revision + 1);
  if (amendment.beside_section) absl::StrAppend(&id, ":", the_case.revision());
  return id;
}

}  // namespace selaras::registers
