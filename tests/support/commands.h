#pragma once

#include <memory>
#include <string>

#include "absl/strings/string_view.h"

#include "selaras/command/v1/command.pb.h"
#include "selaras/intake/v1/intake.pb.h"
#include "selaras/referral/v1/referral.pb.h"
#include "selaras/sanction/v1/sanction.pb.h"

#include "services/reference/catalogue.h"

// Commands as a back office would send them: valid as they come, so that a test says only what
// matters to it. All people are invented.
namespace selaras::test {

inline constexpr absl::string_view kNip = "198001012005011001";
inline constexpr absl::string_view kOtherNip = "197609122007041022";

// The catalogue that is shipped, read once.
std::shared_ptr<const reference::Catalogue> ShippedCatalogue();

command::v1::CommandHeader HeaderOf(absl::string_view authority, absl::string_view request_id);
event::v1::When On(absl::string_view day);

// Of Tanah Datar (13.04), Pilkada 2024: received on 2024-10-05, the act on 2024-10-01.
intake::v1::ReceiveReport SomeReport();
// The respondent of the report that command 0 of the batch opens.
intake::v1::NameRespondent SomeRespondent(absl::string_view nip = kNip);
intake::v1::IdentifyRespondent SomeIdentity();
intake::v1::ReviewCase SomeReview();
intake::v1::ConcludeCase SomeConclusion();
intake::v1::ReferCase SomeReferral();

referral::v1::ReceiveCase SomeReceipt(absl::string_view case_id);
referral::v1::VerifyCase SomeVerification(absl::string_view case_id, bool proven = true);
referral::v1::RecommendSanction SomeRecommendation(absl::string_view case_id);
referral::v1::DismissCase SomeDismissal(absl::string_view case_id);
referral::v1::ReturnCase SomeReturn(absl::string_view case_id);

sanction::v1::ReceiveRecommendation SomePpkReceipt(absl::string_view case_id);
sanction::v1::SummonRespondent SomeSummons(absl::string_view case_id);
sanction::v1::ExamineRespondent SomeExamination(absl::string_view case_id);
sanction::v1::RecordBlocker SomeBlocker(absl::string_view case_id);
sanction::v1::DecideSanction SomeDecision(absl::string_view case_id);
sanction::v1::HandOverDecision SomeHandOver(absl::string_view case_id);
sanction::v1::FileObjection SomeObjection(absl::string_view case_id);
// Of ppk/13.04 to bawaslu/13, about the respondent and the act of SomeRespondent().
sanction::v1::NoticeViolation SomeNotice(absl::string_view nip = kNip);
// A report that came of a notice.
intake::v1::ReceiveReport SomeReportOf(absl::string_view notice_case_id);

}  // namespace selaras::test
