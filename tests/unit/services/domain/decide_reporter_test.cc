#include "services/domain/decide_reporter.h"

#include "case_test_base.h"

namespace selaras::domain {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class ReporterTest : public CaseTest {
 protected:
  absl::StatusOr<Decision> Issue(absl::string_view as = kBawaslu) {
    const auto header = test::HeaderOf(as, "r-1");
    intake::v1::IssueReceiptCode command;
    *command.mutable_occurred_at() = test::On("2024-10-06");
    return DecideIssueReceiptCode(command, Report(), std::string(32, 't'), {header, *catalogue_});
  }
  absl::StatusOr<Decision> Send(absl::string_view text, absl::string_view as = kBawaslu) {
    const auto header = test::HeaderOf(as, "r-1");
    intake::v1::SendReporterMessage command;
    command.set_text(std::string(text));
    return DecideSendReporterMessage(command, Report(), {header, *catalogue_});
  }
  absl::StatusOr<Decision> Receive(absl::string_view text, int unanswered = 0) {
    const auto header = test::HeaderOf(kBawaslu, "r-1");
    intake::v1::ReceiveReporterMessage command;
    command.set_text(std::string(text));
    return DecideReceiveReporterMessage(command, Report(), unanswered, {header, *catalogue_});
  }
};

// What one of the three decisions must be: one private fact of the report.
void ExpectPrivate(const absl::StatusOr<Decision>& decision, FactKind kind) {
  ASSERT_TRUE(decision.ok()) << decision.status();
  ASSERT_THAT(decision->drafts, SizeIs(1));
  const Draft& draft = decision->drafts[0];
  EXPECT_EQ(draft.visibility, Visibility::kPrivate);
  EXPECT_EQ(VisibilityOf(kind), Visibility::kPrivate);
  EXPECT_TRUE(IsOfReport(kind));
  EXPECT_EQ(draft.fact.kind_case(), kind);
  EXPECT_THAT(draft.report_id, Not(IsEmpty()));
  EXPECT_THAT(draft.case_id, IsEmpty());
  EXPECT_THAT(draft.citations, SizeIs(1)) << "the opening of the report";
}

TEST_F(ReporterTest, EverythingIsAPrivateFactOfTheReport) {
  ExpectPrivate(Issue(), event::v1::Fact::kReceiptCodeIssued);
  ExpectPrivate(Send("Mohon datang."), event::v1::Fact::kReporterMessageSent);
  ExpectPrivate(Receive("Baik."), event::v1::Fact::kReporterMessageReceived);
}

TEST_F(ReporterTest, TheTextStandsInThePersonalPartOnly) {
  const auto decision = Receive("Baris satu.\nBaris dua.\tTab.\r\n");
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->drafts[0].personal->message(), "Baris satu.\nBaris dua.\tTab.\r\n");
  EXPECT_THAT(decision->drafts[0].fact.SerializeAsString(), Not(HasSubstr("Baris")));
}

TEST_F(ReporterTest, AnotherOfficeDoesNotLearnThatTheReportIsThere) {
  EXPECT_EQ(test::ReasonIn(Issue("bawaslu/14").status()), "REPORT_NOT_FOUND");
  EXPECT_EQ(test::ReasonIn(Send("Halo", "bawaslu/14").status()), "REPORT_NOT_FOUND");
}

TEST_F(ReporterTest, AMessageIsPlainTextOfAtMost4000Bytes) {
  EXPECT_TRUE(Receive(std::string(4'000, 'x')).ok());
  for (const std::string& text :
       {std::string(), std::string(" \n\t "), std::string(4'001, 'x'), std::string("a\0b", 3),
        std::string("a\x1b[31mb"), std::string("a\x7f"),
        std::string("a\xc2\x9b"
                    "b")}) {
    for (const auto& status : {Receive(text).status(), Send(text).status()}) {
      EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
      EXPECT_EQ(test::FieldIn(status), "text");
    }
  }
  EXPECT_TRUE(Receive("\xc2\xa0\xc3\x9b Ümlaut \xe2\x9c\x93 \xf0\x9f\x98\x80").ok());
}

TEST_F(ReporterTest, SoManyMessagesMayWaitForAnAnswer) {
  EXPECT_TRUE(Receive("Halo?", kUnansweredMax - 1).ok());
  const absl::Status status = Receive("Halo?", kUnansweredMax).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(test::ReasonIn(status), "MAILBOX_FULL");
  EXPECT_THAT(std::string(status.message()), HasSubstr("50 messages wait"));
}

}  // namespace
}  // namespace selaras::domain
