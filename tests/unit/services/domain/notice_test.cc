#include "services/domain/notice.h"

#include "case_test_base.h"
#include "services/domain/custody.h"
#include "services/domain/decide_common.h"
#include "services/domain/decide_notice.h"

namespace selaras::domain {
namespace {

using F = event::v1::Fact;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class NoticeTest : public CaseTest {
 protected:
  absl::Status Notice(const sanction::v1::NoticeViolation& command = test::SomeNotice()) {
    return Do(Section::kSanction, kPpk,
              [&](const Call& call) { return DecideNoticeViolation(command, case_.id(), call); });
  }
  absl::Status TakeNotice(absl::string_view as = kBawaslu) {
    intake::v1::ReceiveNotice command;
    command.mutable_case_ref()->set_case_id(case_.id());
    *command.mutable_occurred_at() = test::On("2024-10-04");
    return Do(Section::kIntake, as,
              [&](const Call& call) { return DecideReceiveNotice(command, case_.fold(), call); });
  }
  template <typename Change>
  std::string Refused(Change change) {
    sanction::v1::NoticeViolation command = test::SomeNotice();
    change(command);
    const absl::Status status = Notice(command);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
    return std::string(status.message());
  }
  std::vector<std::string> AllowedIn(Section section) const {
    return AllowedNow(
        case_.fold(), section,
        [&](const std::string& authority) { return authority == WriterOf(section); }, *catalogue_);
  }
  void ExpectTurn(State state, absl::string_view holder, absl::string_view waiting_for) {
    const Status status = StatusOf(case_.fold());
    EXPECT_EQ(StateName(status.state), StateName(state));
    EXPECT_EQ(status.holder, holder);
    EXPECT_EQ(status.waiting_for, waiting_for);
    EXPECT_THAT(ContradictionsOf(case_.fold()), IsEmpty());
    const CaseFold backwards = test::FoldOf(case_.id(), case_.EntriesBackwards());
    EXPECT_EQ(PartyDigest(backwards), PartyDigest(case_.fold()));
  }
};

TEST_F(NoticeTest, ItWaitsForTheOfficeUntilItIsReceivedAndThenForNobody) {
  ASSERT_TRUE(Notice().ok()) << last_.status();
  ExpectTurn(State::kNoticed, kPpk, kBawaslu);
  EXPECT_THAT(AllowedIn(Section::kIntake), ElementsAre("ReceiveNotice"));
  ASSERT_TRUE(TakeNotice().ok()) << last_.status();
  ExpectTurn(State::kNoticeReceived, kBawaslu, "");
  EXPECT_THAT(PartiesOf(case_.fold()), ElementsAre(kPpk, kBawaslu));
  EXPECT_THAT(AllowedIn(Section::kIntake),
              ElementsAre("SendCopy", "FlagConflict", "AddAttachment", "RemoveAttachment",
                          "PlaceLegalHold", "OrderErasure"));
  EXPECT_THAT(AllowedIn(Section::kSanction),
              ElementsAre("SendCopy", "MakeRequest", "FlagConflict", "AddAttachment",
                          "RemoveAttachment", "PlaceLegalHold", "OrderErasure"));
}

TEST_F(NoticeTest, ItStatesWhatWasSaidToThePartiesAndTheRestInThePersonalPart) {
  ASSERT_TRUE(Notice().ok());
  EXPECT_EQ(draft().visibility, Visibility::kParty);
  EXPECT_EQ(draft().occurred_at->date(), "2024-10-03");
  const auto& noticed = fact().violation_noticed();
  EXPECT_EQ(noticed.to(), kBawaslu);
  EXPECT_EQ(noticed.election(), "PILKADA-2024");
  EXPECT_EQ(noticed.incident_on(), "2024-10-01");
  EXPECT_EQ(noticed.agency_region(), "13.04");
  EXPECT_EQ(noticed.employment_status(), "PNS");
  EXPECT_EQ(noticed.position_kind(), "administrator");
  EXPECT_EQ(noticed.rank(), "III/d");
  EXPECT_THAT(noticed.violations_alleged(), ElementsAre("HD-06"));
  EXPECT_EQ(draft().personal->respondent().nip(), test::kNip);
  EXPECT_THAT(draft().personal->summary(), HasSubstr("kampanye"));
  EXPECT_EQ(draft().personal->references(0).kind(), event::v1::REFERENCE_KIND_LETTER);
}

TEST_F(NoticeTest, WhatAPpkDoesNotKnowMayBeLeftOut) {
  auto command = test::SomeNotice("");
  command.clear_election();
  command.clear_incident_on();
  command.clear_employment_status();
  command.clear_position_kind();
  command.clear_rank();
  command.clear_violations_alleged();
  command.clear_letter_number();
  command.clear_occurred_at();
  EXPECT_TRUE(Notice(command).ok()) << last_.status();
}

TEST_F(NoticeTest, ARefusalNamesTheField) {
  EXPECT_THAT(Refused([](auto& c) { c.set_to("bawaslu/99"); }), HasSubstr("to:"));
  EXPECT_THAT(Refused([](auto& c) { c.clear_to(); }), HasSubstr("to:"));
  EXPECT_THAT(Refused([](auto& c) { c.set_to("bkn"); }), HasSubstr("no office of Bawaslu"));
  EXPECT_THAT(Refused([](auto& c) { c.mutable_respondent()->clear_name(); }),
              HasSubstr("respondent.name"));
  EXPECT_THAT(Refused([](auto& c) { c.mutable_respondent()->set_nip("1980"); }),
              HasSubstr("respondent.nip"));
  EXPECT_THAT(Refused([](auto& c) { c.set_election("PILKADA-1066"); }), HasSubstr("election"));
  EXPECT_THAT(Refused([](auto& c) { c.set_incident_on("1 Oktober"); }), HasSubstr("incident_on"));
  EXPECT_THAT(Refused([](auto& c) { c.set_incident_on("2024-10-04"); }), HasSubstr("incident_on"))
      << "the day after it was told";
  EXPECT_THAT(Refused([](auto& c) { c.clear_agency_region(); }), HasSubstr("agency_region"));
  EXPECT_THAT(Refused([](auto& c) { c.set_employment_status("honorer"); }),
              HasSubstr("employment_status"));
  EXPECT_THAT(Refused([](auto& c) { c.set_position_kind("raja"); }), HasSubstr("position_kind"));
  EXPECT_THAT(Refused([](auto& c) { c.set_rank("V/z"); }), HasSubstr("rank"));
  EXPECT_THAT(Refused([](auto& c) { c.add_violations_alleged("HD-99"); }),
              HasSubstr("violations_alleged"));
  EXPECT_THAT(Refused([](auto& c) { c.clear_summary(); }), HasSubstr("summary"));
  EXPECT_THAT(Refused([](auto& c) { c.set_letter_number(std::string(200, '7')); }),
              HasSubstr("letter_number"));
}

TEST_F(NoticeTest, OnlyTheOfficeAddressedReceivesItAndOnce) {
  EXPECT_FALSE(TakeNotice().ok()) << "nothing was told";
  ASSERT_TRUE(Notice().ok());
  const absl::Status other = TakeNotice("bawaslu/14");
  EXPECT_EQ(other.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(test::ReasonIn(other), "NOT_YOUR_CASE");
  ASSERT_TRUE(TakeNotice().ok());
  const absl::Status again = TakeNotice();
  EXPECT_EQ(test::ReasonIn(again), "MOVE_NOT_ALLOWED");
  EXPECT_EQ(test::MetadataIn(again)["state"], "notice received");
  EXPECT_THAT(test::PreconditionIn(again), HasSubstr("seed 003")) << "the source, with its mark";
  EXPECT_EQ(test::ReasonIn(TakeNotice("bawaslu/14")), "NOT_HERE_YET");
}

TEST_F(NoticeTest, UntilItIsReceivedThePpkTakesItBackAndNobodyReceivesIt) {
  ASSERT_TRUE(Notice().ok());
  ASSERT_TRUE(VoidNewest(Section::kSanction).ok()) << last_.status();
  const absl::Status refused = TakeNotice();
  EXPECT_EQ(test::ReasonIn(refused), "RULE");
  EXPECT_THAT(std::string(refused.message()), HasSubstr("taken back"));
  EXPECT_EQ(StatusOf(case_.fold()).waiting_for, "");
  EXPECT_THAT(PartiesOf(case_.fold()), ElementsAre(kPpk, kBawaslu)) << "the office hears of that";
  EXPECT_TRUE(IsNotice(case_.fold()));
  EXPECT_EQ(NoticeOf(case_.fold()), nullptr);
  EXPECT_EQ(test::ReasonIn(Summon()), "MOVE_NOT_ALLOWED");
}

TEST_F(NoticeTest, AReceivedNoticeIsNeitherTakenBackNorCorrected) {
  ASSERT_TRUE(Notice().ok());
  const auto position = case_.Newest(Section::kSanction);
  auto correction = Correction(Section::kSanction, "violations_alleged");
  correction.mutable_new_fact()->mutable_violation_noticed()->add_violations_alleged("HD-01");
  ASSERT_TRUE(Correct(Section::kSanction, correction).ok()) << last_.status();
  EXPECT_THAT(NoticeOf(case_.fold())->violations_alleged(), ElementsAre("HD-01"));
  ASSERT_TRUE(TakeNotice().ok());
  EXPECT_EQ(test::ReasonIn(Correct(Section::kSanction, correction)), "RULE");
  EXPECT_EQ(test::ReasonIn(Void(Section::kSanction, position)), "RULE");
  EXPECT_EQ(StateName(StatusOf(case_.fold()).state), StateName(State::kNoticeReceived));
}

TEST_F(NoticeTest, WhoIsToldCannotBeCorrected) {
  ASSERT_TRUE(Notice().ok());
  for (const char* path : {"to", "parties"}) {
    auto correction = Correction(Section::kSanction, path);
    correction.mutable_new_fact()->mutable_violation_noticed()->set_to("bawaslu/ri");
    EXPECT_EQ(test::ReasonIn(Correct(Section::kSanction, correction)), "RULE") << path;
  }
  auto status = Correction(Section::kSanction, "employment_status");
  status.mutable_new_fact()->mutable_violation_noticed()->set_employment_status("honorer");
  EXPECT_EQ(test::ReasonIn(Correct(Section::kSanction, status)), "INVALID_FIELD");
}

TEST_F(NoticeTest, AReceiptThatCrossedWithTheTakingBackIsShownAsAContradiction) {
  ASSERT_TRUE(Notice().ok());
  test::PaperCase at_the_office = case_;
  ASSERT_TRUE(VoidNewest(Section::kSanction).ok());
  event::v1::Fact received;
  received.mutable_notice_received();
  at_the_office.Write(Section::kIntake, kBawaslu, received);
  auto entries = case_.entries();
  entries.push_back(at_the_office.entries().back());
  const CaseFold fold = test::FoldOf(case_.id(), entries);
  std::swap(entries[1], entries[2]);
  EXPECT_EQ(PartyDigest(test::FoldOf(case_.id(), entries)), PartyDigest(fold));
  EXPECT_THAT(ContradictionsOf(fold), ElementsAre(HasSubstr("answers nothing")));
  EXPECT_EQ(StateName(StatusOf(fold).state), StateName(State::kNone));
  EXPECT_THAT(PartiesOf(fold), ElementsAre(kPpk, kBawaslu));
  EXPECT_TRUE(IsNotice(fold));
  EXPECT_FALSE(HasReceivedNotice(fold, kBawaslu));
}

TEST_F(NoticeTest, OfAnOrdinaryCaseNobodyMakesANotice) {
  UntilRecommended();
  ASSERT_TRUE(ReceiveAsPpk().ok());
  EXPECT_EQ(test::ReasonIn(TakeNotice()), "MOVE_NOT_ALLOWED");
  EXPECT_FALSE(IsNotice(case_.fold()));
  // As a hostile node might write it.
  event::v1::Fact forged;
  forged.mutable_violation_noticed()->set_to("bawaslu/13");
  case_.Write(Section::kSanction, kPpk, forged);
  EXPECT_FALSE(IsNotice(case_.fold()));
  EXPECT_EQ(NoticeOf(case_.fold()), nullptr);
  EXPECT_EQ(CustodyOf(case_.fold()).under_way, nullptr) << "it hands nothing over";
  EXPECT_EQ(StatusOf(case_.fold()).holder, kPpk);
  EXPECT_FALSE(TakeNotice().ok());
}

TEST_F(NoticeTest, AForgedOneOpensNoCaseOfOthers) {
  event::v1::Fact forged;
  forged.mutable_violation_noticed()->set_to("bawaslu/13");
  forged.mutable_violation_noticed()->add_parties("ppk/13.05");
  case_.Write(Section::kSanction, "ppk/13.05", forged);
  UntilRecommended();
  EXPECT_FALSE(IsNotice(case_.fold()));
  EXPECT_EQ(StatusOf(case_.fold()).holder, kBkn);
  EXPECT_THAT(PartiesOf(case_.fold()), Not(Contains("ppk/13.05")));
  std::vector<test::PaperCase::Entry> for_parties;
  for (const auto& entry : case_.entries()) {
    if (entry.event.party_number() > 0) for_parties.push_back(entry);
  }
  EXPECT_FALSE(IsNotice(test::FoldOf(case_.id(), for_parties)));
}

TEST_F(NoticeTest, TheOfficeThatReceivedItIsTheOnlyOneWithIt) {
  EXPECT_FALSE(HasReceivedNotice(case_.fold(), kBawaslu));
  ASSERT_TRUE(Notice().ok());
  EXPECT_FALSE(HasReceivedNotice(case_.fold(), kBawaslu));
  ASSERT_TRUE(TakeNotice().ok());
  EXPECT_TRUE(HasReceivedNotice(case_.fold(), kBawaslu));
  EXPECT_FALSE(HasReceivedNotice(case_.fold(), "bawaslu/ri"));
  EXPECT_FALSE(HasReceivedNotice(case_.fold(), kPpk));
}

TEST_F(NoticeTest, TheReceiptCanBeTakenBackAndGivenAgain) {
  ASSERT_TRUE(Notice().ok());
  ASSERT_TRUE(TakeNotice().ok());
  ASSERT_TRUE(VoidNewest(Section::kIntake).ok()) << last_.status();
  ExpectTurn(State::kNoticed, kPpk, kBawaslu);
  ASSERT_TRUE(TakeNotice().ok()) << last_.status();
  ExpectTurn(State::kNoticeReceived, kBawaslu, "");
}

TEST_F(NoticeTest, BothSidesAskAndAnswerEachOther) {
  ASSERT_TRUE(Notice().ok());
  ASSERT_TRUE(TakeNotice().ok());
  command::v1::MakeRequest ask;
  ask.mutable_case_ref()->set_case_id(case_.id());
  ask.set_request(catalogue_->CodesOf("request_kind")[0].code);
  ASSERT_TRUE(Do(Section::kSanction, kPpk,
                 [&](const Call& call) {
                   return DecideMakeRequest(ask, case_.fold(), Section::kSanction, call);
                 })
                  .ok())
      << last_.status();
  EXPECT_THAT(AllowedIn(Section::kIntake), Contains("AnswerRequest"));
  command::v1::AnswerRequest answer;
  answer.mutable_case_ref()->set_case_id(case_.id());
  *answer.mutable_request() = case_.Newest(Section::kSanction);
  ASSERT_TRUE(Do(Section::kIntake, kBawaslu,
                 [&](const Call& call) {
                   return DecideAnswerRequest(answer, case_.fold(), Section::kIntake, call);
                 })
                  .ok())
      << last_.status();
  ExpectTurn(State::kNoticeReceived, kBawaslu, "");
}

TEST_F(NoticeTest, AReportKeepsItsNoticeInThePrivateLogOnly) {
  ASSERT_TRUE(Do(Section::kIntake, kBawaslu,
                 [&](const Call& call) {
                   return DecideReceiveReport(test::SomeReportOf(case_.id()), Report().report_id,
                                              std::nullopt, call);
                 })
                  .ok())
      << last_.status();
  EXPECT_THAT(draft(0).fact.DebugString(), Not(HasSubstr(case_.id())));
  EXPECT_EQ(draft(1).visibility, Visibility::kPrivate);
  EXPECT_EQ(draft(1).fact.report_details_recorded().notice_case_id(), case_.id());
}

}  // namespace
}  // namespace selaras::domain
