#pragma once

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/domain/decide_intake.h"
#include "services/domain/decide_referral.h"
#include "services/domain/decide_sanction.h"
#include "services/domain/fold.h"
#include "services/domain/transitions.h"
#include "tests/support/commands.h"
#include "tests/support/paper_case.h"
#include "tests/support/refusals.h"

namespace selaras::domain {

// A case on paper and the commands that move it: each decides as its authority and, if that is
// allowed, writes what follows.
class CaseTest : public testing::Test {
 protected:
  static constexpr absl::string_view kBawaslu = "bawaslu/13";
  static constexpr absl::string_view kBkn = "bkn";
  static constexpr absl::string_view kPpk = "ppk/13.04";

  template <typename Decide>
  absl::Status Do(Section section, absl::string_view authority, Decide decide) {
    const auto header = test::HeaderOf(authority, "r-1");
    last_ = decide(Call{header, *catalogue_});
    if (last_.ok()) case_.Write(section, authority, *last_);
    return last_.status();
  }
  template <typename Command, typename Decide>
  absl::Status Intake(const Command& command, Decide decide) {
    return Do(Section::kIntake, kBawaslu,
              [&](const Call& call) { return decide(command, case_.fold(), call); });
  }
  template <typename Command, typename Decide>
  absl::Status Referral(const Command& command, Decide decide, absl::string_view as = kBkn) {
    return Do(Section::kReferral, as,
              [&](const Call& call) { return decide(command, case_.fold(), call); });
  }
  template <typename Command, typename Decide>
  absl::Status Sanction(const Command& command, Decide decide, absl::string_view as = kPpk) {
    return Do(Section::kSanction, as,
              [&](const Call& call) { return decide(command, case_.fold(), call); });
  }

  static ReportState Report() {
    ReportState report;
    report.report_id = "6f9619ff-8b86-8011-b42d-00c04fc964ff";
    report.author = std::string(kBawaslu);
    report.received.set_election("PILKADA-2024");
    report.received.set_region("13.04");
    report.received_on = "2024-10-05";
    report.citation.mutable_position()->set_log("intake");
    return report;
  }
  absl::Status Name(const intake::v1::NameRespondent& command = test::SomeRespondent()) {
    return Do(Section::kIntake, kBawaslu, [&](const Call& call) {
      return DecideNameRespondent(command, Report(), case_.id(), call);
    });
  }
  absl::Status Identify(const intake::v1::IdentifyRespondent& command = test::SomeIdentity()) {
    return Intake(command, DecideIdentifyRespondent);
  }
  absl::Status Review(const intake::v1::ReviewCase& command = test::SomeReview()) {
    return Intake(command, DecideReviewCase);
  }
  absl::Status Conclude(const intake::v1::ConcludeCase& command = test::SomeConclusion()) {
    return Intake(command, DecideConcludeCase);
  }
  absl::Status Refer(const intake::v1::ReferCase& command = test::SomeReferral(),
                     absl::string_view nip = test::kNip) {
    event::v1::Respondent respondent = test::SomeRespondent(nip).respondent();
    return Do(Section::kIntake, kBawaslu, [&](const Call& call) {
      return DecideReferCase(command, case_.fold(), respondent, call);
    });
  }
  absl::Status Receive(absl::string_view as = kBkn) {
    return Referral(test::SomeReceipt(case_.id()), DecideReceiveCase, as);
  }
  absl::Status Verify(bool proven = true) {
    return Referral(test::SomeVerification(case_.id(), proven), DecideVerifyCase);
  }
  absl::Status Dismiss() { return Referral(test::SomeDismissal(case_.id()), DecideDismissCase); }
  absl::Status Return() { return Referral(test::SomeReturn(case_.id()), DecideReturnCase); }
  absl::Status Recommend() { return Recommend(test::SomeRecommendation(case_.id())); }
  absl::Status Recommend(const referral::v1::RecommendSanction& command) {
    return Referral(command, DecideRecommendSanction);
  }
  absl::Status ReceiveAsPpk(absl::string_view as = kPpk) {
    return Sanction(test::SomePpkReceipt(case_.id()), DecideReceiveRecommendation, as);
  }
  absl::Status Summon(absl::string_view as = kPpk) {
    return Sanction(test::SomeSummons(case_.id()), DecideSummonRespondent, as);
  }
  absl::Status Examine() {
    return Sanction(test::SomeExamination(case_.id()), DecideExamineRespondent);
  }
  absl::Status Block() { return Sanction(test::SomeBlocker(case_.id()), DecideRecordBlocker); }
  absl::Status Decide() { return Sanction(test::SomeDecision(case_.id()), DecideDecideSanction); }
  absl::Status HandOver() {
    return Sanction(test::SomeHandOver(case_.id()), DecideHandOverDecision);
  }
  absl::Status Object() { return Sanction(test::SomeObjection(case_.id()), DecideFileObjection); }

  // The writer of a section as this fixture plays it.
  static absl::string_view WriterOf(Section section) {
    return section == Section::kIntake ? kBawaslu : section == Section::kReferral ? kBkn : kPpk;
  }
  absl::Status Correct(Section section, const command::v1::CorrectFact& command) {
    return Do(section, WriterOf(section), [&](const Call& call) {
      return DecideCorrectFact(command, case_.fold(), section, call);
    });
  }
  // A correction of the section's newest fact.
  command::v1::CorrectFact Correction(Section section, const std::string& path) const {
    command::v1::CorrectFact command;
    command.set_case_id(case_.id());
    *command.mutable_position() = case_.Newest(section);
    command.mutable_fields()->add_paths(path);
    command.set_reason("salah ketik");
    return command;
  }
  absl::Status Void(Section section, const event::v1::Position& position,
                    absl::string_view reason = "keliru") {
    command::v1::VoidFact command;
    command.set_case_id(case_.id());
    *command.mutable_position() = position;
    command.set_reason(std::string(reason));
    return Do(section, WriterOf(section), [&](const Call& call) {
      return DecideVoidFact(command, case_.fold(), section, call);
    });
  }
  absl::Status VoidNewest(Section section) { return Void(section, case_.Newest(section)); }

  // Moves the case on to a milestone.
  void UntilReferred() {
    ASSERT_TRUE(Name().ok());
    ASSERT_TRUE(Review().ok());
    ASSERT_TRUE(Conclude().ok());
    ASSERT_TRUE(Refer().ok());
  }
  void UntilRecommended() {
    UntilReferred();
    ASSERT_TRUE(Receive().ok());
    ASSERT_TRUE(Verify().ok());
    ASSERT_TRUE(Recommend().ok());
  }
  void UntilHandedOver() {
    UntilRecommended();
    ASSERT_TRUE(ReceiveAsPpk().ok());
    ASSERT_TRUE(Summon().ok());
    ASSERT_TRUE(Examine().ok());
    ASSERT_TRUE(Decide().ok());
    ASSERT_TRUE(HandOver().ok());
  }

  // The first fact that the last command led to.
  const Draft& draft(std::size_t index = 0) const { return last_->drafts.at(index); }
  const event::v1::Fact& fact() const { return draft().fact; }

  // From here on ppk/13.05, or another or nobody, stands for ppk/13.04, whose last day is given.
  void EndPpkOn(absl::string_view last_day, absl::string_view successor = "ppk/13.05") {
    reference::Catalogue::Files files = catalogue_->files();
    files["authorities.tsv"] += absl::StrCat("ppk/13.04\tPemerintah lama\tsanction\t13.04\t\t",
                                             last_day, "\t", successor, "\tR\t\t\n");
    auto split = reference::Catalogue::FromFiles(files);
    ASSERT_TRUE(split.ok()) << split.status();
    catalogue_ = *std::move(split);
  }

  std::shared_ptr<const reference::Catalogue> catalogue_ = test::ShippedCatalogue();
  test::PaperCase case_;
  absl::StatusOr<Decision> last_ = absl::UnknownError("nothing was decided yet");
};

}  // namespace selaras::domain
