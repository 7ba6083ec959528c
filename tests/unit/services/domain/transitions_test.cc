#include "services/domain/transitions.h"

#include <map>
#include <set>
#include <vector>

#include "absl/strings/str_join.h"

#include "case_test_base.h"
#include "services/domain/decide.h"
#include "services/domain/decide_common.h"

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
  if (kind == F::kObjectionDecided && to == State::kRevoked) {
    fact.mutable_objection_decided()->set_outcome("membatalkan");
  }
  if (kind == F::kCaseReferred) fact.mutable_case_referred()->set_to("bkn");
  if (kind == F::kSanctionRecommended) fact.mutable_sanction_recommended()->set_to("ppk/13.04");
  if (kind == F::kViolationNoticed) fact.mutable_violation_noticed()->set_to("bawaslu/13");
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
  if (kind == F::kObjectionDecided) {
    return {FactLeadingTo(kind, State::kObjectionDecided), FactLeadingTo(kind, State::kRevoked)};
  }
  return {FactLeadingTo(kind, State::kNone)};
}

std::set<FactKind> KindsOf(Section section) {
  std::set<FactKind> kinds;
  for (int i = 0; i < F::descriptor()->field_count(); ++i) {
    const auto kind = static_cast<FactKind>(F::descriptor()->field(i)->number());
    const bool own = SectionOf(kind) == section || SectionOf(kind) == Section::kNone;
    if (own && !IsOfReport(kind) && VisibilityOf(kind) != Visibility::kPrivate &&
        kind != F::kFactCorrected && kind != F::kFactVoided) {
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
    const Section section = SectionOf(row.fact);
    EXPECT_TRUE(section == row.section || section == Section::kNone) << FactName(row.fact);
  }
}

TEST(Transitions, EveryStateHasAName) {
  std::set<absl::string_view> names;
  for (int state = 0; state < kStates; ++state) {
    EXPECT_TRUE(names.insert(StateName(static_cast<State>(state))).second) << state;
  }
}

// What comes after a section in custody.
Section After(Section section) {
  return section == Section::kIntake ? Section::kReferral : Section::kSanction;
}

// A case in which the section stands in the state, after what must come before it.
test::PaperCase CaseIn(Section section, const Path& path) {
  test::PaperCase on_paper;
  const auto write = [&](Section where, const event::v1::Fact& fact) {
    on_paper.Write(where,
                   where == Section::kIntake     ? "bawaslu/13"
                   : where == Section::kReferral ? "bkn"
                                                 : "ppk/13.04",
                   fact);
  };
  // A notice begins with the PPK and ends with the office.
  const bool notice = !path.empty() && path[0].has_violation_noticed();
  if (!path.empty() && path[0].has_notice_received()) {
    write(Section::kSanction, FactLeadingTo(F::kViolationNoticed, State::kNoticed));
  }
  if (section != Section::kIntake && !path.empty() && !notice) {
    write(Section::kIntake, FactLeadingTo(F::kCaseReferred, State::kReferred));
  }
  if (section == Section::kSanction && !path.empty() && !notice) {
    write(Section::kReferral, FactLeadingTo(F::kCaseReceived, State::kReceived));
    write(Section::kReferral, FactLeadingTo(F::kSanctionRecommended, State::kRecommended));
  }
  for (const auto& fact : path) write(section, fact);
  return on_paper;
}

class CheckMoveTest : public CaseTest {
 protected:
  // Every fact of the section is allowed or refused as the table says, and a refusal explains.
  void Expect(const test::PaperCase& on_paper, const Standing& standing) {
    const Section section = standing.section;
    SCOPED_TRACE(absl::StrCat(SectionName(section), " ", StateName(standing.state), ", then ",
                              StateName(standing.next)));
    const Standing found = StandingOf(CustodyOf(on_paper.fold()), section);
    ASSERT_EQ(found.state, standing.state);
    ASSERT_EQ(found.next, standing.next);
    const auto header = test::HeaderOf(WriterOf(section), "r-1");
    const std::vector<std::string> allowed = AllowedCommands(standing);
    std::set<std::string> accepted;
    for (const FactKind kind : KindsOf(section)) {
      for (const event::v1::Fact& fact : Variants(kind)) {
        const absl::Status checked =
            CheckMove(on_paper.fold(), section, fact, {header, *catalogue_});
        const bool receives = IsAcknowledgement(kind) && on_paper.fold().segments_size() > 0 &&
                              CustodyOf(on_paper.fold()).under_way != nullptr &&
                              SectionOf(kind) == section;
        if (receives) continue;
        EXPECT_EQ(checked.ok(), FindTransition(standing, fact) != nullptr) << FactName(kind);
        if (checked.ok()) {
          accepted.emplace(CommandName(kind));
          continue;
        }
        const auto sensible = AllowedNow(
            on_paper.fold(), section,
            [&](const std::string& authority) { return authority == WriterOf(section); },
            *catalogue_);
        const std::string now = sensible.empty() ? "nothing" : absl::StrJoin(sensible, ", ");
        EXPECT_EQ(checked.code(), absl::StatusCode::kFailedPrecondition);
        EXPECT_EQ(test::ReasonIn(checked), "MOVE_NOT_ALLOWED");
        EXPECT_EQ(test::MetadataIn(checked)["allowed"], now);
        EXPECT_EQ(test::MetadataIn(checked)["state"], std::string(StateName(standing.state)));
        EXPECT_THAT(std::string(checked.message()), testing::HasSubstr(now));
        if (BasisOf(kind) != "") {
          EXPECT_THAT(test::PreconditionIn(checked),
                      testing::MatchesRegex("MOVE_NOT_ALLOWED [A-Z][A-Za-z]+: .+"));
        }
      }
    }
    EXPECT_THAT(accepted, testing::UnorderedElementsAreArray(allowed));
  }
};

TEST_F(CheckMoveTest, AllowsWhatTheTableAllowsAndExplainsEveryOtherPair) {
  for (const Section section : kSections) {
    for (const auto& [state, path] : PathsOf(section)) {
      Expect(CaseIn(section, path), {section, state, State::kNone});
    }
  }
}

TEST_F(CheckMoveTest, MovesAfterAHandOverDependOnWhatTheReceiverDid) {
  for (const Section section : {Section::kIntake, Section::kReferral}) {
    const State sent = section == Section::kIntake ? State::kReferred : State::kRecommended;
    for (const auto& [next, then] : PathsOf(After(section))) {
      if (IsOfNotice(next)) continue;  // begins a case of its own
      test::PaperCase on_paper = CaseIn(section, PathsOf(section).at(sent));
      for (const auto& fact : then) {
        on_paper.Write(After(section), WriterOf(After(section)), fact);
      }
      Expect(on_paper, {section, sent, next});
    }
  }
}

TEST(Transitions, EveryPairOfAStateAndWhatFollowsItIsOneThatCanBe) {
  for (const Transition& row : Transitions()) {
    for (const State next : row.next) {
      EXPECT_TRUE(next == State::kNone || PathsOf(After(row.section)).contains(next))
          << FactName(row.fact) << " while " << StateName(next);
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
  EXPECT_EQ(FindTransition({Section::kIntake, State::kNone, State::kNone}, event::v1::Fact()),
            nullptr);
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
  EXPECT_EQ(case_.StateIn(Section::kIntake), State::kNamed);
  EXPECT_EQ(StatusOf(case_.fold()).since->fact().kind_case(), F::kRespondentNamed);
}

}  // namespace
}  // namespace selaras::domain
