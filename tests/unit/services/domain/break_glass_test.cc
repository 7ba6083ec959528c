#include "services/domain/break_glass.h"

#include "case_test_base.h"
#include "services/domain/refusal.h"

namespace selaras::domain {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr char kReason[] = "pelapor diancam, kantor tutup";

class BreakGlassRules : public CaseTest {
 protected:
  static command::v1::BreakGlass Taking() {
    command::v1::BreakGlass command;
    command.set_by("bawaslu/13");
    command.set_role("ops");
    command.set_reason("keselamatan");
    command.set_reason_text(kReason);
    command.set_minutes(30);
    return command;
  }
  absl::StatusOr<Decision> Take(const command::v1::BreakGlass& command,
                                absl::string_view officer = "adm-1",
                                absl::string_view as = kBawaslu) {
    auto header = test::HeaderOf(as, "r-1");
    header.mutable_officer()->set_officer_id(std::string(officer));
    return DecideBreakGlass(command, Report(), {header, *catalogue_});
  }
  absl::StatusOr<Decision> Review(const command::v1::ReviewBreakGlass& command,
                                  absl::string_view as = kBawaslu,
                                  absl::string_view officer = "ketua-1") {
    auto header = test::HeaderOf(as, "r-2");
    header.mutable_officer()->set_officer_id(std::string(officer));
    storage::v1::SectionFold kept;
    auto& fact = *kept.add_facts();
    *fact.mutable_position() = Opening();
    fact.mutable_fact()->mutable_break_glass_opened();
    return DecideReviewBreakGlass(command, Report(), kept, {header, *catalogue_});
  }
  static event::v1::Position Opening(std::uint64_t sequence = 7) {
    event::v1::Position position;
    position.set_log("bawaslu-13/private");
    position.set_sequence(sequence);
    return position;
  }
  static command::v1::ReviewBreakGlass Reviewing(bool justified) {
    command::v1::ReviewBreakGlass command;
    *command.mutable_opening() = Opening();
    command.set_justified(justified);
    return command;
  }
};

TEST_F(BreakGlassRules, WhatIsTakenSaysByWhomWhyAndForHowLong) {
  const auto decision = Take(Taking());
  ASSERT_TRUE(decision.ok()) << decision.status();
  ASSERT_THAT(decision->drafts, SizeIs(1));
  const Draft& draft = decision->drafts[0];
  EXPECT_EQ(draft.visibility, Visibility::kPrivate);
  const auto& opened = draft.fact.break_glass_opened();
  EXPECT_EQ(opened.by(), "bawaslu/13");
  EXPECT_EQ(opened.role(), "ops");
  EXPECT_EQ(opened.reason(), "keselamatan");
  EXPECT_EQ(opened.minutes(), 30u);
  EXPECT_EQ(draft.personal->reason_text(), kReason);
  EXPECT_THAT(draft.fact.SerializeAsString(), Not(HasSubstr("pelapor")));
}

TEST_F(BreakGlassRules, NothingIsTakenWithoutAReasonAnOfficerAndAnEnd) {
  auto command = Taking();
  command.set_reason("penasaran");
  EXPECT_THAT(Take(command).status().message(), HasSubstr("reason"));
  command = Taking();
  command.set_reason_text("darurat");
  EXPECT_THAT(Take(command).status().message(), HasSubstr("at least 20"));
  for (const std::uint32_t minutes : {0u, 241u}) {
    command = Taking();
    command.set_minutes(minutes);
    EXPECT_THAT(Take(command).status().message(), HasSubstr("1 to 240"));
  }
  EXPECT_THAT(Take(Taking(), "").status().message(), HasSubstr("officer"));
  EXPECT_EQ(ReasonOf(Take(Taking(), "adm-1", "bawaslu/ri").status()), "REPORT_NOT_FOUND");
}

TEST_F(BreakGlassRules, AReviewIsOfAnOpeningOfTheReportAndBlameIsExplained) {
  const auto good = Review(Reviewing(true));
  ASSERT_TRUE(good.ok()) << good.status();
  EXPECT_TRUE(good->drafts[0].fact.break_glass_reviewed().justified());
  EXPECT_FALSE(good->drafts[0].personal);
  EXPECT_THAT(Review(Reviewing(true), kBawaslu, "").status().message(), HasSubstr("officer"));
  auto bad = Reviewing(false);
  EXPECT_THAT(Review(bad).status().message(), HasSubstr("remark"));
  bad.set_remark("kantor buka");
  EXPECT_EQ(Review(bad)->drafts[0].personal->reason_text(), "kantor buka");
  *bad.mutable_opening() = Opening(8);
  EXPECT_EQ(ReasonOf(Review(bad).status()), "BREAK_GLASS_NOT_FOUND");
  EXPECT_EQ(ReasonOf(Review(Reviewing(true), "bawaslu/ri").status()), "REPORT_NOT_FOUND");
}

}  // namespace
}  // namespace selaras::domain
