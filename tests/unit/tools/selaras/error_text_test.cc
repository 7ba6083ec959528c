#include "tools/selaras/error_text.h"

#include <sstream>

#include "absl/strings/cord.h"
#include <gtest/gtest.h>

#include "google/rpc/status.pb.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/output.h"

namespace selaras::cli {
namespace {

// By view: clang and Debian's Abseil do not agree on the name of the constructor from a string.
absl::Cord AsCord(absl::string_view bytes) { return absl::Cord(bytes); }

absl::Status WithDetails(absl::Status status,
                         const std::vector<const google::protobuf::Message*>& details) {
  google::rpc::Status wire;
  for (const google::protobuf::Message* detail : details) wire.add_details()->PackFrom(*detail);
  status.SetPayload(kDetailsUrl, AsCord(wire.SerializeAsString()));
  return status;
}

TEST(ErrorText, ShowsReasonFieldRuleAndAllowedMoves) {
  google::rpc::ErrorInfo info;
  info.set_reason("MOVE_NOT_ALLOWED");
  (*info.mutable_metadata())["allowed"] = "VerifyCase, ReturnCase";
  (*info.mutable_metadata())["field"] = "command.nip";  // as in the BadRequest; told once
  google::rpc::PreconditionFailure failure;
  auto* rule = failure.add_violations();
  rule->set_type("RULE");
  rule->set_subject("case");
  rule->set_description("Perbawaslu 8/2020");
  google::rpc::BadRequest bad;
  auto* field = bad.add_field_violations();
  field->set_field("command.nip");
  field->set_description("17 digits");
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(2);
  const absl::Status status = WithDetails(absl::FailedPreconditionError("it is not received yet"),
                                          {&info, &failure, &bad, &retry});
  EXPECT_EQ(ErrorText(status),
            "it is not received yet\n"
            "  reason   MOVE_NOT_ALLOWED\n"
            "  field    command.nip: 17 digits\n"
            "  rule     RULE case: Perbawaslu 8/2020\n"
            "  allowed  VerifyCase, ReturnCase\n"
            "  retry    after 2s");
  EXPECT_EQ(RefusalText(status), "it is not received yet (command.nip: 17 digits)");
}

TEST(ErrorText, SaysOnceWhatIsWrongWithAField) {
  google::rpc::BadRequest bad;
  auto* field = bad.add_field_violations();
  field->set_field("command.nip");
  field->set_description("17 digits");
  EXPECT_EQ(ErrorText(WithDetails(absl::InvalidArgumentError("command.nip: 17 digits"), {&bad})),
            "command.nip: 17 digits\n"
            "  field    command.nip");
}

TEST(ErrorText, DetailsThatAreDamagedOrUnknownAreLeftOut) {
  absl::Status status = absl::InternalError("broken");
  status.SetPayload(kDetailsUrl, absl::Cord("\xff\xff\xff"));
  EXPECT_EQ(ErrorText(status), "broken");
  google::protobuf::Any unknown;
  EXPECT_EQ(ErrorText(WithDetails(absl::InternalError("broken"), {&unknown})), "broken");
}

TEST(ErrorText, SaysWhatToDoWhenTheNodeDoesNotAnswer) {
  EXPECT_NE(ErrorText(absl::UnavailableError("connection refused")).find("selaras status"),
            std::string::npos);
}

TEST(ErrorText, ARefusalStaysOnOneLine) {
  EXPECT_EQ(RefusalText(absl::InvalidArgumentError("a\nb")), "a b");
}

TEST(ExitCode, FollowsFromTheError) {
  EXPECT_EQ(ExitCodeOf(absl::OkStatus()), ExitCode::kOk);
  EXPECT_EQ(ExitCodeOf(NoNode()), ExitCode::kUsage);
  EXPECT_EQ(ExitCodeOf(absl::InvalidArgumentError("")), ExitCode::kError);
  EXPECT_EQ(ExitCodeOf(absl::UnavailableError("")), ExitCode::kUnreachable);
  EXPECT_EQ(ExitCodeOf(absl::DeadlineExceededError("")), ExitCode::kUnreachable);
  EXPECT_EQ(ExitCodeOf(absl::DataLossError("")), ExitCode::kDifference);
}

TEST(Output, AnErrorNamesTheProgramAndGoesToStderrOnly) {
  std::ostringstream out, err;
  Output output("selaras", &out, &err, {});
  EXPECT_EQ(output.Fail(NoPort("localhost")), ExitCode::kUsage);
  EXPECT_EQ(out.str(), "");
  EXPECT_EQ(err.str(), "selaras: the address 'localhost' has no port\ngive it as HOST:PORT\n");
}

TEST(Output, APathThatIsNotThereIsNotCalledAnAddress) {
  std::ostringstream out, err;
  Output output("selaras", &out, &err, {});
  EXPECT_EQ(output.Fail(NoPort("srv/bkn.tiles")), ExitCode::kUsage);
  EXPECT_EQ(err.str(),
            "selaras: there is no file or folder 'srv/bkn.tiles', and it is no address\n"
            "name one that is there, or give HOST:PORT\n");
}

TEST(Output, ALiveLineIsTakenAwayBeforeAnythingElseIsPrinted) {
  std::ostringstream out, err;
  Output output("selaras", &out, &err, {.live = true});
  output.Live("working");
  output.Print("done\n");
  EXPECT_EQ(err.str(), "\r\033[Kworking\r\033[K");
  EXPECT_EQ(out.str(), "done\n");
}

TEST(Output, WithoutATerminalThereAreNoLiveLinesButNotesAlsoWithJson) {
  std::ostringstream out, err;
  Output output("selaras", &out, &err, {.json = true});
  output.Live("working");
  output.Note("by the way");
  EXPECT_EQ(err.str(), "by the way\n");
  EXPECT_EQ(out.str(), "");
}

}  // namespace
}  // namespace selaras::cli
