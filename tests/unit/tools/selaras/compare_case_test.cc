#include "tools/selaras/reconcile/compare_case.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace selaras::cli {
namespace {

using cli::v1::ReconciledFinding;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kCase[] = "3f2a9c1e-0000-8000-8000-000000000000";

// Two nodes that know the same of one case: Bawaslu referred it, BKN received it.
class CompareCaseTest : public testing::Test {
 protected:
  CompareCaseTest() {
    intake_.set_node("bawaslu-13");
    intake_.add_authorities("bawaslu/13");
    intake_.add_looks_for("bawaslu/13");
    bkn_.set_node("bkn");
    bkn_.add_authorities("bkn");
    bkn_.add_looks_for("bkn");
    for (auto* node : {&intake_, &bkn_}) {
      SeenCase& each = seen_.emplace_back();
      each.node = node;
      each.shown = true;
      each.the_case.set_case_id(kCase);
      each.the_case.add_parties("bawaslu/13");
      each.the_case.add_parties("bkn");
      each.the_case.set_state(query::v1::CASE_STATE_RECEIVED);
      each.the_case.set_holder("bkn");
      each.the_case.set_party_digest("d1");
      auto* referred = AddStep(each, "bawaslu-13", 7, 1'000);
      referred->mutable_fact()->mutable_case_referred()->set_to("bkn");
      referred->mutable_fact()->mutable_case_referred()->add_parties("bkn");
      AddStep(each, "bkn", 3, 2'000);
    }
    Disclose(seen_[0], "bkn", 7, true);
    Disclose(seen_[1], "bawaslu-13", 3, true);
    Step(1, 0)->mutable_held_since()->set_seconds(1'010);
    Step(0, 1)->mutable_held_since()->set_seconds(2'010);
  }

  static query::v1::TimelineStep* AddStep(SeenCase& at, const std::string& log,
                                          std::uint64_t sequence, std::int64_t recorded) {
    query::v1::TimelineStep* step = at.timeline.add_steps();
    step->mutable_position()->set_log(log);
    step->mutable_position()->set_sequence(sequence);
    step->set_leaf_hash(log + std::to_string(sequence));
    step->mutable_recorded_at()->set_seconds(recorded);
    return step;
  }
  static void Disclose(SeenCase& at, const std::string& peer, std::uint64_t sequence,
                       bool arrived) {
    query::v1::Arrival* arrival = at.the_case.add_arrivals();
    arrival->set_peer(peer);
    arrival->mutable_position()->set_log(at.node->node());
    arrival->mutable_position()->set_sequence(sequence);
    arrival->set_arrived(arrived);
  }
  query::v1::TimelineStep* Step(int node, int step) {
    return seen_[node].timeline.mutable_steps(step);
  }
  // Each finding as `result node other: why`.
  std::vector<std::string> Found(absl::Duration late = absl::Hours(1)) {
    std::vector<std::string> lines;
    for (const ReconciledFinding& finding : CompareCase(kCase, seen_, late)) {
      EXPECT_EQ(finding.case_id(), kCase);
      lines.push_back(finding.result() + " " + finding.node() + " " + finding.other() + ": " +
                      finding.why());
    }
    return lines;
  }

  ledger::v1::GetNodeResponse intake_, bkn_;
  std::vector<SeenCase> seen_;
};

TEST_F(CompareCaseTest, WhoKnowsTheSameAgrees) {
  EXPECT_THAT(Found(), IsEmpty());
  EXPECT_TRUE(IsShared(seen_));
}

TEST_F(CompareCaseTest, ACaseWithoutOtherPartiesIsNotCompared) {
  seen_[0].the_case.clear_parties();
  seen_[1] = {.node = &bkn_, .shown = false, .the_case = {}, .timeline = {}};
  EXPECT_FALSE(IsShared(seen_));
}

TEST_F(CompareCaseTest, WhatWasDisclosedAndIsNotHeldIsMissing) {
  AddStep(seen_[0], "bawaslu-13", 9, 3'000);
  Disclose(seen_[0], "bkn", 9, false);
  EXPECT_THAT(Found(), ElementsAre("missing bkn bawaslu-13: disclosed to it, and not arrived"));
  EXPECT_THAT(CompareCase(kCase, seen_, absl::Hours(1))[0].positions(),
              ElementsAre("bawaslu-13@9"));
  seen_[0].the_case.mutable_arrivals(1)->set_arrived(true);
  EXPECT_THAT(Found(),
              ElementsAre("missing bkn bawaslu-13: acknowledged as arrived, and not shown"));
}

TEST_F(CompareCaseTest, AnEntryOfTheOfficeIsNotMissedByOthers) {
  AddStep(seen_[0], "bawaslu-13", 9, 3'000);
  EXPECT_THAT(Found(), IsEmpty());
}

TEST_F(CompareCaseTest, AWholeCaseIsMissingAtAPartysNode) {
  seen_[1] = {.node = &bkn_, .shown = false, .the_case = {}, .timeline = {}};
  seen_[0].timeline.mutable_steps()->RemoveLast();
  seen_[0].the_case.mutable_arrivals(0)->set_arrived(false);
  EXPECT_TRUE(IsShared(seen_));
  EXPECT_THAT(Found(), ElementsAre("missing bkn bawaslu-13: disclosed to it, and not arrived"));
  seen_[0].the_case.clear_arrivals();
  EXPECT_THAT(Found(), ElementsAre("missing bkn : holds nothing of a case to which it is a party"));
}

TEST_F(CompareCaseTest, WhatTheCallerMayNotSeeIsNotComparedAndNeverEqual) {
  bkn_.add_authorities("kasn");
  *bkn_.mutable_looks_for(0) = "kasn";
  seen_[1] = {.node = &bkn_, .shown = false, .the_case = {}, .timeline = {}};
  EXPECT_THAT(Found(), ElementsAre("not_compared bkn : you may not see there what is of bkn"));
}

TEST_F(CompareCaseTest, AGapInTheNumberingIsMissing) {
  query::v1::Section* section = seen_[1].the_case.add_sections();
  section->set_writer("bawaslu/13");
  section->set_log("bawaslu-13");
  section->set_incomplete(true);
  EXPECT_THAT(
      Found(),
      ElementsAre("missing bkn bawaslu-13: entries of bawaslu/13 are missing by their numbers"));
}

TEST_F(CompareCaseTest, AnEntryThatItsAuthorDoesNotShowIsAContradiction) {
  AddStep(seen_[1], "bawaslu-13", 8, 3'000);
  EXPECT_THAT(
      Found(),
      ElementsAre("contradictory bawaslu-13 bkn: bkn holds entries of it that it does not show"));
}

TEST_F(CompareCaseTest, AnotherEntryAtThePlaceIsAContradiction) {
  Step(1, 0)->set_leaf_hash("other");
  EXPECT_THAT(
      Found(),
      ElementsAre("contradictory bawaslu-13 bkn: both hold another entry at the same place"));
}

TEST_F(CompareCaseTest, OtherConclusionsCountOnlyAtEqualKnowledge) {
  seen_[1].the_case.set_holder("bawaslu/13");
  seen_[1].the_case.set_party_digest("d2");
  EXPECT_THAT(Found(), ElementsAre("contradictory bawaslu-13 bkn: at equal knowledge: holder bkn / "
                                   "bawaslu/13, digest d1 / d2"));
  AddStep(seen_[0], "bawaslu-13", 9, 3'000);
  Disclose(seen_[0], "bkn", 9, false);
  EXPECT_THAT(Found(), ElementsAre(HasSubstr("missing bkn")));
}

TEST_F(CompareCaseTest, WhatANodeItselfShowsIsAContradiction) {
  seen_[0].the_case.add_contradictions("bkn@3 answers nothing");
  EXPECT_THAT(Found(), ElementsAre("contradictory bawaslu-13 : bkn@3 answers nothing"));
}

TEST_F(CompareCaseTest, LateIsWhatTookLongerThanTheThreshold) {
  Step(1, 0)->mutable_held_since()->set_seconds(1'000 + 3'601);
  EXPECT_THAT(Found(absl::Hours(1)),
              ElementsAre("late bkn bawaslu-13: held up to 1h1s after they were recorded, by the "
                          "two clocks"));
  EXPECT_THAT(Found(absl::Hours(2)), IsEmpty());
}

TEST_F(CompareCaseTest, NobodyIsLateForWhatWasRecordedBeforeItBecameAParty) {
  for (SeenCase& each : seen_) {
    each.timeline.mutable_steps(0)->mutable_recorded_at()->set_seconds(9'000);
    auto* earlier = AddStep(each, "bawaslu-13", 2, 10);
    if (&each == &seen_[1]) {
      earlier->mutable_held_since()->set_seconds(9'005);
      each.timeline.mutable_steps(0)->mutable_held_since()->set_seconds(9'005);
    }
  }
  EXPECT_THAT(Found(absl::Minutes(1)), IsEmpty());
}

TEST_F(CompareCaseTest, EntriesOfWhoWasNotAskedAreMissedToo) {
  AddStep(seen_[0], "ppk-13.04", 4, 3'000);
  EXPECT_THAT(Found(), ElementsAre("missing bkn bawaslu-13: bawaslu-13 holds them"));
  EXPECT_EQ(CompareCase(kCase, seen_, absl::Hours(1))[0].to_do(),
            "ppk-13.04 must deliver them to bkn");
}

}  // namespace
}  // namespace selaras::cli
