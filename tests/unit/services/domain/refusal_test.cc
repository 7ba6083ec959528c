#include "services/domain/refusal.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/refusals.h"

namespace selaras::domain {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

TEST(Refusal, CarriesReasonDomainAndWhatItsWordsNameForPrograms) {
  const absl::Status refused =
      Refusal(absl::StatusCode::kNotFound, "LOST", "gone", {{"what", "x"}});
  EXPECT_EQ(refused.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(refused.message(), "gone");
  EXPECT_EQ(ReasonOf(refused), "LOST");
  EXPECT_EQ(test::ReasonIn(refused), "LOST");
  EXPECT_THAT(test::MetadataIn(refused), UnorderedElementsAre(Pair("what", "x")));
}

TEST(Refusal, AStatusOfSomebodyElseHasNoReason) {
  EXPECT_EQ(ReasonOf(absl::OkStatus()), "");
  EXPECT_EQ(ReasonOf(absl::InternalError("x")), "");
  absl::Status damaged = absl::InternalError("x");
  damaged.SetPayload("type.googleapis.com/google.rpc.ErrorInfo", absl::Cord("\xff\xff"));
  EXPECT_EQ(ReasonOf(damaged), "");
}

TEST(Refusal, OfAFieldNamesIt) {
  const absl::Status refused = BadField("respondent.nip", "17 digits");
  EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(refused.message(), "respondent.nip: 17 digits");
  EXPECT_EQ(ReasonOf(refused), "INVALID_FIELD");
  EXPECT_EQ(test::FieldIn(refused), "respondent.nip");
  EXPECT_THAT(test::MetadataIn(refused), UnorderedElementsAre(Pair("field", "respondent.nip")));
}

TEST(Refusal, OfAFieldInsideAMessageNamesTheWholePath) {
  const absl::Status refused = InField("commands[3]", BadField("nip", "17 digits"));
  EXPECT_EQ(test::FieldIn(refused), "commands[3].nip");
  EXPECT_EQ(refused.message(), "commands[3].nip: 17 digits");
  EXPECT_EQ(InField("commands[3]", absl::OkStatus()), absl::OkStatus());
  const absl::Status other = CaseNotFound("c");
  EXPECT_EQ(InField("commands[3]", other), other) << "it concerns no field";
}

TEST(Refusal, OfAMoveNamesRuleStateAndAllowedMoves) {
  const absl::Status refused = MoveNotAllowed("ReferCase", "named", {"A", "B"}, "UU 7/2017");
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("allowed now: A, B"));
  EXPECT_THAT(test::MetadataIn(refused),
              UnorderedElementsAre(Pair("command", "ReferCase"), Pair("state", "named"),
                                   Pair("allowed", "A, B")));
  EXPECT_EQ(test::PreconditionIn(refused), "MOVE_NOT_ALLOWED ReferCase: UU 7/2017");
  EXPECT_EQ(test::MetadataIn(MoveNotAllowed("X", "dismissed", {}, ""))["allowed"], "nothing");
}

TEST(Refusal, OfARuleNamesIt) {
  const absl::Status refused = RuleForbids("Ps 15(3)", "not without a name");
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(test::ReasonIn(refused), "RULE");
  EXPECT_EQ(test::PreconditionIn(refused), "RULE Ps 15(3): not without a name");
}

TEST(Refusal, HasTheCodeOfItsSituation) {
  using enum absl::StatusCode;
  struct Situation {
    absl::Status refused;
    absl::StatusCode code;
    const char* reason;
  };
  for (const Situation& at : {
           Situation{NotHereYet("the letter"), kFailedPrecondition, "NOT_HERE_YET"},
           Situation{KeyNotHere("a key is missing"), kFailedPrecondition, "KEY_NOT_HERE"},
           Situation{CaseIsErased(), kFailedPrecondition, "ERASED"},
           Situation{RequestErased("r", "bkn@7"), kAlreadyExists, "REQUEST_ERASED"},
           Situation{CaseNotFound("c"), kNotFound, "CASE_NOT_FOUND"},
           Situation{ReportNotFound("r"), kNotFound, "REPORT_NOT_FOUND"},
           Situation{ReportDiffers("r"), kFailedPrecondition, "REPORT_DIFFERS"},
           Situation{NotYourCase("bkn", "why"), kPermissionDenied, "NOT_YOUR_CASE"},
           Situation{StaleRevision("c", 1, 2), kAborted, "STALE_REVISION"},
           Situation{RequestIdReused("r"), kAlreadyExists, "REQUEST_ID_REUSED"},
           Situation{RequestRecovered("r", "bkn@7", "", "c"), kAlreadyExists, "REQUEST_RECOVERED"},
       }) {
    EXPECT_EQ(at.refused.code(), at.code) << at.reason;
    EXPECT_EQ(test::ReasonIn(at.refused), at.reason);
    EXPECT_THAT(test::FieldIn(at.refused), IsEmpty());
  }
}

}  // namespace
}  // namespace selaras::domain
