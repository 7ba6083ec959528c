#include "services/domain/fold.h"

#include "case_test_base.h"

namespace selaras::domain {
namespace {

using F = event::v1::Fact;

class FoldTest : public CaseTest {
 protected:
  const storage::v1::SectionFold& intake() const { return case_.section(Section::kIntake); }
  const storage::v1::EffectiveFact* Last(FactKind kind) const { return LastFact(intake(), kind); }

  // Folds a correction as it stands, whatever the rules say of it.
  void FoldCorrection(const event::v1::Position& position, const std::vector<std::string>& paths,
                      const event::v1::Fact& new_fact) {
    event::v1::Fact fact;
    auto* correction = fact.mutable_fact_corrected();
    *correction->mutable_position() = position;
    for (const auto& path : paths) correction->mutable_fields()->add_paths(path);
    *correction->mutable_new_fact() = new_fact;
    correction->mutable_new_occurred_at()->set_date("2024-09-30");
    case_.Write(Section::kIntake, kBawaslu, fact, Visibility::kOffice);
  }
};

TEST_F(FoldTest, AnEntryIsKeptWithItsPlaceHashAuthorTimesAndCitations) {
  ASSERT_TRUE(Name().ok());
  const auto& entry = case_.entries()[0];
  ASSERT_EQ(intake().facts_size(), 1);
  const auto& fact = intake().facts(0);
  EXPECT_EQ(fact.position().log(), "intake");
  EXPECT_EQ(fact.leaf_hash(), entry.leaf_hash.view());
  EXPECT_EQ(fact.author(), kBawaslu);
  EXPECT_EQ(fact.occurred_at().date(), "2024-10-05");
  EXPECT_EQ(fact.recorded_at().seconds(), entry.event.recorded_at().seconds());
  EXPECT_EQ(fact.citations_size(), 1);
  EXPECT_EQ(intake().writer(), kBawaslu);
  EXPECT_EQ(intake().revision(), 1u);
}

TEST_F(FoldTest, ReadsNoPersonalData) {
  ASSERT_TRUE(Name().ok());
  EXPECT_THAT(case_.fold().SerializeAsString(), testing::Not(testing::HasSubstr("Citra")));
  EXPECT_THAT(case_.fold().SerializeAsString(),
              testing::Not(testing::HasSubstr(std::string(test::kNip))));
}

TEST_F(FoldTest, OnlyPartyEntriesAreNumberedAndOnlyTheNextOneCanBeFolded) {
  UntilReferred();
  EXPECT_EQ(intake().revision(), 4u);
  EXPECT_EQ(intake().party_entries(), 1u);
  event::v1::Event event;
  event.set_author(std::string(kBawaslu));
  const auto can_fold = [&] { return CanFold(case_.fold().segments(), Section::kIntake, event); };
  EXPECT_TRUE(can_fold()) << "an office entry has no number";
  event.set_party_number(1);
  EXPECT_FALSE(can_fold());
  event.set_party_number(2);
  EXPECT_TRUE(can_fold());
  event.set_party_number(3);
  EXPECT_FALSE(can_fold()) << "number 2 is missing";
}

TEST_F(FoldTest, EachWriterOfASectionHasASegmentAndANumberingOfItsOwn) {
  UntilRecommended();
  ASSERT_TRUE(ReceiveAsPpk().ok());
  ASSERT_TRUE(VoidNewest(Section::kSanction).ok());
  const auto next = [&](absl::string_view author) {
    return NextPartyNumber(case_.fold().segments(), Section::kSanction, author);
  };
  EXPECT_EQ(next(kPpk), 3u) << "the taking-back is one too";
  EXPECT_EQ(next("ppk/13.05"), 1u);
  event::v1::Event event;
  event.set_author("ppk/13.05");
  event.set_party_number(3);
  EXPECT_FALSE(CanFold(case_.fold().segments(), Section::kSanction, event));
  event.set_party_number(1);
  EXPECT_TRUE(CanFold(case_.fold().segments(), Section::kSanction, event));
  event.mutable_fact()->mutable_recommendation_received();
  CaseFold after = case_.fold();
  Evolve(*after.mutable_segments(), Section::kSanction, {}, {}, event);
  const auto* segment = FindSegment(after.segments(), Section::kSanction, "ppk/13.05");
  ASSERT_NE(segment, nullptr);
  EXPECT_EQ(segment->party_entries(), 1u);
  EXPECT_EQ(segment->revision(), 1u);
  EXPECT_EQ(FindSegment(after.segments(), Section::kSanction, kPpk)->revision(), 2u);
}

TEST_F(FoldTest, AFactOfTheFutureIsCountedAndNotJudged) {
  UntilReferred();
  const State before = case_.StateIn(Section::kIntake);
  case_.Write(Section::kIntake, kBawaslu, event::v1::Fact());
  EXPECT_EQ(intake().revision(), 5u);
  EXPECT_EQ(intake().party_entries(), 2u);
  EXPECT_EQ(intake().facts_size(), 4);
  EXPECT_EQ(case_.StateIn(Section::kIntake), before);
}

TEST_F(FoldTest, ACorrectionReplacesTheNamedFieldsAndNothingElse) {
  ASSERT_TRUE(Name().ok());
  event::v1::Fact fact;
  fact.mutable_respondent_named()->set_rank("IV/a");
  fact.mutable_respondent_named()->set_incident_on("2024-01-01");
  fact.mutable_respondent_named()->add_violations_alleged("HD-01");
  FoldCorrection(case_.Newest(Section::kIntake), {"rank", "violations_alleged"}, fact);
  const auto& named = Last(F::kRespondentNamed)->fact().respondent_named();
  EXPECT_EQ(named.rank(), "IV/a");
  EXPECT_EQ(named.incident_on(), "2024-10-01");
  EXPECT_THAT(named.violations_alleged(), testing::ElementsAre("HD-01")) << "replaced, not added";
  EXPECT_EQ(Last(F::kRespondentNamed)->occurred_at().date(), "2024-10-05");
  ASSERT_EQ(Last(F::kRespondentNamed)->corrected_by_size(), 1);
  EXPECT_EQ(Last(F::kRespondentNamed)->corrected_by(0).sequence(), 1u);
  EXPECT_EQ(Last(F::kRespondentNamed)->leaf_hash(), case_.entries()[0].leaf_hash.view());
  EXPECT_EQ(intake().revision(), 2u);
}

TEST_F(FoldTest, ACorrectionCanEmptyAFieldAndMoveTheDay) {
  ASSERT_TRUE(Name().ok());
  event::v1::Fact fact;
  fact.mutable_respondent_named();
  FoldCorrection(case_.Newest(Section::kIntake), {"rank", "occurred_at"}, fact);
  EXPECT_EQ(Last(F::kRespondentNamed)->fact().respondent_named().rank(), "");
  EXPECT_EQ(Last(F::kRespondentNamed)->occurred_at().date(), "2024-09-30");
}

TEST_F(FoldTest, ACorrectionOfTheFutureChangesWhatItCanAndNeverRefuses) {
  ASSERT_TRUE(Name().ok());
  const auto before = Last(F::kRespondentNamed)->fact().SerializeAsString();
  event::v1::Fact other;
  other.mutable_case_referred()->set_rank("IV/a");
  const event::v1::Position place = case_.Newest(Section::kIntake);
  FoldCorrection(place, {"rank"}, other);
  FoldCorrection(place, {"not_invented_yet", "personal.respondent.name"}, event::v1::Fact());
  event::v1::Position nowhere;
  nowhere.set_log("intake");
  nowhere.set_sequence(99);
  FoldCorrection(nowhere, {"rank"}, other);
  EXPECT_EQ(Last(F::kRespondentNamed)->fact().SerializeAsString(), before);
  EXPECT_EQ(Last(F::kRespondentNamed)->corrected_by_size(), 2);
  EXPECT_EQ(intake().revision(), 4u);
}

TEST_F(FoldTest, AVoidTakesTheFactBackAndTheStateWithIt) {
  UntilReferred();
  ASSERT_TRUE(VoidNewest(Section::kIntake).ok());
  EXPECT_EQ(case_.StateIn(Section::kIntake), State::kViolationFound);
  EXPECT_EQ(intake().revision(), 5u);
  EXPECT_EQ(intake().party_entries(), 2u) << "the taking-back is a party entry too";
  ASSERT_TRUE(VoidNewest(Section::kIntake).ok());
  EXPECT_EQ(case_.StateIn(Section::kIntake), State::kAccepted);
  EXPECT_EQ(intake().party_entries(), 2u) << "an office entry is taken back in the office";
}

TEST_F(FoldTest, TheSameEntriesGiveTheSameFoldInAnyOrderOfTheLogs) {
  UntilHandedOver();
  EXPECT_EQ(test::FoldOf(case_.id(), case_.EntriesBackwards()).SerializeAsString(),
            case_.fold().SerializeAsString());
}

TEST_F(FoldTest, LastFactIsTheNewestOfItsKind) {
  ASSERT_TRUE(Name().ok());
  ASSERT_TRUE(Identify().ok());
  auto again = test::SomeIdentity();
  again.set_employment_status("PPPK");
  again.set_nip("199210142020212013");
  ASSERT_TRUE(Identify(again).ok());
  EXPECT_EQ(Last(F::kRespondentIdentified)->fact().respondent_identified().employment_status(),
            "PPPK");
  EXPECT_EQ(Last(F::kCaseReferred), nullptr);
}

}  // namespace
}  // namespace selaras::domain
