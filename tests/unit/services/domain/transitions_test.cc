#include "services/domain/transitions.h"

#include <map>
#include <set>
#include <vector>

#include "absl/strings/str_join.h"

#include "case_test_base.h"
#include "services/domain/decide.h"

namespace selaras::domain {
namespace {

using F = event::v1::Fact;
using Path = std::vector<event::v1::Fact>;

// A fact of the kind that leads to `to` where its content decides.
event::v1::Fact FactLeadingTo(FactKind kind, State to) {
  event::v1::Fact fact;
  const auto* field = F::descriptor()->FindFieldByNumber(static_cast<int>(kind));
  F::GetReflection()->MutableMessage(&fact, field);
  if (kind == F::kCaseReviewed) fact.mutable_case_reviewed()->set_accepted(to == State::kAccepted);
  if (kind == F::kCaseConcluded && to == State::kViolationFound) {
    fact.mutable_case_concluded()->add_violations_found("HD-06");
  }
  return fact;
}

// Facts that lead from nothing to each state of a section, found by walking the table.
std::map<State, Path> PathsOf(Section section) {
  std::map<State, Path> paths = {{State::kNone, {}}};
  for (bool more = true; more;) {
    more = false;
    for (const Transition& row : Transitions()) {
      if (row.section != section || row.to == State::kNone || !paths.contains(row.from) ||
          paths.contains(row.to)) {
        continue;
      }
      Path path = paths[row.from];
      path.push_back(FactLeadingTo(row.fact, row.to));
      paths[row.to] = std::move(path);
      more = true;
    }
  }
  return paths;
}

// Every content of a fact that the table tells apart.
std::vector<event::v1::Fact> Variants(FactKind kind) {
  if (kind == F::kCaseReviewed) {
    return {FactLeadingTo(kind, State::kAccepted), FactLeadingTo(kind, State::kNotAccepted)};
  }
  if (kind == F::kCaseConcluded) {
    return {FactLeadingTo(kind, State::kViolationFound), FactLeadingTo(kind, State::kNoViolation)};
  }
  return {FactLeadingTo(kind, State::kNone)};
}

std::set<FactKind> KindsOf(Section section) {
  std::set<FactKind> kinds;
  for (int i = 0; i < F::descriptor()->field_count(); ++i) {
    const auto kind = static_cast<FactKind>(F::descriptor()->field(i)->number());
    if (SectionOf(kind) == section && VisibilityOf(kind) != Visibility::kPrivate) {
      kinds.insert(kind);
    }
  }
  return kinds;
}

constexpr Section kSections[] = {Section::kIntake, Section::kReferral, Section::kSanction};

TEST(Transitions, EveryRowCanBeReached) {
  for (const Transition& row : Transitions()) {
    EXPECT_TRUE(PathsOf(row.section).contains(row.from))
        << FactName(row.fact) << " from " << StateName(row.from);
  }
}

TEST(Transitions, EveryRowNamesACommandAndALegalBasis) {
  for (const Transition& row : Transitions()) {
    EXPECT_NE(CommandName(row.fact), "") << FactName(row.fact);
    EXPECT_NE(row.basis, "") << FactName(row.fact);
    EXPECT_EQ(SectionOf(row.fact), row.section) << FactName(row.fact);
  }
}

TEST(Transitions, EveryStateHasAName) {
  std::set<absl::string_view> names;
  for (int state = 0; state <= static_cast<int>(State::kObjected); ++state) {
    EXPECT_TRUE(names.insert(StateName(static_cast<State>(state))).second) << state;
  }
}

using CheckMoveTest = CaseTest;

TEST_F(CheckMoveTest, AllowsWhatTheTableAllowsAndExplainsEveryOtherPair) {
  for (const Section section : kSections) {
    for (const auto& [state, path] : PathsOf(section)) {
      test::PaperCase on_paper;
      for (const auto& fact : path) on_paper.Write(section, WriterOf(section), fact);
      ASSERT_EQ(StateOf(on_paper.section(section)), state) << StateName(state);
      const auto header = test::HeaderOf(WriterOf(section), "r-1");
      const std::vector<std::string> allowed = AllowedCommands(section, state);
      std::set<std::string> accepted;
      for (const FactKind kind : KindsOf(section)) {
        for (const event::v1::Fact& fact : Variants(kind)) {
          const absl::Status checked =
              CheckMove(on_paper.fold(), section, fact, {header, *catalogue_});
          EXPECT_EQ(checked.ok(), FindTransition(state, fact) != nullptr)
              << FactName(kind) << " while " << StateName(state);
          if (checked.ok()) {
            accepted.emplace(CommandName(kind));
            continue;
          }
          const std::string now = allowed.empty() ? "nothing" : absl::StrJoin(allowed, ", ");
          EXPECT_EQ(checked.code(), absl::StatusCode::kFailedPrecondition);
          EXPECT_EQ(test::ReasonIn(checked), "MOVE_NOT_ALLOWED");
          EXPECT_EQ(test::MetadataIn(checked)["allowed"], now);
          EXPECT_EQ(test::MetadataIn(checked)["state"], std::string(StateName(state)));
          EXPECT_THAT(std::string(checked.message()), testing::HasSubstr(now));
          if (BasisOf(kind) != "") {
            EXPECT_THAT(test::PreconditionIn(checked),
                        testing::MatchesRegex("MOVE_NOT_ALLOWED [A-Z][A-Za-z]+: .+"));
          }
        }
      }
      EXPECT_THAT(accepted, testing::UnorderedElementsAreArray(allowed)) << StateName(state);
    }
  }
}

TEST_F(CheckMoveTest, QuotesTheLawOfTheDeadlineTableAsBasis) {
  UntilRecommended();
  ASSERT_TRUE(ReceiveAsPpk().ok());
  EXPECT_EQ(test::PreconditionIn(HandOver()),
            "MOVE_NOT_ALLOWED HandOverDecision: PP 94/2021 Ps 37(3)");
}

TEST_F(CheckMoveTest, KnowsNoMoveForAFactOfTheFuture) {
  EXPECT_EQ(FindTransition(State::kNone, event::v1::Fact()), nullptr);
  EXPECT_EQ(BasisOf(F::KIND_NOT_SET), "");
  EXPECT_EQ(CommandName(F::KIND_NOT_SET), "");
  EXPECT_EQ(FactName(F::KIND_NOT_SET), "unknown");
}

TEST_F(CheckMoveTest, RefusesAnAuthorityThatDoesNotWriteTheSection) {
  UntilRecommended();
  ASSERT_TRUE(ReceiveAsPpk().ok());
  const absl::Status refused = Summon("ppk/13.05");
  EXPECT_EQ(refused.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(test::ReasonIn(refused), "NOT_YOUR_CASE");
}

TEST_F(CheckMoveTest, LetsStepsThatWereNotRecordedBeLeftOut) {
  ASSERT_TRUE(Name().ok());
  EXPECT_TRUE(Refer().ok()) << "neither reviewed nor concluded";
  ASSERT_TRUE(Receive().ok());
  EXPECT_TRUE(Recommend().ok()) << "not verified";
  ASSERT_TRUE(ReceiveAsPpk().ok());
  EXPECT_TRUE(Decide().ok()) << "neither summoned nor examined";
}

TEST_F(CheckMoveTest, AStateOutlastsFactsThatDoNotMoveIt) {
  ASSERT_TRUE(Name().ok());
  ASSERT_TRUE(Identify().ok());
  EXPECT_EQ(StateOf(case_.section(Section::kIntake)), State::kNamed);
  EXPECT_EQ(DecisiveFact(case_.section(Section::kIntake))->fact().kind_case(), F::kRespondentNamed);
}

}  // namespace
}  // namespace selaras::domain
